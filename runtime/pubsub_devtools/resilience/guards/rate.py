"""`RateLimit` and `Throttle`: all limits of a handler in one guard, so that an event counts in all of them or in none."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pubsub_devtools.resilience.attempt import resumed
from pubsub_devtools.resilience.declarations import RateLimit, Throttle
from pubsub_devtools.resilience.guards.excess import excess, excess_async
from pubsub_devtools.resilience.guards.stores import awaited, waits
from pubsub_devtools.resilience.policies.limits import Limit, SlidingWindow, TokenBucket
from pubsub_devtools.resilience.policies.pacing import Pacer
from pubsub_devtools.resilience.services import Call, Handled, Services
from pubsub_devtools.resilience.states import Step, update, update_async

if TYPE_CHECKING:
    from pubsub_devtools.resilience.delayed import DelayedAttempt
    from pubsub_devtools.schema.event import BaseEvent


def around(inner: Call, guards: Sequence[RateLimit | Throttle], handled: Handled, services: Services) -> Call:
    """Call ``inner`` no oftener than all limits allow.

    Raises:
        ValueError: The limits differ in ``on_excess`` or ``shared``.
    """
    first = guards[0]
    if any((guard.on_excess, guard.shared) != (first.on_excess, first.shared) for guard in guards):
        raise ValueError(f"all rate limits of {handled.name} need the same on_excess and the same shared")
    pacer = Pacer([_limit(guard) for guard in guards])
    if first.shared is None:
        return _local(inner, pacer, first, handled, services)
    make = _awaiting if handled.is_async and waits(services.states, "swap") else _shared
    return make(inner, pacer, first, handled, services)


def _local(
    inner: Call, pacer: Pacer, guard: RateLimit | Throttle, handled: Handled, services: Services
) -> Call:
    name, put_off, monotonic = handled.name, guard.on_excess == "delay", services.monotonic
    put = (excess_async if handled.is_async else excess)(handled, services, guard.on_excess)
    lock = threading.Lock()
    enter, leave, admits = lock.acquire, lock.release, pacer.admits

    def limited(event: BaseEvent) -> Any:
        enter()  # twice as fast as ``with``
        try:
            # The clock is read inside, so that no call comes with an earlier time than the one before.
            admitted = admits(monotonic())
        finally:
            leave()
        if admitted:
            return inner(event)
        attempt = resumed(name, event)
        with lock:
            wait = pacer.ask(monotonic(), promised=_was_promised(attempt), put_off=put_off)
        return put(event, wait, attempt) if wait > 0 else inner(event)

    return limited


def _shared(
    inner: Call, pacer: Pacer, guard: RateLimit | Throttle, handled: Handled, services: Services
) -> Call:
    name, key, asking = handled.name, f"limit:{guard.shared}", _asking(pacer, guard, services)
    put = (excess_async if handled.is_async else excess)(handled, services, guard.on_excess)

    def limited(event: BaseEvent) -> Any:
        attempt = resumed(name, event)
        wait = update(services.states, key, asking(attempt))
        return put(event, wait, attempt) if wait > 0 else inner(event)

    return limited


def _awaiting(
    inner: Call, pacer: Pacer, guard: RateLimit | Throttle, handled: Handled, services: Services
) -> Call:
    """For a store that waits. A call that is cancelled meanwhile may have used up room; it never makes any."""
    name, key, asking = handled.name, f"limit:{guard.shared}", _asking(pacer, guard, services)
    get, swap = awaited(services.states, "get"), awaited(services.states, "swap")
    put = excess_async(handled, services, guard.on_excess)

    async def limited(event: BaseEvent) -> Any:
        attempt = resumed(name, event)
        wait = await update_async(get, swap, key, asking(attempt))
        return await (put(event, wait, attempt) if wait > 0 else inner(event))

    return limited


def _asking(pacer: Pacer, guard: RateLimit | Throttle, services: Services) -> Any:
    """Return what makes the step that asks a shared state for one call."""
    put_off = guard.on_excess == "delay"

    def asking(attempt: DelayedAttempt | None) -> Step[float]:
        def step(state: bytes | None) -> tuple[bytes | None, float]:
            known = pacer.restored(state)
            wait = known.ask(services.clock(), promised=_was_promised(attempt), put_off=put_off)
            return known.dump(), wait

        return step

    return asking


def _was_promised(attempt: DelayedAttempt | None) -> bool:
    return attempt is not None and attempt.why == "rate_limit"


def _limit(guard: RateLimit | Throttle) -> Limit:
    if isinstance(guard, RateLimit):
        return SlidingWindow(guard.max_events, guard.window_seconds)
    return TokenBucket(guard.rate, guard.burst)
