"""Which files a folder has, as git tells: what is tracked, and what is not but is not ignored either.

Git is asked and never trusted with more: no hook, no file monitor and no lock, since the repository may be anyone's.
Where it cannot or will not answer (not installed, no repository, another user's folder), the caller walks by itself.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pubsub_devtools_analysis.listing import Listing, holds_no_source, is_wanted, problem
from pubsub_devtools_analysis.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pubsub_devtools.model import Problem

__all__ = ["LOCATION", "git_files", "git_lists"]

_TIMEOUT = 60
_COMMAND = (
    *("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "--no-optional-locks"),
    *("ls-files", "-z", "-t", "--stage", "--cached", "--others", "--exclude-standard"),
)
LOCATION = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
)
"""What a hook's environment says of another repository, or of another index than the folder's."""
_UNREADABLE = re.compile(r"could not open directory '(?P<folder>.*?)/?': (?P<reason>.*)")
_LINK, _SUBMODULE = "120000", "160000"


class _Entries(NamedTuple):
    """Git's answer, taken apart."""

    tracked: set[str]
    others: list[str]
    repositories: list[str]
    problems: list[str]


def git_files(root: Path) -> Listing | None:
    """The files of ``root`` by git's rules, with those of repositories inside it; None where git does not answer.

    A folder that shows nothing may itself be ignored by a repository around it: that is no answer either.
    """
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return None
    answer = _ask(root)
    if answer is None:
        return None
    tracked, others, repositories, warnings = answer
    found = Listing([*tracked, *_source_among(others, root, tracked)], _unreadable_folders(warnings))
    for path in repositories:
        if not (root / path / ".git").exists():
            continue  # a submodule that was not checked out
        inner = git_files(root / path) or walk(root / path)
        listing = inner.under(path + "/")
        found.paths.extend(listing.paths)
        found.problems.extend(listing.problems)
    return found if found.paths or found.problems else None


def git_lists(root: Path, path: str) -> bool | None:
    """Whether `git_files` would list one existing file; None where git does not answer for the root.

    A repository between the root and the file is asked about what lies in it, and the one around it about its folder.
    """
    folders = [above.as_posix() for above in Path(path).parents][:-1]
    inner = next((folder for folder in folders if (root / folder / ".git").exists()), None)
    if inner is not None:
        below = path[len(inner) + 1 :]
        is_there = git_lists(root, inner)
        return is_there and (git_lists(root / inner, below) is True)
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return None
    marks = [f"{folder}/{name}" for folder in folders for name in ("__init__.py", "pyvenv.cfg")]
    answer = _ask(root, [path, *marks])
    if answer is None or _is_ignored(root):
        return None
    sources = {*answer.tracked, *_source_among(answer.others, root, answer.tracked)}
    return path in sources or path in answer.repositories


def _is_ignored(folder: Path) -> bool:
    """Whether the repository around a folder ignores it."""
    done = _run(("git", "check-ignore", "--quiet", folder.name), folder.parent)
    return done is not None and done.returncode == 0


def _ask(root: Path, paths: Sequence[str] = ()) -> _Entries | None:
    """What git says of all files, or of some paths alone."""
    done = _run((*_COMMAND, "--", *(f":(literal){path}" for path in paths)), root)
    if done is None or done.returncode:
        return None
    warnings = done.stderr.decode("utf-8", "replace").splitlines()
    return _taken_apart(os.fsdecode(done.stdout).split("\0"), warnings)


def _run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[bytes] | None:
    environment = {key: value for key, value in os.environ.items() if key not in LOCATION}
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env=environment | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def _taken_apart(lines: list[str], warnings: list[str]) -> _Entries:
    """Lines are ``H 100644 <id> 0<tab>path`` for tracked files and ``? path`` for others, repositories with a slash."""
    found = _Entries(set(), [], [], warnings)
    for line in lines:
        if line.startswith("? "):
            path = line[2:]
            if path.endswith("/"):
                found.repositories.append(path[:-1])
            else:
                found.others.append(path)
            continue
        about, _, path = line.partition("\t")
        mode = about[2:8]
        if mode == _SUBMODULE:
            found.repositories.append(path)
        elif mode == _LINK or is_wanted(path):
            found.tracked.add(path)
    return found


def _source_among(others: list[str], root: Path, tracked: set[str]) -> Iterable[str]:
    """The untracked files that may be source: an environment that nobody cared to ignore is not."""
    present = {*tracked, *others}
    known = {"": False}

    def is_left_out(folder: str) -> bool:
        answer = known.get(folder)
        if answer is None:
            above, _, name = folder.rpartition("/")
            entries = [each for each in ("__init__.py", "pyvenv.cfg") if f"{folder}/{each}" in present]
            answer = known[folder] = is_left_out(above) or holds_no_source(name, entries)
        return answer

    for path in others:
        folder, _, name = path.rpartition("/")
        if (is_wanted(name) or _may_be_link(root, path, name)) and not is_left_out(folder):
            yield path


def _may_be_link(root: Path, path: str, name: str) -> bool:
    """Git does not say what an untracked entry is; links to folders seldom have a suffix."""
    return "." not in name and (root / path).is_symlink()


def _unreadable_folders(warnings: Iterable[str]) -> list[Problem]:
    return [
        problem(match["folder"], "unreadable-folder", f"The folder was left out: {match['reason']}.")
        for line in warnings
        if (match := _UNREADABLE.search(line))
    ]
