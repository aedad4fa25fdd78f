"""Fork-safety: SQLite forbids that a child uses, or even closes, what its parent opened.

Before a fork we wait until no thread is inside SQLite, so that the child inherits no lock of it. The child then lets go
of everything without closing it, and opens anew on first use.
"""

from __future__ import annotations

import ctypes
import os
import weakref
from contextlib import ExitStack
from typing import Protocol


class Forkable(Protocol):
    """What is watched."""

    def hold_still(self, until: ExitStack) -> None:
        """Keep all threads out of SQLite until the stack is closed."""
        ...

    def start_anew(self) -> None:
        """Be as if just made: what was opened is the parent's."""
        ...


_watched: weakref.WeakSet[Forkable] = weakref.WeakSet()
_held: list[ExitStack] = []


def watch(database: Forkable) -> None:
    """See to it that forks do the database no harm."""
    _watched.add(database)


def abandon(inherited: object) -> None:
    """Keep an object for ever, so that nothing closes it: closing it would disturb the parent."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(inherited))


def _before() -> None:
    until = ExitStack()
    for database in list(_watched):
        database.hold_still(until)
    _held.append(until)


def _in_parent() -> None:
    _held.pop().close()


def _in_child() -> None:
    _held.pop().close()
    for database in list(_watched):
        database.start_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
