"""Memory that is freed goes back to the system at once, also in a process that runs for days.

By itself glibc serves ever larger blocks from its heap once some were freed, and each thread from a heap of its own. What
is kept then lies scattered over what is not: an editor's session grew by a third over 20,000 edits, though it held no more.
"""

from __future__ import annotations

import ctypes
import sys

__all__ = ["free_at_once", "give_back"]

_ARENAS, _TRIM_THRESHOLD, _MMAP_THRESHOLD = -8, -1, -3
"""What glibc calls the options of its `mallopt`."""

_APART = 1 << 16
"""Bytes from which on a block is got from the system, and given back to it, by itself."""

_KEPT = 1 << 17
"""Free bytes that the heap may keep at its end."""


def free_at_once() -> None:
    """Have this process use one heap and give back what it frees; where the allocator is another one, nothing changes."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        for option, value in ((_ARENAS, 1), (_MMAP_THRESHOLD, _APART), (_TRIM_THRESHOLD, _KEPT)):
            mallopt(option, value)


def give_back() -> None:
    """Have what is free in between go back too: for after much was freed at once, since it takes milliseconds."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
