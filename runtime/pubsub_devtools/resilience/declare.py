"""The decorators that say which guards a handler wants. They attach values; a bus that includes the handler acts on them.

Each returns the very function it was given, so a handler is called and tested like any other function: a direct call is
not guarded. The order of the decorators, `event_handler` included, never matters.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from pubsub_devtools.resilience.declarations import (
    Bulkhead,
    CircuitBreaker,
    GuardDeclaration,
    Idempotent,
    OnExcess,
    RateLimit,
    Throttle,
    Timeout,
    attach,
    declared,
    reliability,
)
from pubsub_devtools.resilience.policies.retry import RetryPolicy

__all__ = [
    "GuardDeclaration",
    "Idempotent",
    "RetryPolicy",
    "bulkhead",
    "circuit_breaker",
    "declared",
    "rate_limit",
    "reliability",
    "throttle",
    "timeout",
]

Function = TypeVar("Function", bound=Callable[..., Any])


def circuit_breaker(
    *,
    failure_threshold: int = 5,
    timeout: float | None = None,
    recovery_timeout: float = 60.0,
    probes: int = 1,
    exclude: tuple[type[Exception], ...] | type[Exception] = (),
    shared: str | None = None,
) -> Callable[[Function], Function]:
    """Stop calling a handler that fails again and again, and try it again after a while.

    *Closed*, the breaker lets every call through. After ``failure_threshold`` failures in a row it is *open*: events are
    refused with ``CircuitOpenError``, which a retry repeats once the circuit may be closed again. After
    ``recovery_timeout`` it is *half-open*: ``probes`` calls get through, and if all succeed it is closed, if one fails open.
    The pattern is Michael Nygard's, *Release It!*, 2007.

    Args:
        failure_threshold: Failures in a row that open it.
        timeout: Seconds that one call may last; longer is a failure. An async handler is cancelled; a synchronous one
            cannot be: it runs on to its end and then counts as failed.
        recovery_timeout: Seconds for which it stays open.
        probes: Calls that get through while it is half-open.
        exclude: Errors that say nothing of the handler's health: they neither count as failures nor make up for any, and
            reach the publisher, or the retry, as they are.
        shared: A name under which all processes with the same store of states share this breaker.

    Raises:
        TypeError: An argument is of the wrong type, or the decorated object is no function or has a breaker already.
        ValueError: An argument is out of its range.

    Example:
        >>> @circuit_breaker(failure_threshold=5, timeout=30, recovery_timeout=60)
        ... def charge(event): ...
        >>> declared(charge)[0].failure_threshold
        5
    """
    return _decorator(
        "circuit_breaker",
        CircuitBreaker(
            failure_threshold=failure_threshold,
            timeout=timeout,
            recovery_timeout=recovery_timeout,
            probes=probes,
            exclude=exclude,
            shared=shared,
        ),
    )


def rate_limit(
    *, max_events: int, window_seconds: float, on_excess: OnExcess = "delay", shared: str | None = None
) -> Callable[[Function], Function]:
    """Call a handler at most ``max_events`` times in any ``window_seconds``: a sliding window, exact.

    Args:
        max_events: How many calls any window holds at most.
        window_seconds: Its length in seconds.
        on_excess: What becomes of an event over the rate: ``"delay"`` calls the handler as soon as there is room, and the
            publisher goes on at once; ``"reject"`` raises ``RateLimitedError``; ``"dlq"`` makes it a dead letter.
        shared: A name under which all processes with the same store of states share this limit.

    Raises:
        TypeError: An argument is of the wrong type, or the decorated object is no function.
        ValueError: An argument is out of its range.

    Example:
        >>> @rate_limit(max_events=100, window_seconds=60)
        ... def text(event): ...
        >>> declared(text)[0].on_excess
        'delay'
    """
    return _decorator(
        "rate_limit",
        RateLimit(max_events=max_events, window_seconds=window_seconds, on_excess=on_excess, shared=shared),
    )


def throttle(
    *, rate: float, burst: int = 1, on_excess: OnExcess = "delay", shared: str | None = None
) -> Callable[[Function], Function]:
    """Call a handler ``rate`` times a second on average: a token bucket.

    Args:
        rate: Calls a second, in the long run.
        burst: Calls that may come at once after a rest.
        on_excess: As for ``rate_limit``.
        shared: As for ``rate_limit``.

    Raises:
        TypeError: An argument is of the wrong type, or the decorated object is no function.
        ValueError: An argument is out of its range.

    Example:
        >>> @throttle(rate=10, burst=20)
        ... def index(event): ...
        >>> declared(index)[0].burst
        20
    """
    return _decorator("throttle", Throttle(rate=rate, burst=burst, on_excess=on_excess, shared=shared))


def bulkhead(
    *, max_concurrent: int, max_waiting: int = 0, wait_seconds: float = 1.0
) -> Callable[[Function], Function]:
    """Let at most ``max_concurrent`` calls of a handler be under way at once, so that one slow handler does not take all.

    Args:
        max_concurrent: Calls under way at once, over all threads and tasks of the process.
        max_waiting: Calls that may wait for their turn; beyond that an event is refused with ``BulkheadFullError``, which
            a retry repeats.
        wait_seconds: How long a call waits at most before it is refused too. A synchronous handler's thread waits.

    Raises:
        TypeError: An argument is of the wrong type, or the decorated object is no function or has a bulkhead already.
        ValueError: An argument is out of its range.

    Example:
        >>> @bulkhead(max_concurrent=4, max_waiting=100)
        ... async def resize(event): ...
        >>> declared(resize)[0].max_concurrent
        4
    """
    return _decorator(
        "bulkhead",
        Bulkhead(max_concurrent=max_concurrent, max_waiting=max_waiting, wait_seconds=wait_seconds),
    )


def timeout(seconds: float) -> Callable[[Function], Function]:
    """Bound each call of a handler; one that takes longer fails with ``HandlerTimeoutError``.

    An async handler is cancelled at its next ``await``. A synchronous one cannot be stopped: it runs on to its end, holds
    its publisher as long, and then counts as failed.

    Args:
        seconds: How long one call may last.

    Raises:
        TypeError: The bound is no number, or the decorated object is no function or has a timeout already.
        ValueError: The bound is not more than 0.

    Example:
        >>> @timeout(2.5)
        ... async def ship(event): ...
        >>> declared(ship)[0].seconds
        2.5
    """
    return _decorator("timeout", Timeout(seconds))


def _decorator(name: str, guard: GuardDeclaration) -> Callable[[Function], Function]:
    def declare(handler: Any) -> Any:
        if not inspect.isfunction(handler):
            raise TypeError(
                f"@{name}(...) belongs on a function, below @staticmethod and @classmethod, not on {handler!r}"
            )
        attach(handler, guard)
        return handler

    return declare
