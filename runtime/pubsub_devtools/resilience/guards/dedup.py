"""`Idempotent`: a handler is called once for each event id, as far as its store remembers.

The claim of a call ends by itself, so that a process that dies in the middle does not hold the event for ever. Who gets the
event before that keeps it for later (`refusing.py`), whoever gets it after that calls the handler again: so no event is lost.
Effects happen once where the handler's own write and the confirmation share a transaction; else once, but for that case.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from pubsub_devtools.resilience.declarations import Idempotent
from pubsub_devtools.resilience.guards.refusing import refusing, refusing_async
from pubsub_devtools.resilience.guards.stores import awaited, to_its_end, waits
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.resilience.seen import CLAIMED, MemorySeen
from pubsub_devtools.resilience.services import Call, Handled, Services
from pubsub_devtools.schema.event import event_id

if TYPE_CHECKING:
    from pubsub_devtools.resilience.seen import Claiming, SeenStore
    from pubsub_devtools.schema.event import BaseEvent

_log = logging.getLogger("pubsub_devtools")


def around(inner: Call, guard: Idempotent, handled: Handled, services: Services) -> Call:
    """Call ``inner`` only with events that the handler has not seen."""
    if handled.is_async and waits(services.seen, "claim"):
        return _awaiting(inner, guard, handled, services)
    return (_async if handled.is_async else _sync)(inner, guard, handled, services)


def _sync(inner: Call, guard: Idempotent, handled: Handled, services: Services) -> Call:
    name, clock, lease, ttl = handled.name, services.clock, guard.lease, guard.ttl
    claim, confirm, release = _steps(services.seen, name)
    refuse = refusing(handled, services)

    def dedup(event: BaseEvent) -> Any:
        now = clock()
        until = now + lease
        id = event_id(event)
        if (answer := claim(id, now, until)) is not CLAIMED:
            return refuse(event, answer)
        try:
            result = inner(event)
        except BaseException:
            _released(release, name, id, until)
            raise
        if result is not None and result.__class__ is Outcome:
            _released(release, name, id, until)
        elif not confirm(id, until, now + ttl):
            _lost(name, id, lease)
        return result

    return dedup


def _async(inner: Call, guard: Idempotent, handled: Handled, services: Services) -> Call:
    """For a store in memory: the same as for a synchronous handler, but the handler is awaited."""
    name, clock, lease, ttl = handled.name, services.clock, guard.lease, guard.ttl
    claim, confirm, release = _steps(services.seen, name)
    refuse = refusing_async(handled, services)

    async def dedup(event: BaseEvent) -> Any:
        now = clock()
        until = now + lease
        id = event_id(event)
        if (answer := claim(id, now, until)) is not CLAIMED:
            return await refuse(event, answer)
        try:
            result = await inner(event)
        except BaseException:
            _released(release, name, id, until)
            raise
        if result is not None and result.__class__ is Outcome:
            _released(release, name, id, until)
        elif not confirm(id, until, now + ttl):
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

    async def give_back(claiming: asyncio.Future[Claiming], id: str, until: float) -> None:
        # Only what was really claimed: a call that came at the same moment may hold a claim of the same name.
        with suppress(Exception):
            if await claiming is CLAIMED:
                await release_quietly(id, until)

    async def dedup(event: BaseEvent) -> Any:
        now = clock()
        until = now + lease
        id = event_id(event)
        claiming = asyncio.ensure_future(claim(name, id, now, until))
        try:
            answer = await asyncio.shield(claiming)
        except asyncio.CancelledError:
            await to_its_end(give_back(claiming, id, until))
            raise
        if answer is not CLAIMED:
            return await refuse(event, answer)
        try:
            result = await inner(event)
        except (
            GeneratorExit
        ):  # Nothing can be awaited in a coroutine that is closed; the claim ends by itself.
            raise
        except BaseException:
            await to_its_end(release_quietly(id, until))
            raise
        if result is not None and result.__class__ is Outcome:
            await to_its_end(release_quietly(id, until))
        else:
            await to_its_end(confirm_or_say(id, until, now + ttl))
        return result

    return dedup


def _steps(
    seen: SeenStore, name: str
) -> tuple[Callable[..., Claiming], Callable[..., bool], Callable[..., None]]:
    """Return the store's ``claim``, ``confirm`` and ``release`` for one handler."""
    if type(seen) is MemorySeen:  # not one derived from it, which may do otherwise
        own = seen.by(name)
        return own.claim, own.confirm, own.release
    return partial(seen.claim, name), partial(seen.confirm, name), partial(seen.release, name)


def _released(release: Callable[[str, float], None], name: str, id: str, until: float) -> None:
    """Release a claim; what became of the event must reach the publisher even where the store fails now."""
    try:
        release(id, until)
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
