"""What becomes of an event over the rate: kept for later, refused, or put among the dead letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from pubsub_devtools.resilience.delayed import DelayedAttempt
from pubsub_devtools.resilience.errors import RateLimitedError
from pubsub_devtools.resilience.failed import FailedDelivery
from pubsub_devtools.resilience.guards.keeping import burying, burying_async, deferring, deferring_async
from pubsub_devtools.schema.identity import new_id

if TYPE_CHECKING:
    from pubsub_devtools.resilience.declarations import OnExcess
    from pubsub_devtools.resilience.services import Handled, Services
    from pubsub_devtools.schema.event import BaseEvent

Put = Callable[["BaseEvent", float, DelayedAttempt | None], Any]


def excess(handled: Handled, services: Services, action: OnExcess) -> Put:
    """Return what is done with an event over the rate of a synchronous handler."""
    bury, defer = burying(services), deferring(services)

    def put(event: BaseEvent, wait: float, attempt: DelayedAttempt | None) -> Any:
        error = _told(handled, services, action, event, wait)
        if action == "delay":
            return defer(_later(handled, services, event, wait, attempt), error)
        if action == "reject":
            raise error
        return bury(_failed(handled, services, event, error))

    return put


def excess_async(handled: Handled, services: Services, action: OnExcess) -> Put:
    """Do as ``excess`` does for an async handler."""
    bury, defer = burying_async(services), deferring_async(services)

    async def put(event: BaseEvent, wait: float, attempt: DelayedAttempt | None) -> Any:
        error = _told(handled, services, action, event, wait)
        if action == "delay":
            return await defer(_later(handled, services, event, wait, attempt), error)
        if action == "reject":
            raise error
        return await bury(_failed(handled, services, event, error))

    return put


def _told(
    handled: Handled, services: Services, action: str, event: BaseEvent, wait: float
) -> RateLimitedError:
    if (slot := services.hooks.on_rate_limited) is not None:
        slot(handled.name, event, action, wait)
    return RateLimitedError(
        f"{handled.name} is not called with {handled.event}: it is over its rate for {wait:.3g} s; "
        "on_excess='delay' would call it later",
        retry_after=wait,
    )


def _later(
    handled: Handled, services: Services, event: BaseEvent, wait: float, attempt: DelayedAttempt | None
) -> DelayedAttempt:
    due = services.clock() + wait
    if attempt is not None:
        return msgspec.structs.replace(attempt, due=due, why="rate_limit", taken=0)
    return DelayedAttempt(new_id(), handled.name, event, services.envelope(), due, why="rate_limit")


def _failed(
    handled: Handled, services: Services, event: BaseEvent, error: RateLimitedError
) -> FailedDelivery:
    now = services.clock()
    return FailedDelivery(handled.name, event, services.envelope(), error, 0, now, now)
