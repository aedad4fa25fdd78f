"""Where dotted names start in a tree of folders, as far as the paths alone can tell.

Python answers that at run time from `sys.path`, which no file shows. What shows is where names must start: configured
roots, folders with a pyproject.toml or setup file, `src` folders, and the folder above a package. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set

__all__ = ["CONFIGURED", "Layout", "Root", "SourceRoots", "below", "is_aside", "lay_out", "parent"]

CONFIGURED, SRC, PROJECT, ABOVE_PACKAGE, ODD_NAME = range(5)

_NAMESPACES = frozenset(
    {
        "ansible_collections", "azure", "backports", "collective", "custom_components", "google", "jaraco", "odoo",
        "opentelemetry", "plone", "sphinxcontrib", "zope",
    }
)  # fmt: skip
"""Folders that are namespace packages by convention: the names of what lies below start with theirs."""

_ASIDE = frozenset(
    {
        "doc", "docs", "example", "examples", "fixtures", "samples", "test", "testdata", "testing", "tests",
        "third_party", "vendor", "vendored",
    }
)  # fmt: skip
"""Folders whose inner roots mean nothing to the code outside of them."""


class SourceRoots(NamedTuple):
    """What is said rather than inferred: the settings' roots, the folders of projects, the dotted name of the root."""

    configured: tuple[str, ...] = ()
    projects: frozenset[str] = frozenset()
    package: str = ""


class Root(NamedTuple):
    """A folder that names start from. Importers below ``scope`` see it; between equals the lower ``rank`` wins."""

    folder: str
    rank: int
    scope: str


class Layout(NamedTuple):
    """For every folder the root that its modules are named from, and all roots by the names that start there."""

    root_of: dict[str, str]
    roots: dict[str, Root]
    tops: dict[str, list[Root]]


def lay_out(folders: Mapping[str, Set[str]], given: SourceRoots) -> Layout:
    """Read the layout off ``folders``: each folder's entries, those that are folders with a slash at the end."""
    root_of: dict[str, str] = {}
    roots: dict[str, Root] = {}
    for folder in given.configured:
        _add(roots, folder, CONFIGURED)
    _add(roots, "", PROJECT)
    pending = [("", "", bool(given.package))]
    while pending:
        folder, root, in_package = pending.pop()
        root_of[folder] = root
        for entry in folders[folder]:
            if not entry.endswith("/"):
                continue
            child = below(folder, entry[:-1])
            is_package = "__init__.py" in folders[child]
            rank = _starts(child, given, folders[child], in_package)
            if rank is not None:
                _add(roots, child, rank)
                pending.append((child, child, False))
            elif is_package and not in_package:
                pending.append((child, _above_package(folder, roots[root], roots), True))
            else:
                pending.append((child, root, in_package))
    return Layout(root_of, roots, _tops(folders, roots))


def parent(path: str) -> str:
    """The folder that a file or folder lies in."""
    return path.rpartition("/")[0]


def below(folder: str, name: str) -> str:
    """The path of ``name`` in ``folder``."""
    return f"{folder}/{name}" if folder else name


def is_aside(folder: str) -> bool:
    """Whether the folder holds tests, examples or what others wrote."""
    return bool(_scope(folder))


def _starts(folder: str, given: SourceRoots, entries: Set[str], in_package: bool) -> int | None:
    """Whether names start in this folder, and by which rule. What lies in a package or is one seldom does.

    A Django project is started by the `manage.py` in its folder, whether that has an `__init__.py` too or not.
    """
    name = folder.rpartition("/")[2]
    if folder in given.configured:
        return CONFIGURED
    if "__init__.py" in entries:
        return PROJECT if "manage.py" in entries and not in_package else None
    if folder in given.projects:
        return PROJECT
    if name == "src" and not in_package:
        return SRC
    return None if name.isidentifier() else ODD_NAME


def _above_package(folder: str, root: Root, roots: dict[str, Root]) -> str:
    """The root of a top package in ``folder``: the folder itself, unless that is part of a namespace."""
    if root.rank <= SRC:
        return root.folder
    for above, name in _steps(root.folder, folder):
        if name in _NAMESPACES:
            folder = above
            break
    _add(roots, folder, ABOVE_PACKAGE)
    return folder


def _steps(start: str, end: str) -> Iterator[tuple[str, str]]:
    """The way down from one folder to another: each folder on it and the name that comes next."""
    if start == end:
        return
    for name in end[len(start) :].strip("/").split("/"):
        yield start, name
        start = below(start, name)


def _add(roots: dict[str, Root], folder: str, rank: int) -> None:
    if folder not in roots:
        roots[folder] = Root(folder, rank, _scope(folder))


def _scope(folder: str) -> str:
    return next((below(above, name) for above, name in _steps("", folder) if name in _ASIDE), "")


def _tops(folders: Mapping[str, Set[str]], roots: dict[str, Root]) -> dict[str, list[Root]]:
    tops: dict[str, list[Root]] = {}
    for root in roots.values():
        for name in {entry.removesuffix("/").removesuffix(".py") for entry in folders.get(root.folder, ())}:
            tops.setdefault(name, []).append(root)
    return tops


_TESTS = re.compile(r"(^|/)(tests?|testing|e2e|specs?)/|(^|/)(test_[^/]*|[^/]*_tests?|conftest)\.py$")


def is_test(path: str) -> bool:
    """Whether a file belongs to tests."""
    return _TESTS.search(path) is not None
