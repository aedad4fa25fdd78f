"""`Bulkhead`: only so many calls of a handler are under way at once; the next ones wait a bounded time, or are refused."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from pubsub_devtools.resilience.declarations import Bulkhead
from pubsub_devtools.resilience.errors import BulkheadFullError
from pubsub_devtools.resilience.services import Call, Handled, Services

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent


def around(inner: Call, guard: Bulkhead, handled: Handled, services: Services) -> Call:
    """Call ``inner`` in at most ``max_concurrent`` threads and tasks at once."""
    places = Places(guard, handled, services)

    def calling(event: BaseEvent) -> Any:
        if (turn := places.enter(event)) is not None:
            try:
                turn.result(guard.wait_seconds)
            except BaseException as error:
                raise places.given_up(turn, error) from None
        try:
            return inner(event)
        finally:
            places.leave()

    async def awaiting(event: BaseEvent) -> Any:
        if (turn := places.enter(event)) is not None:
            try:
                async with asyncio.timeout(guard.wait_seconds):
                    await asyncio.wrap_future(turn)
            except BaseException as error:
                raise places.given_up(turn, error) from None
        try:
            return await inner(event)
        finally:
            places.leave()

    return awaiting if handled.is_async else calling


class Places:
    """The places of one handler, and those who wait for one in the order of their coming."""

    def __init__(self, guard: Bulkhead, handled: Handled, services: Services) -> None:
        self._lock = threading.Lock()
        self._free = guard.max_concurrent
        self._guard = guard
        self._handled = handled
        self._services = services
        self._waiting: deque[Future[None]] = deque()

    def enter(self, event: BaseEvent) -> Future[None] | None:
        """Take a place, or return the turn to wait for.

        Raises:
            BulkheadFullError: Neither is to be had.
        """
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return None
            turn = Future[None]() if len(self._waiting) < self._guard.max_waiting else None
            if turn is not None:
                self._waiting.append(turn)
        if (slot := self._services.hooks.on_bulkhead_full) is not None:
            slot(self._handled.name, event)
        if turn is None:
            raise self._full()
        return turn

    def leave(self) -> None:
        """Give the place to who waits longest, or free it."""
        with self._lock:
            while self._waiting:
                turn = self._waiting.popleft()
                if turn.set_running_or_notify_cancel():
                    turn.set_result(None)
                    return
            self._free += 1

    def given_up(self, turn: Future[None], error: BaseException) -> BaseException:
        """Return what to raise in place of an error that ended the wait; a place got meanwhile goes on to the next."""
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
        if not turn.cancel() and not turn.cancelled():
            self.leave()
        return self._full() if isinstance(error, TimeoutError) else error

    def _full(self) -> BulkheadFullError:
        return BulkheadFullError(
            f"{self._handled.name} is not called with {self._handled.event}: {self._guard.max_concurrent} calls are "
            f"under way and {self._guard.max_waiting} may wait; a retry or dlq=True keeps the event meanwhile"
        )
