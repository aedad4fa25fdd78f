"""What becomes of an event that another call has claimed: it is a duplicate only where that call is known to have ended.

Where it is under way, its process may be dead, and then nobody but this event would ever call the handler. So the event is
kept until that claim has ended by itself, and asks again then: it is a duplicate if the other call was confirmed meanwhile.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools.resilience.attempt import resumed
from pubsub_devtools.resilience.delayed import DelayedAttempt
from pubsub_devtools.resilience.errors import UnderWayError
from pubsub_devtools.resilience.guards.keeping import deferring, deferring_async
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.resilience.seen import UnderWay
from pubsub_devtools.schema.identity import new_id

if TYPE_CHECKING:
    from pubsub_devtools.resilience.seen import Refused
    from pubsub_devtools.resilience.services import Handled, Services
    from pubsub_devtools.schema.event import BaseEvent


def refusing(handled: Handled, services: Services) -> Callable[[BaseEvent, Refused], Outcome]:
    """Return what is done with an event that the store did not let this call claim."""
    defer = deferring(services)

    def refuse(event: BaseEvent, answer: Refused) -> Outcome:
        if isinstance(answer, UnderWay):
            return defer(*_later(handled, services, event, answer))
        return _duplicate(handled, services, event)

    return refuse


def refusing_async(
    handled: Handled, services: Services
) -> Callable[[BaseEvent, Refused], Awaitable[Outcome]]:
    """Do as ``refusing`` does, awaiting a store of attempts that waits."""
    defer = deferring_async(services)

    async def refuse(event: BaseEvent, answer: Refused) -> Outcome:
        if isinstance(answer, UnderWay):
            return await defer(*_later(handled, services, event, answer))
        return _duplicate(handled, services, event)

    return refuse


def _duplicate(handled: Handled, services: Services, event: BaseEvent) -> Outcome:
    if (slot := services.hooks.on_duplicate) is not None:
        slot(handled.name, event)
    return Outcome.DUPLICATE


def _later(
    handled: Handled, services: Services, event: BaseEvent, other: UnderWay
) -> tuple[DelayedAttempt, UnderWayError]:
    """Return the attempt that follows, and what to raise where it cannot be kept."""
    known = resumed(handled.name, event)
    if known is None:
        envelope = services.envelope()
        attempt = DelayedAttempt(new_id(), handled.name, event, envelope, other.until, why="under_way")
    else:
        # It keeps what it was promised; that it was taken is no crash, since this call has ended well.
        attempt = msgspec.structs.replace(known, due=other.until, taken=max(0, known.taken - 1))
    wait = max(0.0, other.until - services.clock())
    error = UnderWayError(
        f"{handled.name} is not called with {handled.event}: another call is at this event, or its process has died; "
        f"publish the event again after {wait:.3g} s, when that claim has ended",
        retry_after=wait,
    )
    return attempt, error
