"""Handlers with every guard on, and what each must do before they are timed: a guard that never fires costs nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from pubsub_devtools import (
    BaseEvent,
    CircuitOpenError,
    EventBus,
    EventInvalid,
    HandlerTimeoutError,
    RateLimitedError,
    RetryPolicy,
    circuit_breaker,
    event_handler,
    rate_limit,
    timeout,
)

WINDOW = 1.0
PLENTY = 1_000_000
"""More events a second than any run publishes: the limit is on, and never reached."""

Publish = Callable[[BaseEvent], Awaitable[object]]


class Probe(BaseEvent):
    """What the guards are provoked with."""

    number: int = 0


def guarded_bus(
    event: type[BaseEvent],
    handler: Callable[..., Any],
    *,
    retries: int = 3,
    failures: int = 5,
    seconds: float = 30.0,
    most: int = PLENTY,
) -> EventBus:
    """A bus whose one handler has retry, dedup, rate limit, breaker and timeout, and which validates strictly.

    The guards are declared on the function itself: hand it to no bus that is to have none.
    """
    retry = RetryPolicy(max_retries=retries, immediate=retries)
    handler = event_handler(event, retry=retry, idempotent=True)(handler)
    handler = rate_limit(max_events=most, window_seconds=WINDOW, on_excess="reject")(handler)
    handler = circuit_breaker(failure_threshold=failures)(handler)
    bus = EventBus(validation="strict")
    bus.include(timeout(seconds)(handler))
    return bus


class Troubled:
    """A handler, sync and async, that fails or waits as often as it is told, and counts its calls."""

    def __init__(self, failures: int = 0, seconds: float = 0.0) -> None:
        self.calls = 0
        self._failures = failures
        self._seconds = seconds

    def _is_called(self) -> None:
        self.calls += 1
        if self.calls <= self._failures:
            raise ValueError("on purpose")

    def publisher(self, is_async: bool, **settings: Any) -> Publish:
        """Publish to it through every guard."""

        def handler(event: Probe) -> None:
            self._is_called()
            time.sleep(self._seconds)

        async def handler_async(event: Probe) -> None:
            self._is_called()
            await asyncio.sleep(self._seconds)

        bus = guarded_bus(Probe, handler_async if is_async else handler, **settings)

        async def publish(event: BaseEvent) -> object:
            return await bus.publish_async(event) if is_async else bus.publish(event)

        return publish


async def prove_guards() -> None:
    """Assert that each guard fires when it is provoked, for sync and for async handlers."""
    for is_async in (False, True):
        await _repeats(is_async)
        await _knows_duplicates(is_async)
        await _keeps_the_rate(is_async)
        await _breaks(is_async)
        await _bounds(is_async)
        await _validates(is_async)


async def _repeats(is_async: bool) -> None:
    handler = Troubled(failures=2)
    await handler.publisher(is_async)(Probe())
    assert handler.calls == 3


async def _knows_duplicates(is_async: bool) -> None:
    handler, probe = Troubled(), Probe()
    publish = handler.publisher(is_async)
    await publish(probe)
    await publish(probe)
    await publish(Probe())
    assert handler.calls == 2


async def _keeps_the_rate(is_async: bool) -> None:
    handler = Troubled()
    publish = handler.publisher(is_async, most=2, retries=0)
    await publish(Probe())
    await publish(Probe())
    assert await _raised(publish) is RateLimitedError
    assert handler.calls == 2


async def _breaks(is_async: bool) -> None:
    handler = Troubled(failures=2)
    publish = handler.publisher(is_async, failures=2, retries=0)
    assert [await _raised(publish) for _ in range(3)] == [ValueError, ValueError, CircuitOpenError]
    assert handler.calls == 2


async def _bounds(is_async: bool) -> None:
    handler = Troubled(seconds=0.02)
    assert await _raised(handler.publisher(is_async, seconds=0.001, retries=0)) is HandlerTimeoutError


async def _validates(is_async: bool) -> None:
    handler = Troubled()
    try:
        await handler.publisher(is_async)(Probe.model_construct(number="many"))
    except EventInvalid:
        assert handler.calls == 0
    else:
        raise AssertionError("an invalid event was published")


async def _raised(publish: Publish) -> type[Exception] | None:
    try:
        await publish(Probe())
    except ExceptionGroup as group:
        return type(group.exceptions[0])
    return None
