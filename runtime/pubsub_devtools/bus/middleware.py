"""`Middleware`: code of the user's around every publish and around every handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial, reduce
from typing import Any

import msgspec

from pubsub_devtools.bus.plan import Call
from pubsub_devtools.bus.receipt import Receipt
from pubsub_devtools.schema.event import BaseEvent


class Outgoing(msgspec.Struct, frozen=True):
    """What was given to ``publish``. To change it, proceed with another: ``msgspec.structs.replace(outgoing, key="k")``."""

    event: BaseEvent
    key: str = ""
    headers: Mapping[str, str] | None = None


class Middleware:
    """Wraps what a bus does. Override what is needed; what is not overridden costs nothing.

    The first middleware of a bus is the outermost one. Each method calls ``proceed`` to go on and may look at or change
    what goes in and what comes out, raise, or not proceed at all.

    Sync and async are apart, since only async code can wait: ``publish`` and ``handle`` are around ``bus.publish`` and
    synchronous handlers, ``publish_async`` and ``handle_async`` around ``bus.publish_async`` and async handlers. The
    guards of a handler (retry and the like) lie inside, so a retried handler counts once here.

    Middleware with one of such a pair alone would be passed over in silence by the other kind. That is refused: by
    ``include`` for handlers of the other kind, by the call for ``publish`` and ``publish_async``. To mean it, override the
    other as well and only proceed in it.

    Example:
        >>> from pubsub_devtools import BaseEvent, EventBus, event_handler
        >>> class Shout(Middleware):
        ...     def handle(self, event, handler, proceed):
        ...         print("->", event.type)
        ...         return proceed(event)
        >>> class Ping(BaseEvent): ...
        >>> bus = EventBus(middleware=[Shout()])
        >>> bus.include(event_handler(Ping)(lambda event: print("pong")))
        >>> _ = bus.publish(Ping())
        -> Ping
        pong
    """

    def publish(self, outgoing: Outgoing, proceed: Callable[[Outgoing], Receipt]) -> Receipt:
        """Stand around ``bus.publish``.

        Args:
            outgoing: The event with its key and headers.
            proceed: Publishes what it is given.

        Returns:
            The publisher's receipt.
        """
        return proceed(outgoing)

    async def publish_async(
        self, outgoing: Outgoing, proceed: Callable[[Outgoing], Awaitable[Receipt]]
    ) -> Receipt:
        """Stand around ``bus.publish_async``; as ``publish``, but ``proceed`` is awaited."""
        return await proceed(outgoing)

    def handle(self, event: BaseEvent, handler: str, proceed: Call) -> Any:
        """Stand around a synchronous handler. ``current_context()`` gives the envelope.

        Args:
            event: What the handler is to get.
            handler: The dotted name of the handler.
            proceed: Calls the handler with what it is given.

        Returns:
            What the handler returned.
        """
        return proceed(event)

    async def handle_async(self, event: BaseEvent, handler: str, proceed: Call) -> Any:
        """Stand around an async handler; as ``handle``, but ``proceed`` is awaited."""
        return await proceed(event)


def check_handled(middleware: Iterable[Middleware], handler: str, *, is_async: bool) -> None:
    """Refuse middleware that stands around handlers of the other kind alone.

    Raises:
        TypeError: There is some; the message says the way out.
    """
    has, lacks = ("handle", "handle_async") if is_async else ("handle_async", "handle")
    for each in middleware:
        if _overrides(each, has) and not _overrides(each, lacks):
            kind = "async" if is_async else "synchronous"
            raise TypeError(f"{handler} is {kind}, and {_half(each, has, lacks)}")


def around_publish(
    middleware: Sequence[Middleware], publish: Callable[[Outgoing], Receipt]
) -> Callable[[Outgoing], Receipt] | None:
    """Return ``publish`` inside of what is around it, or None where nothing is."""
    if half := _half_of_publish(middleware, "publish_async", "publish"):

        def refuse(_: Outgoing) -> Receipt:
            raise TypeError(half)

        return refuse
    layers = [each.publish for each in middleware if _overrides(each, "publish")]
    return reduce(_publish_inside, reversed(layers), publish) if layers else None


def around_publish_async(
    middleware: Sequence[Middleware], publish: Callable[[Outgoing], Awaitable[Receipt]]
) -> Callable[[Outgoing], Awaitable[Receipt]] | None:
    """Return the async ``publish`` inside of what is around it, or None where nothing is."""
    if half := _half_of_publish(middleware, "publish", "publish_async"):

        async def refuse(_: Outgoing) -> Receipt:
            raise TypeError(half)

        return refuse
    layers = [each.publish_async for each in middleware if _overrides(each, "publish_async")]
    return reduce(_publish_inside, reversed(layers), publish) if layers else None


def around_handler(middleware: Iterable[Middleware], name: str, call: Call, *, is_async: bool) -> Call:
    """Return the call of a handler inside of what is around it."""
    method = "handle_async" if is_async else "handle"
    layers = [getattr(each, method) for each in middleware if _overrides(each, method)]
    return reduce(lambda inner, layer: partial(_handle, layer, name, inner), reversed(layers), call)


def _publish_inside(inner: Callable[[Outgoing], Any], layer: Callable[..., Any]) -> Callable[[Outgoing], Any]:
    return lambda outgoing: layer(outgoing, inner)


def _handle(layer: Callable[..., Any], name: str, inner: Call, event: BaseEvent) -> Any:
    return layer(event, name, inner)


def _half_of_publish(middleware: Iterable[Middleware], has: str, lacks: str) -> str:
    found = (each for each in middleware if _overrides(each, has) and not _overrides(each, lacks))
    return next((f"bus.{lacks} cannot be called: {_half(each, has, lacks)}" for each in found), "")


def _half(middleware: Middleware, has: str, lacks: str) -> str:
    name, arguments = type(middleware).__qualname__, "outgoing" if lacks.startswith("publish") else "event"
    way_out = (
        f"return await proceed({arguments})" if lacks.endswith("_async") else f"return proceed({arguments})"
    )
    return (
        f"the middleware {name} overrides {has} alone, so it would be passed over: override {lacks} too "
        f"(`{way_out}` where there is nothing to do)"
    )


def _overrides(middleware: Middleware, method: str) -> bool:
    return getattr(type(middleware), method) is not getattr(Middleware, method)
