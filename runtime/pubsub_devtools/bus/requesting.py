"""The part of `EventBus` that asks: requests, and their replies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar, overload

from pubsub_devtools.bus.equipped import Equipped
from pubsub_devtools.bus.loops import running_loop
from pubsub_devtools.bus.middleware import Outgoing
from pubsub_devtools.schema.event import BaseEvent

if TYPE_CHECKING:
    from pubsub_devtools.bus.replies import Answers, Pending

Reply = TypeVar("Reply", bound=BaseEvent)


class Requesting(Equipped):
    """What a bus asks."""

    @overload
    async def request(
        self,
        event: BaseEvent,
        *,
        timeout: float | None = ...,
        key: str = ...,
        headers: Mapping[str, str] | None = ...,
    ) -> BaseEvent: ...
    @overload
    async def request(
        self,
        event: BaseEvent,
        reply: type[Reply],
        *,
        timeout: float | None = ...,
        key: str = ...,
        headers: Mapping[str, str] | None = ...,
    ) -> Reply: ...
    async def request(
        self,
        event: BaseEvent,
        reply: type[BaseEvent] = BaseEvent,
        *,
        timeout: float | None = 30.0,
        key: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> BaseEvent:
        """Publish an event and wait for the first reply.

        A handler replies by returning an event, or by ``reply(event)`` wherever its work has got to. All handlers run to
        their end, also after the first reply, a timeout, or the cancellation of this call; their errors are logged.

        Args:
            event: The request.
            reply: The class of the reply; others do not count.
            timeout: Seconds to wait at most; None waits as long as handlers run.
            key: As of ``publish``.
            headers: As of ``publish``.

        Raises:
            NoResponderError: Nothing handles the event.
            NoReplyError: All handlers have ended, and none has replied.
            RequestFailedError: None has replied, and one has failed, which is the cause.
            RequestTimeoutError: No reply came in time.

        Example:
            >>> import asyncio
            >>> from pubsub_devtools import BaseEvent, EventBus, event_handler
            >>> class GetPrice(BaseEvent):
            ...     sku: str
            >>> class Price(BaseEvent):
            ...     cents: int
            >>> @event_handler(GetPrice)
            ... async def price(event: GetPrice) -> Price:
            ...     return Price(300)
            >>> bus = EventBus()
            >>> bus.include(price)
            >>> asyncio.run(bus.request(GetPrice("tea"), Price, timeout=2)).cents
            300
        """
        pending = await self._asked(event, reply, timeout, key, headers, first=True)
        return pending.first()

    async def request_all(
        self,
        event: BaseEvent,
        reply: type[BaseEvent] = BaseEvent,
        *,
        timeout: float | None = 30.0,
        key: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answers:
        """Publish an event and gather the replies of all its handlers: as ``request``, but nothing of it is raised.

        Returns:
            Who replied, who failed, who ended without a reply, and who was not done in time.
        """
        return (await self._asked(event, reply, timeout, key, headers, first=False)).all()

    @overload
    def request_sync(
        self,
        event: BaseEvent,
        *,
        timeout: float | None = ...,
        key: str = ...,
        headers: Mapping[str, str] | None = ...,
    ) -> BaseEvent: ...
    @overload
    def request_sync(
        self,
        event: BaseEvent,
        reply: type[Reply],
        *,
        timeout: float | None = ...,
        key: str = ...,
        headers: Mapping[str, str] | None = ...,
    ) -> Reply: ...
    def request_sync(
        self,
        event: BaseEvent,
        reply: type[BaseEvent] = BaseEvent,
        *,
        timeout: float | None = 30.0,
        key: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> BaseEvent:
        """Publish an event and block until the first reply: as ``request``, for code without a loop.

        Handlers run on threads and on the bus's own loop.

        Raises:
            RequestError: As ``request``.
            RuntimeError: A loop runs in this thread, which must not be blocked.
        """
        if running_loop() is not None:
            raise RuntimeError("request_sync would block the running loop: 'await bus.request(event)'")
        return self._deliveries.run(self.request(event, reply, timeout=timeout, key=key, headers=headers))

    async def _asked(
        self,
        event: BaseEvent,
        kind: type[BaseEvent],
        timeout: float | None,
        key: str,
        headers: Mapping[str, str] | None,
        *,
        first: bool,
    ) -> Pending:
        from pubsub_devtools.bus.asking import asked  # noqa: PLC0415 - most buses are asked nothing

        return await asked(
            self._deliveries,
            Outgoing(event, key, headers),
            lambda outgoing: (
                self._plan(outgoing.event),
                self._delivery(outgoing.event, outgoing.key, outgoing.headers),
            ),
            self._assembly.middleware,
            kind,
            timeout,
            first=first,
        )
