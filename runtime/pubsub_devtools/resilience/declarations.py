"""What guards are declared as: values that decorators, and `event_handler`, attach to a function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Literal, cast

import msgspec

from pubsub_devtools.resilience.arguments import at_least, choice, errors, positive, shared_name, whole
from pubsub_devtools.resilience.policies.retry import RetryPolicy

OnExcess = Literal["delay", "reject", "dlq"]
"""What becomes of an event over the rate: called later, refused with ``RateLimitedError``, or put among the dead letters."""

_DECLARED = "__guards__"
_CHOICES = ("delay", "reject", "dlq")


class GuardDeclaration(msgspec.Struct, frozen=True):
    """One guard that a handler wants."""


class Idempotent(GuardDeclaration, frozen=True, kw_only=True):
    """Call the handler once for each event id.

    Args:
        ttl: Seconds for which an event counts as seen.
        lease: Seconds after which a call that has not ended counts as lost with its process: the event may then be handled
            anew. Give more than any call, its immediate retries included, can last.

    Raises:
        TypeError: An argument is no number.
        ValueError: An argument is not more than 0.

    Example:
        >>> reliability(idempotent=Idempotent(ttl=7 * 86_400))[0].ttl
        604800
    """

    ttl: float = 86_400.0
    lease: float = 300.0

    def __post_init__(self) -> None:
        positive("Idempotent", "ttl", self.ttl)
        positive("Idempotent", "lease", self.lease)


class RateLimit(GuardDeclaration, frozen=True, kw_only=True):
    """Call the handler at most ``max_events`` times in any ``window_seconds``."""

    max_events: int
    window_seconds: float
    on_excess: OnExcess = "delay"
    shared: str | None = None

    def __post_init__(self) -> None:
        whole("rate_limit", "max_events", self.max_events, 1)
        positive("rate_limit", "window_seconds", self.window_seconds)
        choice("rate_limit", "on_excess", self.on_excess, _CHOICES)
        shared_name("rate_limit", self.shared)


class Throttle(GuardDeclaration, frozen=True, kw_only=True):
    """Call the handler ``rate`` times a second on average, at most ``burst`` times at once."""

    rate: float
    burst: int = 1
    on_excess: OnExcess = "delay"
    shared: str | None = None

    def __post_init__(self) -> None:
        positive("throttle", "rate", self.rate)
        whole("throttle", "burst", self.burst, 1)
        choice("throttle", "on_excess", self.on_excess, _CHOICES)
        shared_name("throttle", self.shared)


class DeadLetter(GuardDeclaration, frozen=True):
    """Put an event among the dead letters when the handler has failed on it for good."""


class Retry(GuardDeclaration, frozen=True):
    """Repeat failed calls of the handler."""

    policy: RetryPolicy


class CircuitBreaker(GuardDeclaration, frozen=True, kw_only=True):
    """Stop calling a handler that fails again and again, and probe it after a while."""

    failure_threshold: int = 5
    timeout: float | None = None
    recovery_timeout: float = 60.0
    probes: int = 1
    exclude: tuple[type[Exception], ...] | type[Exception] = ()
    shared: str | None = None

    def __post_init__(self) -> None:
        whole("circuit_breaker", "failure_threshold", self.failure_threshold, 1)
        if self.timeout is not None:
            positive("circuit_breaker", "timeout", self.timeout)
        positive("circuit_breaker", "recovery_timeout", self.recovery_timeout)
        whole("circuit_breaker", "probes", self.probes, 1)
        msgspec.structs.force_setattr(self, "exclude", errors("circuit_breaker", "exclude", self.exclude))
        shared_name("circuit_breaker", self.shared)


class Bulkhead(GuardDeclaration, frozen=True, kw_only=True):
    """Let at most ``max_concurrent`` calls of the handler be under way at once."""

    max_concurrent: int
    max_waiting: int = 0
    wait_seconds: float = 1.0

    def __post_init__(self) -> None:
        whole("bulkhead", "max_concurrent", self.max_concurrent, 1)
        whole("bulkhead", "max_waiting", self.max_waiting, 0)
        at_least("bulkhead", "wait_seconds", self.wait_seconds, 0)


class Timeout(GuardDeclaration, frozen=True):
    """Bound each call of the handler."""

    seconds: float

    def __post_init__(self) -> None:
        positive("timeout", "seconds", self.seconds)


def reliability(
    *,
    dlq: bool = False,
    max_retries: int | None = None,
    retry: RetryPolicy | None = None,
    idempotent: bool | Idempotent = False,
) -> tuple[GuardDeclaration, ...]:
    """Return what the arguments of ``event_handler`` of these names declare.

    Args:
        dlq: Put events that fail for good among the dead letters; their errors are then not raised to the publisher.
        max_retries: How many attempts follow a failed one; short for ``retry=RetryPolicy(max_retries=...)``.
        retry: How failed attempts are repeated.
        idempotent: Call the handler once for each event id; ``Idempotent(ttl=..., lease=...)`` says for how long.

    Raises:
        TypeError: An argument is of the wrong type, or both ``max_retries`` and ``retry`` are given.
        ValueError: ``max_retries`` is negative.

    Example:
        >>> [type(guard).__name__ for guard in reliability(dlq=True, max_retries=3, idempotent=True)]
        ['Idempotent', 'DeadLetter', 'Retry']
    """
    place = "event_handler"
    if not isinstance(dlq, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{place}(dlq={dlq!r}): dlq is True or False")
    if not isinstance(idempotent, bool | Idempotent):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(
            f"{place}(idempotent={idempotent!r}): idempotent is True, False or Idempotent(ttl=...)"
        )
    if retry is not None and not isinstance(retry, RetryPolicy):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(
            f"{place}(retry={retry!r}): retry is a RetryPolicy, as in retry=RetryPolicy(max_retries=3)"
        )
    if retry is not None and max_retries is not None:
        raise TypeError(
            f"{place}(max_retries=..., retry=...): give the number in the policy, RetryPolicy(max_retries=...)"
        )
    if max_retries is not None:
        whole(place, "max_retries", max_retries, 0)
        retry = RetryPolicy(max_retries=max_retries)
    found: list[GuardDeclaration] = []
    if idempotent:
        found.append(Idempotent() if idempotent is True else idempotent)
    if dlq:
        found.append(DeadLetter())
    if retry is not None:
        found.append(Retry(retry))
    return tuple(found)


def attach(function: Callable[..., Any], *guards: GuardDeclaration) -> None:
    """Attach guards to a function, besides those that it has; the order never matters.

    Raises:
        TypeError: The function has a guard of that kind already. Rate limits and throttles may be several.
    """
    declared_so_far = declared(function)
    kinds = {type(guard) for guard in declared_so_far if not isinstance(guard, RateLimit | Throttle)}
    for guard in guards:
        if type(guard) in kinds:
            raise TypeError(
                f"{function.__qualname__} has two guards {type(guard).__name__}: leave one of them"
            )
    setattr(function, _DECLARED, (*declared_so_far, *guards))


def declared(function: object) -> tuple[GuardDeclaration, ...]:
    """Return the guards that were attached to a function or bound method; nothing for any other object."""
    guards = getattr(function, _DECLARED, ()) if inspect.isroutine(function) else ()
    return cast("tuple[GuardDeclaration, ...]", guards)
