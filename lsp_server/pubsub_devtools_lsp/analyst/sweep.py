"""Looks at the disk now and then, so that a branch switch or an edit from outside is seen where no client watches files.

A sweep asks the system about every known file and folder, a few at a time, and rests for many times as long as it took.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from time import monotonic

Stat = tuple[int, int, int]

REST = 3.0
SOON = 0.5
_SHARE = 40
"""A sweep rests for so many times as long as it took."""

_SLICE = 0.02
_MOST_NEW = 300
_NEVER = frozenset({"__pycache__", "node_modules", "site-packages"})


class Sweep:
    """The files of one root as they were when they were last looked at.

    Args:
        root: the folder.
        files: its Python files, with their time of change, size and inode.
        others: other files that bear on the graph.
        clock: seconds that only ever grow.
    """

    def __init__(
        self,
        root: Path,
        files: Mapping[str, Stat],
        others: Collection[str],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._root = root
        self._clock = clock
        self._stats: dict[str, Stat | None] = {path: stat[:3] for path, stat in files.items()}
        self._stats |= {path: _stat(root / path) for path in others}
        self._folders: dict[str, int] = {}
        for folder in {path.rpartition("/")[0] for path in files} | {""}:
            parts = folder.split("/")
            self._folders |= dict.fromkeys(("/".join(parts[:depth]) for depth in range(len(parts) + 1)), -1)
        self._going: Iterator[list[str]] | None = None
        self._took = 0.0
        self._due = clock() + SOON

    def soon(self) -> None:
        """Something was done that other changes often go with: do not wait for the next turn."""
        self._due = min(self._due, self._clock() + SOON)

    def rest(self) -> float:
        """The seconds until there is something to do."""
        return 0.0 if self._going is not None else max(0.0, self._due - self._clock())

    def step(self) -> list[str]:
        """Look at some more, if it is time. Gives the paths where the disk is another now."""
        if self.rest() > 0:
            return []
        start = self._clock()
        self._going = self._going or self._sweep()
        changed = next(self._going, None)
        self._took += self._clock() - start
        if changed is None:
            self._going = None
            self._due = self._clock() + max(REST, _SHARE * self._took)
            self._took = 0.0
        return changed or []

    def _sweep(self) -> Iterator[list[str]]:
        found: list[str] = []
        end = self._clock() + _SLICE
        for work, paths in ((self._file, list(self._stats)), (self._folder, list(self._folders))):
            for path in paths:
                found += work(path)
                if self._clock() > end:
                    yield found
                    found, end = [], self._clock() + _SLICE
        if found:
            yield found

    def _file(self, path: str) -> list[str]:
        now = _stat(self._root / path)
        if now == self._stats[path]:
            return []
        self._stats[path] = now
        return [path]

    def _folder(self, folder: str) -> list[str]:
        """The Python files that are new in a folder, and in folders that are new in it."""
        now = _changed_at(self._root / folder)
        if now == self._folders[folder]:
            return []
        self._folders[folder] = now
        return list(self._new_in(folder))

    def _new_in(self, folder: str) -> Iterator[str]:
        waiting, count = [folder], 0
        while waiting and count < _MOST_NEW:
            here = waiting.pop()
            for name, is_folder in _entries(self._root / here):
                path = f"{here}/{name}" if here else name
                if (
                    is_folder
                    and path not in self._folders
                    and not name.startswith(".")
                    and name not in _NEVER
                ):
                    self._folders[path] = _changed_at(self._root / path)
                    waiting.append(path)
                elif not is_folder and name.endswith(".py") and path not in self._stats:
                    self._stats[path] = _stat(self._root / path)
                    count += 1
                    yield path


def _stat(file: Path) -> Stat | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _changed_at(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return -1


def _entries(folder: Path) -> list[tuple[str, bool]]:
    try:
        with os.scandir(folder) as found:
            return [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in found]
    except OSError:
        return []
