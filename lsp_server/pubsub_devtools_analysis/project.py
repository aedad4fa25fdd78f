"""The project on disk: which files it has, where its modules start, and what stands in a file.

Beside the cache this is the only place of the analysis that touches the disk. Whatever lies there (links in circles,
pipes, unreadable folders, names that are no text) becomes a `Problem`, never an exception; only a root that cannot be
looked at as a whole is a `ProjectError`.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pubsub_devtools.model import Problem
from pubsub_devtools_analysis.git_files import git_files
from pubsub_devtools_analysis.ignore import Globs
from pubsub_devtools_analysis.layout import SourceRoots
from pubsub_devtools_analysis.listing import MARKERS, Listing, is_text, problem
from pubsub_devtools_analysis.walk import walk

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pubsub_devtools_analysis.config import Settings

__all__ = [
    "MAX_BYTES",
    "FileStat",
    "Project",
    "ProjectError",
    "discover",
    "read",
    "source_roots",
    "too_large",
]

MAX_BYTES = 20_000_000


class ProjectError(Exception):
    """The root as a whole cannot be read: it is missing, no Python file and no folder, or closed to us."""


class FileStat(NamedTuple):
    """What tells a changed file from an unchanged one without reading it."""

    mtime_ns: int
    size: int
    inode: int


class Project(msgspec.Struct, frozen=True):
    """The Python files below ``root`` and what was learnt on the way.

    ``files`` maps POSIX paths relative to ``root``, sorted. ``projects`` are the folders that hold a pyproject.toml,
    setup.py or setup.cfg (``""`` is the root). ``package`` is the dotted name of the root where it is itself a folder
    inside a package, else empty.
    """

    root: Path
    files: dict[str, FileStat]
    projects: frozenset[str] = frozenset()
    package: str = ""
    problems: tuple[Problem, ...] = ()


def discover(root: Path, settings: Settings, exclude: Sequence[str] = ()) -> Project:
    """Find the project's files; ``exclude`` holds globs that leave out more than the settings do.

    Git's ignore rules decide, asked from git where it answers and applied by our own walk elsewhere. ``include``
    narrows what they leave, it does not bring back what they ignore. A ``root`` that is a file is a project of one.
    """
    root = _resolved(root)
    if root.is_file():
        listing, root = Listing([root.name], []), root.parent
    else:
        _check_readable(root)
        listing = git_files(root) or walk(root)
    chosen = _chosen(listing.paths, settings, exclude)
    files: dict[str, FileStat] = {}
    problems = list(listing.problems)
    top = str(root)
    for path in sorted(chosen):
        looked = _look(top, path)
        if isinstance(looked, FileStat):
            files[path] = looked
        elif looked is not None:
            problems.append(looked)
    projects = frozenset(_folder(path) for path in listing.paths if path.rpartition("/")[2] in MARKERS)
    return Project(root, files, projects, _package(root, projects), tuple(problems))


def source_roots(project: Project, settings: Settings) -> SourceRoots:
    """Where the names of the project's modules may start, for `Modules`."""
    configured = tuple(each.strip("/").removeprefix("./") for each in settings.roots)
    return SourceRoots(
        tuple("" if each == "." else each for each in configured), project.projects, project.package
    )


def read(root: Path, path: str, limit: int = MAX_BYTES) -> bytes | Problem:
    """The bytes of a file, or why it was not read. Never waits: a pipe or device is not opened for reading."""
    try:
        with os.fdopen(os.open(root / path, os.O_RDONLY | _NO_WAIT), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                return problem(path, "not-a-file", "It is no regular file, so it was not read.")
            content = file.read(min(about.st_size, limit) + 1)
            if len(content) > about.st_size:
                content += file.read(
                    limit + 1 - len(content)
                )  # it grew, or is one of those that tell no size
    except (OSError, ValueError) as error:
        return problem(path, "unreadable-file", f"The file was not read: {_reason(error)}.")
    return too_large(path, limit) if len(content) > limit else content


def too_large(path: str, limit: int = MAX_BYTES) -> Problem:
    """What is said of a file with more bytes than the limit."""
    return problem(path, "file-too-large", f"The file has more than {limit:,} bytes, so it was not read.")


_NO_WAIT: int = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _resolved(root: Path) -> Path:
    try:
        resolved = root.resolve(strict=True)
        mode = resolved.stat().st_mode
    except FileNotFoundError:
        raise ProjectError(f"{root}: there is no such folder or file") from None
    except (OSError, RuntimeError, ValueError) as error:
        raise ProjectError(f"{root}: cannot be read: {_reason(error)}") from None
    if not stat.S_ISDIR(mode) and not (stat.S_ISREG(mode) and resolved.suffix == ".py"):
        raise ProjectError(f"{root}: is neither a folder nor a Python file")
    return resolved


def _check_readable(root: Path) -> None:
    try:
        with os.scandir(root):
            return
    except OSError as error:
        raise ProjectError(f"{root}: cannot be read: {_reason(error)}") from None


def _chosen(paths: Collection[str], settings: Settings, exclude: Sequence[str]) -> Collection[str]:
    include, left_out = Globs(settings.include), Globs([*settings.exclude, *exclude])
    if include:
        paths = [path for path in paths if include.cover(path)]
    if left_out:
        paths = [path for path in paths if not left_out.cover(path)]
    return paths


def _look(top: str, path: str) -> FileStat | Problem | None:
    """The file's stat; None for what is no Python file, or was deleted since it was listed."""
    is_python = path.endswith(".py")
    if not path.isascii() and not is_text(path):
        return problem(path, "unreadable-name", "The name is no valid UTF-8, so the file was left out.")
    full = f"{top}/{path}"
    try:
        about = os.lstat(full)
        if stat.S_ISLNK(about.st_mode):
            wrong = _wrong_link(top, path, is_python)
            if wrong is not None:
                return wrong
            about = Path(full).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return problem(path, "unreadable-file", f"The file was left out: {_reason(error)}.")
    if not is_python or stat.S_ISDIR(about.st_mode):
        return None
    if not stat.S_ISREG(about.st_mode):
        return problem(path, "not-a-file", "It is no regular file, so it was left out.")
    return FileStat(about.st_mtime_ns, about.st_size, about.st_ino)


def _wrong_link(top: str, path: str, is_python: bool) -> Problem | None:
    """What is wrong with a link, if it is of any concern: it is a Python file's or leads to a folder."""
    full = Path(top, path)
    try:
        target = full.resolve(strict=True)
    except FileNotFoundError:
        return problem(path, "broken-link", "The link leads nowhere.") if is_python else None
    except (OSError, RuntimeError):
        return problem(path, "link-in-circle", "The link leads back to itself.")
    if target in full.parents:
        return problem(path, "link-in-circle", "The link leads to a folder around it; it was not followed.")
    if not target.is_relative_to(top) and (is_python or target.is_dir()):
        return problem(path, "link-leaves-root", "The link leads out of the project; it was not followed.")
    return None


def _package(root: Path, projects: Collection[str]) -> str:
    """The root's dotted name, found by the `__init__.py` files from it upwards; a project's own folder has none."""
    names: list[str] = []
    folder = root
    while "" not in projects and folder.name.isidentifier() and (folder / "__init__.py").is_file():
        names.append(folder.name)
        folder = folder.parent
    return ".".join(reversed(names))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
