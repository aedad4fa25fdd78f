"""`Timeout`, and the breaker's ``timeout``: one call is bounded. A timer is set only for a call that really waits."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from types import CoroutineType, coroutine
from typing import TYPE_CHECKING, Any

from pubsub_devtools.resilience.errors import HandlerTimeoutError
from pubsub_devtools.resilience.services import Call, Handled, Services

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent


def around(inner: Call, seconds: float, handled: Handled, services: Services) -> Call:
    """Bound each call of ``inner``: an async one is cancelled, a synchronous one runs on and counts as failed."""
    monotonic = services.monotonic

    def late(event: BaseEvent) -> HandlerTimeoutError:
        if (slot := services.hooks.on_timed_out) is not None:
            slot(handled.name, event, seconds)
        return HandlerTimeoutError(
            f"{handled.name} took longer than {seconds} s with {handled.event}; give it more with @timeout, or retry it"
        )

    def calling(event: BaseEvent) -> Any:
        end = monotonic() + seconds
        result = inner(event)
        if monotonic() > end:
            raise late(event)
        return result

    async def awaiting(event: BaseEvent) -> Any:
        end = monotonic() + seconds
        work = inner(event)
        if work.__class__ is not CoroutineType:
            work = _as_coroutine(work)
        try:
            # A coroutine that ends without waiting needs no timer, which costs more than all else here.
            waiting = work.send(None)
        except StopIteration as done:
            if monotonic() > end:
                raise late(event) from None
            return done.value
        timer = asyncio.timeout(max(0.0, end - monotonic()))
        try:
            async with timer:
                result = await _rest(work, waiting)
        except TimeoutError:
            if timer.expired():
                raise late(event) from None
            raise
        # The timer cannot fire while a handler holds the loop, nor be seen by one that swallows its cancellation.
        if timer.expired() or monotonic() > end:
            raise late(event)
        return result

    return awaiting if handled.is_async else calling


async def _as_coroutine(work: Any) -> Any:
    return await work


@coroutine
def _rest(work: Any, waiting: Any) -> Generator[Any, Any, Any]:
    """Go on with a coroutine that has begun to wait: what ``await`` does (PEP 380), which takes none that has begun."""
    while True:
        try:
            got = yield waiting
        except GeneratorExit:
            work.close()
            raise
        except BaseException as error:
            try:
                waiting = work.throw(error)
            except StopIteration as done:
                return done.value
        else:
            try:
                waiting = work.send(got)
            except StopIteration as done:
                return done.value
