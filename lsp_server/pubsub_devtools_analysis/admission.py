"""Whether a file that comes while a root is open belongs to the project, and which files say so of others.

`project.discover` answers for all files together; for one that comes later the same rules are asked of it alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.git_files import git_lists
from pubsub_devtools_analysis.ignore import Globs
from pubsub_devtools_analysis.listing import MARKERS, SELDOM, is_text
from pubsub_devtools_analysis.walk import reaches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pubsub_devtools_analysis.config import Settings

__all__ = ["admits", "decides_on_others"]

_NAMES = MARKERS | {".gitignore", "pyvenv.cfg"}


def decides_on_others(path: str) -> bool:
    """Whether what stands at a path can decide which other files belong to the project, or what they are called."""
    folder, _, name = path.rpartition("/")
    if name == "__init__.py":
        above = folder.rpartition("/")[2]
        return above in SELDOM or above in ("", "..")
    return name in _NAMES or path.endswith(".git/info/exclude")


def admits(root: Path, path: str, settings: Settings, exclude: Sequence[str]) -> bool:
    """Whether a Python file at this path belongs to the project, whether or not it lies there already."""
    if not path.endswith(".py") or not _is_inside(path):
        return False
    include, left_out = Globs(settings.include), Globs([*settings.exclude, *exclude])
    if (include and not include.cover(path)) or left_out.cover(path):
        return False
    if any((root / folder).is_symlink() for folder in Path(path).parents):
        return False
    listed = git_lists(root, path) if (root / path).exists() else None
    return reaches(root, path) if listed is None else listed


def _is_inside(path: str) -> bool:
    """Whether the path is one that `discover` could give: relative, in its shortest form, and text."""
    return is_text(path) and {"", ".", ".."}.isdisjoint(path.split("/"))
