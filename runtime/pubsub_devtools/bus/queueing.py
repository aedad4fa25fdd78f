"""A bounded queue before a handler, and what happens to an event that finds it full.

Like the order that it bounds it starts nothing: it answers what is to be started, who was let in, what was dropped. All
threads may ask it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from typing import Generic, Literal, NamedTuple, TypeVar, get_args

import msgspec

from pubsub_devtools.bus.keyed import Order, Work

Item = TypeVar("Item")

Overflow = Literal["block", "drop_oldest", "drop_newest", "raise"]
"""What a publisher meets at a full queue: it waits, the event that waited longest goes, its own goes, or `QueueFull`."""


class QueueFull(Exception):  # noqa: N818 - named like queue.Full, which users know
    """The queue before a handler has no room for an event, and the publisher cannot, or does not want to, wait.

    Attributes:
        event: Name of the event.
        handler: Dotted name of the handler.
        size: How many events wait before it.
    """

    def __init__(self, event: str, handler: str, size: int, way_out: str) -> None:
        super().__init__(f"{event} finds {size} events waiting before {handler}: {way_out}")
        self.event = event
        self.handler = handler
        self.size = size


class Change(msgspec.Struct, Generic[Item], frozen=True):
    """What follows from a question to the queue.

    ``starts`` are works to start, ``admitted`` items of waiting publishers that were let in, ``dropped`` what will not be
    handled. ``waits`` says that the offered item stands outside until it is admitted, ``refused`` that it found no room.
    """

    starts: list[Work[Item]]
    admitted: list[Item] = []
    dropped: list[Item] = []
    waits: bool = False
    refused: bool = False


class _Outside(NamedTuple, Generic[Item]):
    item: Item
    key: Hashable


class Queue(Generic[Item]):
    """What waits before one handler.

    Promises:
        - Never more than ``size`` items wait inside; running ones do not count.
        - Publishers that wait are let in in the order in which they came, and no later one passes them.
        - An item is either started once, or dropped, refused or withdrawn: never two of these, never none.

    Args:
        order: Decides who runs.
        size: How many items may wait, at least 1; None for any number.
        overflow: What happens to one more.
        monotonic: Returns seconds that only grow; batches are timed by it.

    Raises:
        ValueError: The size is below 1, or the overflow is an unknown word.
    """

    def __init__(
        self,
        order: Order[Item],
        *,
        size: int | None,
        overflow: Overflow,
        monotonic: Callable[[], float],
    ) -> None:
        if size is not None and size < 1:
            raise ValueError(f"a queue holds at least 1 event, not {size}; None is a queue without bound")
        if overflow not in get_args(Overflow):
            raise ValueError(f"overflow is one of {', '.join(get_args(Overflow))}, not {overflow!r}")
        self._order = order
        self._size = size
        self._overflow = overflow
        self._monotonic = monotonic
        self._outside: deque[_Outside[Item]] = deque()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many items wait, inside and outside."""
        return len(self._order) + len(self._outside)

    @property
    def running(self) -> int:
        """How many works run."""
        return self._order.running

    def offer(self, item: Item, key: Hashable, *, may_wait: bool) -> Change[Item]:
        """Add an item.

        Args:
            item: It is started, or dropped, in this or a later change.
            key: Items of one key are handled one after the other; None for no key.
            may_wait: Whether the publisher can wait at a full queue.
        """
        with self._lock:
            if not self._is_full():
                self._order.add(item, key, self._monotonic())
                return Change(self._order.take(self._monotonic()))
            if self._overflow == "drop_newest":
                return Change([], dropped=[item])
            if self._overflow == "drop_oldest":
                dropped = self._order.drop_oldest()
                self._order.add(item, key, self._monotonic())
                return Change(self._order.take(self._monotonic()), dropped=[dropped])
            if self._overflow == "raise" or not may_wait:
                return Change([], refused=True)
            self._outside.append(_Outside(item, key))
            return Change([], waits=True)

    def finished(self, work: Work[Item]) -> Change[Item]:
        """Say that a work has ended, and learn what follows it."""
        with self._lock:
            self._order.finished(work, self._monotonic())
            return self._advance()

    def wake(self) -> Change[Item]:
        """Look at the clock: batches whose window has passed start."""
        with self._lock:
            return self._advance()

    def flush(self) -> Change[Item]:
        """Start incomplete batches too."""
        with self._lock:
            self._order.flush(self._monotonic())
            return self._advance()

    def withdraw(self, item: Item) -> bool:
        """Take back an item that still stands outside; False if it was let in, or was never there."""
        with self._lock:
            for waiting in self._outside:
                if waiting.item is item:
                    self._outside.remove(waiting)
                    return True
            return False

    def give_up(self, wanted: Callable[[Item], bool]) -> list[Item]:
        """Take out all wanted items, those outside too; what runs goes on. Room is filled when one of these ends."""
        with self._lock:
            gone = self._order.remove(wanted)
            gone += [waiting.item for waiting in self._outside if wanted(waiting.item)]
            self._outside = deque(waiting for waiting in self._outside if not wanted(waiting.item))
            return gone

    def next_window(self) -> float | None:
        """Return when to call ``wake``, on the monotonic clock, or None."""
        with self._lock:
            return self._order.next_window()

    def _is_full(self) -> bool:
        return self._size is not None and len(self._order) >= self._size

    def _advance(self) -> Change[Item]:
        now = self._monotonic()
        starts = self._order.take(now)
        admitted: list[Item] = []
        while self._outside and not self._is_full():
            waiting = self._outside.popleft()
            admitted.append(waiting.item)
            self._order.add(waiting.item, waiting.key, now)
            starts += self._order.take(now)
        return Change(starts, admitted)
