"""A lock that processes share: a file, held as long as it is open. The system frees it when a process dies."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["locked"]


@contextmanager
def locked(file: Path) -> Generator[None]:
    """Hold a lock alone, of all processes of this machine; waits for whoever holds it."""
    with file.open("a+b") as held:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            held.seek(0)
            msvcrt.locking(held.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(held, fcntl.LOCK_EX)
        yield
