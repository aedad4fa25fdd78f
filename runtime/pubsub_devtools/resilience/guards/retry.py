"""`Retry` and `DeadLetter`: what follows when a handler has failed. Both stand where its error passes, so they are one guard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pubsub_devtools.resilience.attempt import leaving, resumed, running
from pubsub_devtools.resilience.delayed import DelayedAttempt
from pubsub_devtools.resilience.errors import PoisonMessageError, RetryDeadlineError
from pubsub_devtools.resilience.failed import FailedDelivery
from pubsub_devtools.resilience.guards.keeping import burying, burying_async, deferring, deferring_async
from pubsub_devtools.resilience.policies.retry import RetryPolicy
from pubsub_devtools.resilience.services import Call, Handled, Services
from pubsub_devtools.schema.identity import new_id

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

NEVER = RetryPolicy(max_retries=0)


def around(inner: Call, policy: RetryPolicy, dlq: bool, handled: Handled, services: Services) -> Call:
    """Repeat failed calls of ``inner``; with ``dlq`` the events that fail for good become dead letters."""
    make = _async if handled.is_async else _sync
    return make(inner, policy, dlq, handled, services)


def _sync(inner: Call, policy: RetryPolicy, dlq: bool, handled: Handled, services: Services) -> Call:
    bury, defer, clock = burying(services), deferring(services), services.clock
    resume = leaving(inner, is_async=False)

    def end(tries: Tries, error: Exception, delay: float | None) -> Any:
        if delay is not None:
            try:
                kept = defer(tries.later(error, delay), error)
            except Exception as unkept:
                error = unkept
            else:
                tries.told(error, delay)
                return kept
        if not dlq:
            raise error
        return bury(tries.failed(error))

    def repeat(tries: Tries, error: Exception, event: BaseEvent) -> Any:
        while (delay := tries.next(error)) == 0:
            tries.told(error, 0.0)
            try:
                return resume(event)
            except Exception as raised:
                error = raised
        return end(tries, error, delay)

    def resuming(event: BaseEvent, began: float) -> Any:
        tries = Tries(policy, handled, services, event, began, resumed(handled.name, event))
        if (refusal := tries.refusal()) is not None:
            return end(tries, refusal, None)
        try:
            return resume(event)
        except Exception as raised:  # what follows is no part of its handling, so that errors do not chain
            error = raised
        return repeat(tries, error, event)

    def retrying(event: BaseEvent) -> Any:
        began = clock()
        if running.get() is not None:
            return resuming(event, began)
        try:
            return inner(event)
        except Exception as raised:  # what follows is no part of its handling, so that errors do not chain
            error = raised
        return repeat(Tries(policy, handled, services, event, began), error, event)

    return retrying


def _async(inner: Call, policy: RetryPolicy, dlq: bool, handled: Handled, services: Services) -> Call:
    bury, defer, clock = burying_async(services), deferring_async(services), services.clock
    resume = leaving(inner, is_async=True)

    async def end(tries: Tries, error: Exception, delay: float | None) -> Any:
        if delay is not None:
            try:
                kept = await defer(tries.later(error, delay), error)
            except Exception as unkept:
                error = unkept
            else:
                tries.told(error, delay)
                return kept
        if not dlq:
            raise error
        return await bury(tries.failed(error))

    async def repeat(tries: Tries, error: Exception, event: BaseEvent) -> Any:
        while (delay := tries.next(error)) == 0:
            tries.told(error, 0.0)
            try:
                return await resume(event)
            except Exception as raised:
                error = raised
        return await end(tries, error, delay)

    async def resuming(event: BaseEvent, began: float) -> Any:
        tries = Tries(policy, handled, services, event, began, resumed(handled.name, event))
        if (refusal := tries.refusal()) is not None:
            return await end(tries, refusal, None)
        try:
            return await resume(event)
        except Exception as raised:  # what follows is no part of its handling, so that errors do not chain
            error = raised
        return await repeat(tries, error, event)

    async def retrying(event: BaseEvent) -> Any:
        began = clock()
        if running.get() is not None:
            return await resuming(event, began)
        try:
            return await inner(event)
        except Exception as raised:  # what follows is no part of its handling, so that errors do not chain
            error = raised
        return await repeat(Tries(policy, handled, services, event, began), error, event)

    return retrying


class Tries:
    """The attempts of one delivery, those before a restart of the process included."""

    __slots__ = (
        "_attempt",
        "_began",
        "_event",
        "_first_failed",
        "_handled",
        "_policy",
        "_resumed",
        "_services",
    )

    def __init__(
        self,
        policy: RetryPolicy,
        handled: Handled,
        services: Services,
        event: BaseEvent,
        began: float,
        known: DelayedAttempt | None = None,
    ) -> None:
        self._policy = policy
        self._handled = handled
        self._services = services
        self._event = event
        self._resumed = known
        self._attempt = known.attempt if known else 0
        self._began = known.began if known and known.attempt else began
        self._first_failed = known.first_failed if known and known.attempt else None

    def refusal(self) -> Exception | None:
        """Return why a delayed attempt must not be made, or None."""
        known = self._resumed
        if known is None:
            return None
        after = f"; the last error was: {known.error}" if known.error else ""
        if known.taken > self._policy.max_crashes:
            return PoisonMessageError(
                f"{self._handled.name} is not called with {self._handled.event} again: the process ended during "
                f"{known.taken - 1} attempts{after}"
            )
        deadline = self._policy.deadline
        if deadline is not None and known.attempt and self._services.clock() - self._began > deadline:
            return RetryDeadlineError(
                f"{self._handled.name} is not called with {self._handled.event} again: its deadline of "
                f"{deadline} s has passed{after}"
            )
        return None

    def next(self, error: Exception) -> float | None:
        """Count a failed attempt, and return the seconds until the next one, or None."""
        now = self._services.clock()
        self._attempt += 1
        self._first_failed = now if self._first_failed is None else self._first_failed
        return self._policy.delay_after(
            self._attempt, error, elapsed=max(0.0, now - self._began), random=self._services.random()
        )

    def told(self, error: Exception, delay: float) -> None:
        """Tell plugins that an attempt failed and another follows."""
        if (slot := self._services.hooks.on_retry) is not None:
            slot(self._handled.name, self._event, error, self._attempt, delay)

    def later(self, error: Exception, delay: float) -> DelayedAttempt:
        """Return the attempt that follows; it replaces the one that this resumes."""
        known, now = self._resumed, self._services.clock()
        return DelayedAttempt(
            id=known.id if known else new_id(),
            handler=self._handled.name,
            event=self._event,
            envelope=known.envelope if known else self._services.envelope(),
            due=now + delay,
            attempt=self._attempt,
            began=self._began,
            first_failed=now if self._first_failed is None else self._first_failed,
            error=f"{type(error).__name__}: {error}",
        )

    def failed(self, error: Exception) -> FailedDelivery:
        """Return what is put among the dead letters."""
        known, now = self._resumed, self._services.clock()
        envelope = known.envelope if known else self._services.envelope()
        return FailedDelivery(
            self._handled.name,
            self._event,
            envelope,
            error,
            self._attempt,
            now if self._first_failed is None else self._first_failed,
            now,
        )
