"""The guard that keeps the order of a key behind a dead letter: outermost of all, so that no attempt is counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from pubsub_devtools.resilience.dead_letters.filing import DeadLetters
from pubsub_devtools.resilience.outcome import Outcome

if TYPE_CHECKING:
    from pubsub_devtools.resilience.services import Call, Handled, Services
    from pubsub_devtools.schema.event import BaseEvent


def parked_in_order(call: Call, handled: Handled, services: Services) -> Call:
    """Return a call that parks an event where one of its key lies dead; the very ``call`` where nothing is sequenced.

    A parked event counts as dead-lettered: it is as safe as a dead letter, and nobody need be told again.

    Example:
        >>> from pubsub_devtools.resilience.services import Handled, Services
        >>> services = Services(dead_letters=DeadLetters())
        >>> parked_in_order(print, Handled("shop.mail.write", "OrderPlaced", is_async=False), services) is print
        True
    """
    letters = services.dead_letters
    if not isinstance(letters, DeadLetters) or not letters.is_sequenced(handled.name):
        return call
    make = _async if handled.is_async else _sync
    return make(call, handled.name, letters, services)


def _sync(call: Call, handler: str, letters: DeadLetters, services: Services) -> Call:
    def in_order(event: BaseEvent) -> Any:
        if letters.hold_back(handler, event, services.envelope()):
            return Outcome.DEAD_LETTERED
        return call(event)

    return in_order


def _async(
    call: Call, handler: str, letters: DeadLetters, services: Services
) -> Callable[[BaseEvent], Awaitable[Any]]:
    async def in_order(event: BaseEvent) -> Any:
        if await letters.hold_back_async(handler, event, services.envelope()):
            return Outcome.DEAD_LETTERED
        return await call(event)

    return in_order
