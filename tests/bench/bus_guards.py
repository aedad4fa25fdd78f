"""The bus with every guard on, as it is timed; and what each guard must do when it is provoked, before it is timed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from pubsub_devtools import (
    BaseEvent,
    CircuitOpenError,
    EventBus,
    HandlerTimeoutError,
    RateLimitedError,
    RetryPolicy,
    circuit_breaker,
    event_handler,
    rate_limit,
    timeout,
)
from tests.bench.bus_peers import Turn

MANY = 1_000_000_000
"""Events a minute: more than any machine publishes, so that the limit counts and lets through."""


class Charged(BaseEvent):
    """What the proofs publish."""

    amount: int = 0


def guarded_bus(
    cls: type[BaseEvent], handler: Callable[..., Any], most: int = MANY, seconds: float = 30.0
) -> EventBus:
    """A bus that hears the event with every guard on: validation, dedup, rate limit, dead letters, retry, breaker, timeout.

    At most so many events a minute, and so many seconds for each: on a busy machine a call may be held up for long.
    """
    declare = event_handler(
        cls, idempotent=True, dlq=True, retry=RetryPolicy(max_retries=1, give_up_on=GIVEN_UP)
    )
    limited = rate_limit(max_events=most, window_seconds=60.0, on_excess="reject")
    broken, bounded = circuit_breaker(failure_threshold=4, recovery_timeout=60.0), timeout(seconds)
    bus = EventBus(validation="strict")
    bus.include(declare(limited(broken(bounded(handler)))))
    return bus


GIVEN_UP = (HandlerTimeoutError, CircuitOpenError)


def guarded_turn(cls: type[BaseEvent], handler: Callable[..., Any], fields: tuple[Any, ...]) -> Turn:
    """Turns of ``publish``: each event is a new one, since a guarded handler takes none twice; they are built before."""
    publish = guarded_bus(cls, handler).publish

    async def turn(count: int) -> float:
        events = _built(cls, fields, count)
        start = time.perf_counter()
        for event in events:
            publish(event)
        return time.perf_counter() - start

    return turn


def guarded_turn_async(cls: type[BaseEvent], handler: Callable[..., Any], fields: tuple[Any, ...]) -> Turn:
    """Turns of ``publish_async``."""
    publish = guarded_bus(cls, handler).publish_async

    async def turn(count: int) -> float:
        events = _built(cls, fields, count)
        start = time.perf_counter()
        for event in events:
            await publish(event)
        return time.perf_counter() - start

    return turn


def _built(cls: type[BaseEvent], fields: tuple[Any, ...], count: int) -> list[BaseEvent]:
    """Return new events that have their ids, as the one event has that is published again and again without guards."""
    events = [cls(*fields) for _ in range(count)]
    for event in events:
        assert event.id
    return events


async def prove_guards() -> None:
    """Assert that each guard fires, for sync and for async handlers."""
    for is_async in (False, True):
        await _fires(is_async)


async def _fires(is_async: bool) -> None:
    script, called = list[Callable[[], Any]](), list[int]()

    def on_charged(event: Charged) -> None:
        called.append(event.amount)
        if script:
            script.pop(0)()

    async def on_charged_async(event: Charged) -> None:
        called.append(event.amount)
        if script and script[0] is _slow:
            await asyncio.sleep(5)
        if script:
            script.pop(0)()

    bus = guarded_bus(Charged, on_charged_async if is_async else on_charged, most=7, seconds=0.5)
    publish = _publish(bus)
    letters: Any = bus.services.dead_letters

    once = Charged(1)
    await publish(once)
    await publish(once)
    assert called == [1], "a duplicate came through"
    script[:] = [_fail]
    await publish(Charged(2))
    assert called[1:] == [2, 2], "it was not retried"
    assert letters.store.count() == 0
    script[:] = [_slow]
    await publish(Charged(3))
    script[:] = [_fail] * 3
    await publish(Charged(4))
    await publish(Charged(5))
    assert called[3:] == [3, 4, 4, 5], "the breaker let through more than it may"
    await publish(Charged(6))
    found = [letter.error_type.rpartition(".")[2] for letter in letters.store.find()]
    assert found == ["HandlerTimeoutError", "OSError", "CircuitOpenError", "CircuitOpenError"], found
    try:
        await publish(Charged.model_construct(amount="much"))
    except Exception as error:
        assert "amount" in str(error), error
    else:
        raise AssertionError("an invalid event came through")
    await publish(Charged(7))
    refused = await _refused(publish, Charged(8))
    assert isinstance(refused, RateLimitedError), f"nothing was over the rate: {refused!r}"


def _publish(bus: EventBus) -> Callable[[BaseEvent], Awaitable[Any]]:
    return bus.publish_async


async def _refused(publish: Callable[[BaseEvent], Awaitable[Any]], event: BaseEvent) -> BaseException | None:
    try:
        await publish(event)
    except ExceptionGroup as group:
        return group.exceptions[0]
    return None


def _fail() -> None:
    raise OSError("on purpose")


def _slow() -> None:
    time.sleep(0.6)
