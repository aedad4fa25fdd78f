"""The memory of a process and all that it starts: proportional set size, so that shared pages count once."""

from __future__ import annotations

import threading
from pathlib import Path

EVERY = 0.05
PROC = Path("/proc")


def is_measurable() -> bool:
    """Whether this system tells the figure (Linux does)."""
    return (PROC / "self" / "smaps_rollup").is_file()


class Sampler(threading.Thread):
    """Looks at a process tree every 50 ms until it is stopped; what is held for less may be missed."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak_mb = 0.0
        self._pid = pid
        self._over = threading.Event()

    def run(self) -> None:
        """Sample until stopped."""
        while not self._over.wait(EVERY):
            self.peak_mb = max(self.peak_mb, held_mb(self._pid))

    def stop(self) -> float:
        """The peak in megabytes (of a million bytes)."""
        self._over.set()
        self.join()
        return self.peak_mb


def held_mb(pid: int) -> float:
    """What a process and all below it hold now, in megabytes (of a million bytes)."""
    return sum(map(_pss, _tree(pid))) / 1_000_000


def _tree(root: int) -> set[int]:
    """A process and all below it."""
    parents = {int(entry.name): _parent(entry) for entry in PROC.iterdir() if entry.name.isdigit()}
    found, todo = {root}, [root]
    while todo:
        above = todo.pop()
        new = [pid for pid, parent in parents.items() if parent == above and pid not in found]
        found.update(new)
        todo += new
    return found


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return 0


def _pss(pid: int) -> int:
    """The bytes of one process; none once it has ended."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
