"""`guarded`: puts the guards that a handler declares around its call, in their one order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pubsub_devtools.resilience.attempt import leaving
from pubsub_devtools.resilience.dead_letters.parking import parked_in_order
from pubsub_devtools.resilience.declarations import (
    Bulkhead,
    CircuitBreaker,
    DeadLetter,
    GuardDeclaration,
    Idempotent,
    RateLimit,
    Retry,
    Throttle,
    Timeout,
)
from pubsub_devtools.resilience.guards import breaker, bulkhead, dedup, rate, retry, timeout
from pubsub_devtools.resilience.services import Call, GuardHooks, Handled, Services

__all__ = ["Call", "GuardHooks", "Handled", "Services", "guarded"]

Declared = TypeVar("Declared", bound=GuardDeclaration)


def guarded(call: Call, handled: Handled, declared: Sequence[GuardDeclaration], services: Services) -> Call:
    """Put guards around a call: dedup, rate limit, dead letter, retry, breaker, bulkhead, timeout, outermost first.

    Outside of them all, an event is parked behind a dead letter of its key where the dead letters are kept in sequence.

    The state of the guards belongs to what is returned: make it once for each handler of a bus, not for each event.

    Returns:
        A call that gives the handler's result, or an ``Outcome`` where the handler did not finish and nothing is wrong.
        Without declarations it is the call itself.

    Raises:
        TypeError: Two guards of one kind are declared; rate limits and throttles may be several.
        ValueError: Rate limits of one handler contradict each other.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> class Ping(BaseEvent): ...
        >>> handled = Handled("shop.pong", "Ping", is_async=False)
        >>> call = guarded(lambda event: "pong", handled, [Idempotent()], Services())
        >>> ping = Ping()
        >>> call(ping), call(ping)
        ('pong', <Outcome.DUPLICATE: 'duplicate'>)
    """
    breaking = _one(declared, CircuitBreaker, handled)
    bound = _one(declared, Timeout, handled)
    bounds = [bound.seconds] if bound is not None else []
    if breaking is not None and breaking.timeout is not None:
        bounds.append(breaking.timeout)
    if bounds:
        call = timeout.around(call, min(bounds), handled, services)
    if (places := _one(declared, Bulkhead, handled)) is not None:
        call = bulkhead.around(call, places, handled, services)
    if breaking is not None:
        call = breaker.around(call, breaking, handled, services)
    retrying, burying = _one(declared, Retry, handled), _one(declared, DeadLetter, handled)
    if retrying is not None or burying is not None:
        policy = retrying.policy if retrying is not None else retry.NEVER
        call = retry.around(call, policy, burying is not None, handled, services)
    if limits := [guard for guard in declared if isinstance(guard, RateLimit | Throttle)]:
        if retrying is None and burying is None:
            call = leaving(call, is_async=handled.is_async)
        call = rate.around(call, limits, handled, services)
    if (once := _one(declared, Idempotent, handled)) is not None:
        call = dedup.around(call, once, handled, services)
    return parked_in_order(call, handled, services) if declared else call


def _one(declared: Sequence[GuardDeclaration], kind: type[Declared], handled: Handled) -> Declared | None:
    found = [guard for guard in declared if isinstance(guard, kind)]
    if len(found) > 1:
        raise TypeError(f"{handled.name} has two guards {kind.__name__}: leave one of them")
    return found[0] if found else None
