"""`RateLimit` and `Throttle`: all limits of a handler in one guard, so that an event counts in all of them or in none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from pubsub_devtools.resilience.attempt import resumed
from pubsub_devtools.resilience.declarations import RateLimit, Throttle
from pubsub_devtools.resilience.guards.excess import excess, excess_async
from pubsub_devtools.resilience.policies.limits import Limit, SlidingWindow, TokenBucket
from pubsub_devtools.resilience.policies.pacing import Pacer
from pubsub_devtools.resilience.services import Call, Handled, Services
from pubsub_devtools.resilience.states import update

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

Ask = Callable[[bool], float]
"""Asks for one call, which was promised its time before or not; gives the seconds to wait, 0.0 for none."""


def around(inner: Call, guards: Sequence[RateLimit | Throttle], handled: Handled, services: Services) -> Call:
    """Call ``inner`` no oftener than all limits allow.

    Raises:
        ValueError: The limits differ in ``on_excess`` or ``shared``.
    """
    first = guards[0]
    if any((guard.on_excess, guard.shared) != (first.on_excess, first.shared) for guard in guards):
        raise ValueError(f"all rate limits of {handled.name} need the same on_excess and the same shared")
    pacer = Pacer([_limit(guard) for guard in guards])
    put_off = first.on_excess == "delay"
    if first.shared is None:
        ask = _local(pacer, put_off, services)
    else:
        ask = _shared(pacer, put_off, f"limit:{first.shared}", services)
    name = handled.name
    put = (excess_async if handled.is_async else excess)(handled, services, first.on_excess)

    def limited(event: BaseEvent) -> Any:
        attempt = resumed(name, event)
        if (wait := ask(attempt is not None and attempt.why == "rate_limit")) > 0:
            return put(event, wait, attempt)
        return inner(event)

    return limited


def _local(pacer: Pacer, put_off: bool, services: Services) -> Ask:
    lock, monotonic = threading.Lock(), services.monotonic

    def ask(promised: bool) -> float:
        with lock:
            # The clock is read inside, so that no call comes with an earlier time than the one before.
            return pacer.ask(monotonic(), promised=promised, put_off=put_off)

    return ask


def _shared(pacer: Pacer, put_off: bool, key: str, services: Services) -> Ask:
    def ask(promised: bool) -> float:
        def step(state: bytes | None) -> tuple[bytes | None, float]:
            known = pacer.restored(state)
            wait = known.ask(services.clock(), promised=promised, put_off=put_off)
            return known.dump(), wait

        return update(services.states, key, step)

    return ask


def _limit(guard: RateLimit | Throttle) -> Limit:
    if isinstance(guard, RateLimit):
        return SlidingWindow(guard.max_events, guard.window_seconds)
    return TokenBucket(guard.rate, guard.burst)
