"""What a look at a folder yields, whoever looked: git or our own walk; and which folders never hold a project's source."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pubsub_devtools.model import Problem

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["MARKERS", "SELDOM", "Listing", "holds_no_source", "is_text", "is_wanted", "problem"]

MARKERS = frozenset({"pyproject.toml", "setup.py", "setup.cfg"})
"""Files whose folder starts a project of its own."""

_MARKER_ENDINGS = (".toml", ".cfg")

_NEVER = frozenset(
    {
        ".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".nox",
        ".mypy_cache", ".pytest_cache", ".ruff_cache", ".eggs", "site-packages",
    }
)  # fmt: skip
SELDOM = frozenset({"build", "dist"})
"""Folders that hold source only where they are packages."""


class Listing(NamedTuple):
    """Paths (of Python files and ``MARKERS``) and problems, relative to the folder that was looked at."""

    paths: list[str]
    problems: list[Problem]

    def under(self, prefix: str) -> Listing:
        """The same, relative to a folder above; ``prefix`` ends with a slash."""
        return Listing(
            [prefix + path for path in self.paths],
            [msgspec.structs.replace(each, path=prefix + each.path) for each in self.problems],
        )


def is_wanted(path: str) -> bool:
    """Whether a file of this path or name belongs in a listing."""
    return path.endswith(".py") or (path.endswith(_MARKER_ENDINGS) and path.rpartition("/")[2] in MARKERS)


def is_text(path: str) -> bool:
    """Whether a path is valid UTF-8, as far as the system tells."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def holds_no_source(name: str, entries: Collection[str]) -> bool:
    """Whether a folder of this name and with these entries holds what was installed, built or cached.

    ``build`` and ``dist`` are left out unless they are packages: that is the one way in which both words name source.
    """
    if name in _NEVER or name.endswith(".egg-info") or "pyvenv.cfg" in entries:
        return True
    return name in SELDOM and "__init__.py" not in entries


def problem(path: str, code: str, message: str) -> Problem:
    """A problem with a whole file or folder; names that are no Unicode are shown with replacement characters."""
    return Problem(path.encode("utf-8", "replace").decode(), 0, code, message)
