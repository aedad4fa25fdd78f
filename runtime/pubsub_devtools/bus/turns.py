"""Turns by key: of the events that are published with one key, one is handled at a time, in the order of publishing.

This is for handlers without a queue, which run where their event is published; behind a queue the queue keeps the order.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

from pubsub_devtools.bus.keyed import Order, Work
from pubsub_devtools.bus.loops import settle_soon

_held: ContextVar[frozenset[tuple[int, str]]] = ContextVar("pubsub_devtools_keys", default=frozenset())
"""The turns that the running code is in. Who is in a turn never waits for another: two could wait for each other."""

Begin = Callable[["Work[Turn]"], None]
Turn = Begin
"""What waits for its turn is what is called when the turn has come; whoever took it gives it back to ``leave``."""


class Turns:
    """The turns of one bus.

    Example:
        >>> turns = Turns()
        >>> mine = turns.try_enter("o-1")
        >>> turns.enter("o-1", lambda turn: print("now I"))  # taken: it is called later
        >>> turns.leave(mine)
        now I
    """

    def __init__(self) -> None:
        self._order: Order[Turn] = Order(sys.maxsize)
        self._lock = threading.Lock()

    def try_enter(self, key: str) -> Work[Turn] | None:
        """Take the turn of a key if it is free."""
        with self._lock:
            if not self._order.is_free(key):
                return None
            self._order.add(_begun, key, 0.0)
            return self._order.take(0.0)[0]

    def enter(self, key: str, begin: Begin) -> None:
        """Have ``begin`` called with the turn when it comes: now, or later from any thread."""
        with self._lock:
            self._order.add(begin, key, 0.0)
            taken = self._order.take(0.0)
        for turn in taken:
            begin(turn)

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
    def marked(self, turn: Work[Turn]) -> Generator[None, None, None]:
        """Inside, the running code is in the turn."""
        token = _held.set(_held.get() | {(id(self), str(turn.key))})
        try:
            yield
        finally:
            _held.reset(token)

    @contextmanager
    def inside(self, turn: Work[Turn]) -> Generator[None, None, None]:
        """Inside, the running code is in the turn; at the end it gives it back."""
        try:
            with self.marked(turn):
                yield
        finally:
            self.leave(turn)

    def wait(self, key: str) -> Work[Turn]:
        """Block until the turn comes."""
        come = threading.Event()
        waiting = _Waiting(self, come.set)
        self.enter(key, waiting.begin)
        try:
            come.wait()
        except BaseException:
            waiting.abandon()
            raise
        return waiting.taken()

    async def wait_async(self, key: str) -> Work[Turn]:
        """Wait until the turn comes. Cancelled, it is given back, or not taken."""
        loop = asyncio.get_running_loop()
        come: asyncio.Future[None] = loop.create_future()
        waiting = _Waiting(self, lambda: settle_soon(loop, come))
        self.enter(key, waiting.begin)
        try:
            await come
        except BaseException:
            waiting.abandon()
            raise
        return waiting.taken()


class _Waiting:
    """Somebody who waits for a turn, and may be gone when it comes."""

    def __init__(self, turns: Turns, wake: Callable[[], None]) -> None:
        self._turns = turns
        self._wake = wake
        self._lock = threading.Lock()
        self._turn: Work[Turn] | None = None
        self._gone = False
        self.begin: Begin = self._begin  # one object, by which it is found again

    def taken(self) -> Work[Turn]:
        if self._turn is None:
            raise AssertionError("woken before the turn has come")
        return self._turn

    def abandon(self) -> None:
        if self._turns.withdraw(self.begin):
            return
        with self._lock:  # it has come, or is about to
            self._gone = True
            turn = self._turn
        if turn is not None:
            self._turns.leave(turn)

    def _begin(self, turn: Work[Turn]) -> None:
        with self._lock:
            gone = self._gone
            self._turn = turn
        if gone:
            self._turns.leave(turn)
        else:
            self._wake()


def _begun(_: Work[Turn]) -> None:
    raise AssertionError("who takes a free turn is not called")
