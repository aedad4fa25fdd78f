"""Who may run now: events of one key one after the other, different keys side by side, at most so many at once.

It decides and does nothing: no thread, no task, no clock of its own. So its promises are tested against a model, and whoever
runs the work (`bus/lane.py`) only starts what it is told to.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from heapq import heappop, heappush
from typing import Generic, NamedTuple, TypeVar

Item = TypeVar("Item")


class _Entry(NamedTuple, Generic[Item]):
    number: int
    arrived: float
    item: Item


class _Group(Generic[Item]):
    """What waits and runs under one key. It is in the heap of the ready, and in that of the windows, at most once."""

    __slots__ = ("key", "limit", "offered", "running", "timed", "waiting")

    def __init__(self, key: Hashable, limit: int) -> None:
        self.key = key
        self.limit = limit
        self.waiting: deque[_Entry[Item]] = deque()
        self.running = 0
        self.offered = False
        self.timed = False


class Work(NamedTuple, Generic[Item]):
    """Items that are handled in one call: one, or where batches are asked for as many as there were."""

    key: Hashable
    items: list[Item]


class Order(Generic[Item]):
    """Waiting and running items of one handler.

    Promises:
        - Items of one key (``None`` is no key) never overlap and never overtake each other.
        - At most ``workers`` works run at once; a worker takes the oldest item that may run.
        - With ``batch`` above 1 a work starts when that many items of its key wait, or when the oldest has waited for
          ``window`` seconds, or after ``flush``.

    Args:
        workers: How many works may run at once, at least 1.
        batch: How many items one work takes at most.
        window: Seconds that an incomplete batch waits for more.

    Example:
        >>> order = Order(workers=2)
        >>> for item, key in [("a1", "a"), ("a2", "a"), ("b1", "b")]:
        ...     order.add(item, key, now=0.0)
        >>> first, second = order.take(now=0.0)
        >>> first.items, second.items
        (['a1'], ['b1'])
        >>> order.finished(first, now=0.0)
        >>> [work.items for work in order.take(now=0.0)]
        [['a2']]
    """

    def __init__(self, workers: int = 1, *, batch: int = 1, window: float = 0.0) -> None:
        self.running = 0
        self._workers = workers
        self._batch = batch
        self._window = window
        self._last = 0
        self._flushed = 0
        self._groups: dict[Hashable, _Group[Item]] = {}
        self._waiting: OrderedDict[int, _Group[Item]] = OrderedDict()
        self._ready: list[tuple[int, _Group[Item]]] = []
        self._windows: list[tuple[float, int, _Group[Item]]] = []

    def __len__(self) -> int:
        """How many items wait."""
        return len(self._waiting)

    def is_free(self, key: Hashable) -> bool:
        """Tell whether nothing of a key waits or runs."""
        return key not in self._groups

    def add(self, item: Item, key: Hashable, now: float) -> None:
        """Let an item wait for its turn."""
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(key, self._workers if key is None else 1)
        self._last += 1
        group.waiting.append(_Entry(self._last, now, item))
        self._waiting[self._last] = group
        self._consider(group, now)

    def take(self, now: float) -> list[Work[Item]]:
        """Return what starts now. Each work is to be given back to ``finished``."""
        while self._windows and self._windows[0][0] <= now:
            group = heappop(self._windows)[2]
            group.timed = False
            self._consider(group, now)
        started: list[Work[Item]] = []
        while self._ready and self.running < self._workers:
            number, group = heappop(self._ready)
            group.offered = False
            if (
                group.waiting and group.waiting[0].number == number
            ):  # else what it was offered for was dropped
                started.append(self._start(group))
            self._consider(group, now)
        return started

    def finished(self, work: Work[Item], now: float) -> None:
        """Say that a work has ended, however it ended."""
        self.running -= 1
        group = self._groups[work.key]
        group.running -= 1
        self._consider(group, now)

    def flush(self, now: float) -> None:
        """Let what waits now wait no longer for its batch to fill."""
        self._flushed = self._last
        for group in tuple(self._groups.values()):
            self._consider(group, now)

    def next_window(self) -> float | None:
        """Return when ``take`` is to be called again for the sake of an incomplete batch, or None."""
        return self._windows[0][0] if self._windows else None

    def drop_oldest(self) -> Item:
        """Take out the item that has waited longest, and return it.

        Raises:
            KeyError: Nothing waits.
        """
        _, group = self._waiting.popitem(last=False)
        item = group.waiting.popleft().item  # the oldest of all is the oldest of its key
        self._forget(group)
        return item

    def remove(self, wanted: Callable[[Item], bool]) -> list[Item]:
        """Take out all waiting items that are wanted, and return them, the oldest first."""
        removed: list[_Entry[Item]] = []
        for group in tuple(self._groups.values()):
            gone = [entry for entry in group.waiting if wanted(entry.item)]
            if gone:
                group.waiting = deque(entry for entry in group.waiting if not wanted(entry.item))
                removed += gone
                self._forget(group)
        for entry in removed:
            del self._waiting[entry.number]
        return [entry.item for entry in sorted(removed, key=lambda entry: entry.number)]

    def _consider(self, group: _Group[Item], now: float) -> None:
        """Offer the group to the workers if it may run, or to the clock if it waits for its batch to fill."""
        if not group.waiting:
            self._forget(group)
        elif not group.offered and group.running < group.limit:
            head = group.waiting[0]
            ripe_at = head.arrived + self._window
            if len(group.waiting) >= self._batch or head.number <= self._flushed or ripe_at <= now:
                group.offered = True
                heappush(self._ready, (head.number, group))
            elif not group.timed:
                group.timed = True
                heappush(self._windows, (ripe_at, head.number, group))

    def _start(self, group: _Group[Item]) -> Work[Item]:
        self.running += 1
        group.running += 1
        taken = [group.waiting.popleft() for _ in range(min(self._batch, len(group.waiting)))]
        for entry in taken:
            del self._waiting[entry.number]
        return Work(group.key, [entry.item for entry in taken])

    def _forget(self, group: _Group[Item]) -> None:
        """A key that was used once must not stay in memory. A dropped item's group leaves the heaps by itself."""
        if not group.waiting and not group.running and not group.offered and not group.timed:
            self._groups.pop(group.key, None)
