"""What is under way on a bus, and the wait for its end, from any loop and any thread."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable

from pubsub_devtools.bus.loops import settle_soon


class UnderWay:
    """Counts, by handler, what was accepted and has not ended. Where ``hurried`` is above 0, nothing waits for more to come.

    Example:
        >>> under_way = UnderWay()
        >>> under_way.begin("shop.confirm")
        >>> under_way.left()
        {'shop.confirm': 1}
        >>> under_way.end("shop.confirm")
        >>> under_way.wait(timeout=0)
        True
    """

    def __init__(self) -> None:
        self.hurried = 0
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._total = 0
        self._waiting: list[Callable[[], None]] = []

    def begin(self, name: str) -> None:
        """Count one more."""
        with self._lock:
            self._counts[name] += 1
            self._total += 1

    def end(self, name: str) -> None:
        """Count one less; whoever waits hears of it when nothing is left."""
        with self._lock:
            self._total -= 1
            self._counts[name] -= 1
            if not self._counts[name]:
                del self._counts[name]
            if self._total:
                return
            waiting, self._waiting = self._waiting, []
        for wake in waiting:
            wake()

    def left(self) -> dict[str, int]:
        """Return how many are under way, by handler."""
        with self._lock:
            return dict(self._counts)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until nothing is under way; False if the seconds pass before."""
        ended = threading.Event()
        if not self._when_none(ended.set) or ended.wait(timeout):
            return True
        self._no_longer(ended.set)
        return False

    async def wait_async(self) -> None:
        """Wait until nothing is under way."""
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()

        def wake() -> None:
            settle_soon(loop, ended)

        if self._when_none(wake):
            try:
                await ended
            finally:
                self._no_longer(wake)

    def _when_none(self, wake: Callable[[], None]) -> bool:
        """Call ``wake`` when nothing is left; False if nothing is left now."""
        with self._lock:
            if self._total:
                self._waiting.append(wake)
            return bool(self._total)

    def _no_longer(self, wake: Callable[[], None]) -> None:
        with self._lock:
            if wake in self._waiting:
                self._waiting.remove(wake)
