"""Putting a delivery away, for a later attempt or as a dead letter; and what happens where even that fails.

The error then reaches the publisher as if there were no store, with a note of why: it is never silent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from pubsub_devtools.resilience.dead_letters.replaying import replaying
from pubsub_devtools.resilience.delayed import MemoryDelayedAttempts
from pubsub_devtools.resilience.guards.stores import awaited
from pubsub_devtools.resilience.outcome import Outcome

if TYPE_CHECKING:
    from pubsub_devtools.resilience.delayed import DelayedAttempt
    from pubsub_devtools.resilience.failed import FailedDelivery
    from pubsub_devtools.resilience.services import Services


def burying(services: Services) -> Callable[[FailedDelivery], Outcome]:
    """Return what makes a dead letter of a failed delivery, or raises its error where the store fails."""

    def bury(failed: FailedDelivery) -> Outcome:
        try:
            services.dead_letters.put(failed)
        except Exception as lost:
            raise noted(failed.error, "put among the dead letters", lost) from lost
        return _told(failed, services)

    return bury


def burying_async(services: Services) -> Callable[[FailedDelivery], Awaitable[Outcome]]:
    """Do as ``burying`` does, awaiting a store that waits."""
    put = awaited(services.dead_letters, "put")

    async def bury(failed: FailedDelivery) -> Outcome:
        try:
            await put(failed)
        except Exception as lost:
            raise noted(failed.error, "put among the dead letters", lost) from lost
        return _told(failed, services)

    return bury


def deferring(services: Services) -> Callable[[DelayedAttempt, Exception], Outcome]:
    """Return what keeps an attempt for later, or raises the given error where the store fails."""

    def defer(attempt: DelayedAttempt, error: Exception) -> Outcome:
        if _would_be_lost(services):
            raise error
        try:
            services.delayed.add(attempt)
        except Exception as lost:
            raise noted(error, "kept for a later attempt", lost) from lost
        return Outcome.DEFERRED

    return defer


def deferring_async(services: Services) -> Callable[[DelayedAttempt, Exception], Awaitable[Outcome]]:
    """Do as ``deferring`` does, awaiting a store that waits."""
    add = awaited(services.delayed, "add")

    async def defer(attempt: DelayedAttempt, error: Exception) -> Outcome:
        if _would_be_lost(services):
            raise error
        try:
            await add(attempt)
        except Exception as lost:
            raise noted(error, "kept for a later attempt", lost) from lost
        return Outcome.DEFERRED

    return defer


def _would_be_lost(services: Services) -> bool:
    """Whether a dead letter that is replayed would be exchanged for an attempt in memory, which ends with the command."""
    return bool(replaying.get()) and isinstance(services.delayed, MemoryDelayedAttempts)


def noted(error: Exception, what: str, lost: Exception) -> Exception:
    """Return the error with a note that the event could not be put away."""
    error.add_note(f"the event could not be {what}: {type(lost).__name__}: {lost}")
    return error


def _told(failed: FailedDelivery, services: Services) -> Outcome:
    if (slot := services.hooks.on_dead_letter) is not None:
        slot(failed.handler, failed.event, failed.error, failed.attempts)
    return Outcome.DEAD_LETTERED
