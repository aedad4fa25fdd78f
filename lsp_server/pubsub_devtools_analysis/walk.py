"""Which files a folder has, found without git: a walk that honours the ignore files by itself.

Links to folders are never followed, as git does not: what they show lies at its own place, or outside.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from pubsub_devtools_analysis.ignore import Patterns
from pubsub_devtools_analysis.listing import Listing, holds_no_source, is_wanted, problem

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["reaches", "walk"]


class _Scope(NamedTuple):
    """The patterns of an ignore file and the folder that they speak of, with a slash at the end (or empty)."""

    prefix: str
    patterns: Patterns


def walk(root: Path) -> Listing:
    """All files of ``root`` that git would show, but for what git's own configuration adds."""
    found = Listing([], [])
    lead, scopes = _above(root)
    pending = [("", scopes)]
    while pending:
        folder, scopes = pending.pop()
        entries = _entries(root, folder, found)
        names = {entry.name for entry in entries}
        if folder and holds_no_source(folder[:-1].rpartition("/")[2], names):
            continue
        if ".gitignore" in names:
            scopes = _with_file(root / folder / ".gitignore", lead + folder, scopes)
        for entry in entries:
            path = folder + entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if not is_folder and not is_wanted(entry.name) and not entry.is_symlink():
                continue
            if not _ignored(lead + path, is_folder, scopes):
                if is_folder:
                    pending.append((path + "/", scopes))
                else:
                    found.paths.append(path)
    return found


def reaches(root: Path, path: str) -> bool:
    """Whether `walk` would come to a file at this path, which need not exist."""
    lead, scopes = _above(root)
    folder = ""
    *folders, name = path.split("/")
    for each in folders:
        scopes = _with_file(root / folder / ".gitignore", lead + folder, scopes)
        folder += each
        entries = [mark for mark in _MARKS if (root / folder / mark).exists()]
        if _ignored(lead + folder, True, scopes) or holds_no_source(each, entries):
            return False
        folder += "/"
    scopes = _with_file(root / folder / ".gitignore", lead + folder, scopes)
    return not _ignored(lead + folder + name, False, scopes)


_MARKS = ("__init__.py", "pyvenv.cfg")


def _entries(root: Path, folder: str, found: Listing) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(root / folder) as entries:
            return list(entries)
    except OSError as error:
        reason = error.strerror or str(error)
        found.problems.append(
            problem(folder[:-1], "unreadable-folder", f"The folder was left out: {reason}.")
        )
        return []


def _ignored(path: str, is_folder: bool, scopes: tuple[_Scope, ...]) -> bool:
    """The nearest ignore file that speaks of the path decides."""
    for prefix, patterns in scopes:
        verdict = patterns.leaves_out(path[len(prefix) :], is_folder)
        if verdict is not None:
            return verdict
    return False


def _with_file(path: Path, prefix: str, scopes: tuple[_Scope, ...]) -> tuple[_Scope, ...]:
    """The scopes with an ignore file put in front; one that is a link or cannot be read says nothing, as for git."""
    try:
        text = "" if path.is_symlink() else path.read_bytes().decode("utf-8-sig", "surrogateescape")
    except OSError:
        return scopes
    return (_Scope(prefix, Patterns(text.split("\n"))), *scopes)


def _above(root: Path) -> tuple[str, tuple[_Scope, ...]]:
    """The root's place in its repository and the ignore files above it.

    Both are empty where there is no repository, or where the repository ignores the root: it was asked for.
    """
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)
    if top is None:
        return "", ()
    scopes = _with_file(top / ".git" / "info" / "exclude", "", ())
    prefix = ""
    for part in root.relative_to(top).parts:
        scopes = _with_file(top / prefix / ".gitignore", prefix, scopes)
        if _ignored(prefix + part, True, scopes):
            return "", ()
        prefix += part + "/"
    return prefix, scopes
