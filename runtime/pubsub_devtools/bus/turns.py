"""Turns by key: of the events that are published with one key, one is handled at a time, in the order of publishing.

This is for handlers without a queue, which run where their event is published; behind a queue the queue keeps the order.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

from pubsub_devtools.bus.keyed import Order, Work

_held: ContextVar[frozenset[tuple[int, str]]] = ContextVar("pubsub_devtools_keys", default=frozenset())
"""The turns that the running code is in. Who is in a turn never waits for another: two could wait for each other."""

Begin = Callable[["Work[Turn]"], None]
Turn = Begin
"""What waits for its turn is what is called when the turn has come; whoever took it gives it back to ``leave``."""


class Turns:
    """The turns of one bus.

    Example:
        >>> turns = Turns()
        >>> mine = turns.enter("o-1", print)
        >>> turns.enter("o-1", lambda turn: print("now I")) is None  # taken: it is called later
        True
        >>> turns.leave(mine)
        now I
    """

    def __init__(self) -> None:
        self._order: Order[Turn] = Order(sys.maxsize)
        self._lock = threading.Lock()

    def enter(self, key: str, begin: Begin) -> Work[Turn] | None:
        """Take the turn of a key if it is free; else return None and have ``begin`` called, on any thread, when it comes."""
        with self._lock:
            self._order.add(begin, key, 0.0)
            taken = self._order.take(0.0)
        return taken[0] if taken else None

    def leave(self, turn: Work[Turn]) -> None:
        """Give a turn back; the next one of its key begins."""
        with self._lock:
            self._order.finished(turn, 0.0)
            following = self._order.take(0.0)
        for work in following:
            work.items[0](work)

    def withdraw(self, begin: Begin) -> bool:
        """Wait no longer; False if the turn has come already."""
        with self._lock:
            return bool(self._order.remove(lambda waiting: waiting is begin))

    @property
    def may_wait(self) -> bool:
        """Whether the running code is in no turn, so that it may wait for one."""
        return not _held.get()

    @contextmanager
    def held(self, key: str) -> Generator[None, None, None]:
        """Mark what runs inside as being in the turn."""
        token = _held.set(_held.get() | {(id(self), key)})
        try:
            yield
        finally:
            _held.reset(token)
