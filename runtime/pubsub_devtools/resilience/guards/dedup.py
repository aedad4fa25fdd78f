"""`Idempotent`: a handler is called once for each event id, as far as its store remembers.

The claim of a call ends by itself, so that a process that dies in the middle does not hold the event for ever. Who gets the
event before that keeps it for later (`refusing.py`), whoever gets it after that calls the handler again: so no event is lost.
Effects happen once where the handler's own write and the confirmation share a transaction; else once, but for that case.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from pubsub_devtools.resilience.declarations import Idempotent
from pubsub_devtools.resilience.guards.refusing import refusing, refusing_async
from pubsub_devtools.resilience.guards.stores import awaited, to_its_end, waits
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.resilience.seen import Claim
from pubsub_devtools.resilience.services import Call, Handled, Services
from pubsub_devtools.schema.event import event_id

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

CLAIMED: Final = Claim.CLAIMED
_log = logging.getLogger("pubsub_devtools")


def around(inner: Call, guard: Idempotent, handled: Handled, services: Services) -> Call:
    """Call ``inner`` only with events that the handler has not seen."""
    if not handled.is_async:
        return _sync(inner, guard, handled, services)
    make = _awaiting if waits(services.seen, "claim") else _async
    return make(inner, guard, handled, services)


def _sync(inner: Call, guard: Idempotent, handled: Handled, services: Services) -> Call:
    name, clock, lease, ttl = handled.name, services.clock, guard.lease, guard.ttl
    claim, confirm, release = services.seen.claim, services.seen.confirm, services.seen.release
    refuse = refusing(handled, services)

    def dedup(event: BaseEvent) -> Any:
        now = clock()
        until = now + lease
        id = event_id(event)
        if (answer := claim(name, id, now, until)) is not CLAIMED:
            return refuse(event, answer)
        try:
            result = inner(event)
        except BaseException:
            _released(lambda: release(name, id, until), name, id)
            raise
        if result.__class__ is Outcome:
            release(name, id, until)
        elif not confirm(name, id, until, now + ttl):
            _lost(name, id, lease)
        return result

    return dedup


def _async(inner: Call, guard: Idempotent, handled: Handled, services: Services) -> Call:
    """For a store in memory: the same as for a synchronous handler, but the handler is awaited."""
    name, clock, lease, ttl = handled.name, services.clock, guard.lease, guard.ttl
    claim, confirm, release = services.seen.claim, services.seen.confirm, services.seen.release
    refuse = refusing_async(handled, services)

    async def dedup(event: BaseEvent) -> Any:
        now = clock()
        until = now + lease
        id = event_id(event)
        if (answer := claim(name, id, now, until)) is not CLAIMED:
            return await refuse(event, answer)
        try:
            result = await inner(event)
        except BaseException:
            _released(lambda: release(name, id, until), name, id)
            raise
        if result.__class__ is Outcome:
            release(name, id, until)
        elif not confirm(name, id, until, now + ttl):
            _lost(name, id, lease)
        return result

    return dedup


def _awaiting(inner: Call, guard: Idempotent, handled: Handled, services: Services) -> Call:
    """For a store that waits. Cancelled at any ``await``, it leaves no claim behind, and forgets no effect."""
    name, clock, lease, ttl = handled.name, services.clock, guard.lease, guard.ttl
    claim, confirm, release = (awaited(services.seen, step) for step in ("claim", "confirm", "release"))
    refuse = refusing_async(handled, services)

    async def release_quietly(id: str, until: float) -> None:
        try:
            await release(name, id, until)
        except Exception:
            _keeps_claim(name, id)

    async def confirm_or_say(id: str, until: float, seen_until: float) -> None:
        if not await confirm(name, id, until, seen_until):
            _lost(name, id, lease)

    async def dedup(event: BaseEvent) -> Any:
        now = clock()
        until = now + lease
        id = event_id(event)
        try:
            if (answer := await claim(name, id, now, until)) is CLAIMED:
                result = await inner(event)
        except (
            GeneratorExit
        ):  # Nothing can be awaited in a coroutine that is closed; the claim ends by itself.
            raise
        except BaseException:
            await to_its_end(release_quietly(id, until))
            raise
        if answer is not CLAIMED:
            return await refuse(event, answer)
        if result.__class__ is Outcome:
            await to_its_end(release_quietly(id, until))
        else:
            await to_its_end(confirm_or_say(id, until, now + ttl))
        return result

    return dedup


def _released(release: Callable[[], None], name: str, id: str) -> None:
    """Release a claim after an error, which must reach the publisher even where the store fails now."""
    try:
        release()
    except Exception:
        _keeps_claim(name, id)


def _keeps_claim(name: str, id: str) -> None:
    _log.exception("the claim of %s on event %s could not be released; it ends by itself", name, id)


def _lost(name: str, id: str, lease: float) -> None:
    _log.warning(
        "%s took longer with event %s than its claim of %s s lasts, and the event was claimed anew meanwhile: "
        "its effects may have happened twice; give Idempotent(lease=...) more seconds than a call can take",
        name,
        id,
        lease,
    )
