"""The part of `EventBus` where time passes: events that follow later, requests, many events at once, and the end."""

from __future__ import annotations

import asyncio
import logging
import signal
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from pubsub_devtools.bus.context import current_delivery
from pubsub_devtools.bus.delivering import told
from pubsub_devtools.bus.equipped import Equipped
from pubsub_devtools.bus.flow import running_loop
from pubsub_devtools.bus.middleware import Outgoing
from pubsub_devtools.bus.receipt import Receipt
from pubsub_devtools.schema.event import BaseEvent

if TYPE_CHECKING:
    from pubsub_devtools.bus.context import Delivery
    from pubsub_devtools.bus.plan import Plan
    from pubsub_devtools.bus.replies import Answers, Pending
    from pubsub_devtools.bus.schedule import ScheduledEvent
    from pubsub_devtools.bus.timers import Timers

_log = logging.getLogger("pubsub_devtools")

Reply = TypeVar("Reply", bound=BaseEvent)


class OverTime(Equipped):
    """What a bus does later, again, at once with many, and last."""

    @abstractmethod
    def publish(
        self, event: BaseEvent, *, key: str = "", headers: Mapping[str, str] | None = None
    ) -> Receipt:
        """Take an event to its handlers."""

    @abstractmethod
    async def publish_async(
        self, event: BaseEvent, *, key: str = "", headers: Mapping[str, str] | None = None
    ) -> Receipt:
        """Take an event to its handlers and await them."""

    @abstractmethod
    def _plan(self, event: BaseEvent) -> Plan: ...

    @abstractmethod
    def _delivery(self, event: BaseEvent, key: str, headers: Mapping[str, str] | None) -> Delivery: ...

    @property
    def timers(self) -> Timers:
        """The timers of this bus; ``timers.by_hand(clock)`` stops their thread and lets ``timers.fire_due()`` fire them."""
        return self._deliveries.flows.timers

    def schedule(
        self,
        event: BaseEvent,
        *,
        delay: float | timedelta | None = None,
        at: datetime | float | None = None,
        key: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> ScheduledEvent:
        """Publish an event later, in the chain and the context of now.

        It is published on the loop that runs now; where none does, or it has ended by then, on a thread. Nobody waits for
        it, so errors of its handlers are logged. It is kept in memory: what is scheduled ends with the process.

        Args:
            event: What will have happened.
            delay: Seconds from now; setting the system's time changes nothing.
            at: A datetime with a time zone, or seconds since 1970, by the system's time whatever becomes of it.
            key: As of ``publish``.
            headers: As of ``publish``.

        Returns:
            A handle: ``cancel()``, ``state``, and later ``receipt``.

        Raises:
            TypeError: Not exactly one of ``delay`` and ``at`` is given.
            ValueError: The delay is negative, or the datetime has no time zone.

        Example:
            >>> from pubsub_devtools import BaseEvent, EventBus, event_handler
            >>> class Remind(BaseEvent): ...
            >>> bus, now = EventBus(), 0.0
            >>> bus.include(event_handler(Remind)(lambda event: print("remember")))
            >>> with bus.timers.by_hand(lambda: now):
            ...     handle = bus.schedule(Remind(), delay=3600)
            ...     now = 3600.0
            ...     bus.timers.fire_due()
            remember
            1
        """
        from pubsub_devtools.bus.schedule import ScheduledEvent, when  # noqa: PLC0415 - most buses schedule nothing

        seconds, instant = when(delay, at)
        flows = self._deliveries.flows
        scheduled = ScheduledEvent(
            event,
            lambda: self._deliveries.alone(lambda: self.publish(event, key=key, headers=headers)),
            flows.means,
        )
        scheduled.start(flows.timers, seconds, instant)
        return scheduled

    async def request(
        self,
        event: BaseEvent,
        reply: type[Reply] = BaseEvent,  # type: ignore[assignment]  # pyright: ignore[reportArgumentType]
        *,
        timeout: float | None = 30.0,
        key: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
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
        answer = pending.first()
        assert isinstance(answer, reply)
        return answer

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

    def request_sync(
        self,
        event: BaseEvent,
        reply: type[Reply] = BaseEvent,  # type: ignore[assignment]  # pyright: ignore[reportArgumentType]
        *,
        timeout: float | None = 30.0,
        key: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Publish an event and block until the first reply: as ``request``, for code without a loop.

        Handlers run on threads and on the bus's own loop.

        Raises:
            RequestError: As ``request``.
            RuntimeError: A loop runs in this thread, which must not be blocked.
        """
        if running_loop() is not None:
            raise RuntimeError("request_sync would block the running loop: 'await bus.request(event)'")
        return self._deliveries.run(self.request(event, reply, timeout=timeout, key=key, headers=headers))

    def publish_many(
        self, events: Iterable[BaseEvent], *, key: str = "", headers: Mapping[str, str] | None = None
    ) -> list[Receipt]:
        """Publish events one after the other, each as by ``publish``.

        Returns:
            A receipt for each, in their order.

        Raises:
            ExceptionGroup: Handlers failed; all events were published all the same. It holds the group of each event.
        """
        receipts: list[Receipt] = []
        with _gathered(receipts) as failed:
            for event in events:
                try:
                    receipts.append(self.publish(event, key=key, headers=headers))
                except ExceptionGroup as error:
                    failed.append(error)
        return receipts

    async def publish_many_async(
        self, events: Iterable[BaseEvent], *, key: str = "", headers: Mapping[str, str] | None = None
    ) -> list[Receipt]:
        """Publish events one after the other, each as by ``publish_async``: the next when the handlers of one have ended.

        Returns:
            A receipt for each, in their order.

        Raises:
            ExceptionGroup: Handlers failed; all events were published all the same. It holds the group of each event.
        """
        receipts: list[Receipt] = []
        with _gathered(receipts) as failed:
            for event in events:
                try:
                    receipts.append(await self.publish_async(event, key=key, headers=headers))
                except ExceptionGroup as error:
                    failed.append(error)
        return receipts

    async def drain(self, timeout: float | None = None) -> None:
        """Wait until nothing is under way: scheduled handlers, queues, batches, requests, and what these publish.

        Incomplete batches do not wait to be filled meanwhile. What is scheduled for later is not waited for.

        Args:
            timeout: Seconds to wait at most; None waits for ever. The handlers are not cancelled.

        Raises:
            TimeoutError: Something is still under way; it says what.
            RuntimeError: It was called inside a handler, which would wait for itself.
        """
        await self._deliveries.drain(timeout)

    def close(self, timeout: float | None = 30.0) -> None:
        """Wait for what is under way, then stop the bus's loop and timers. A later publish starts them again.

        Inside a running loop it does not wait: ``await bus.aclose()`` does. What is left then is given up, and said in a
        WARNING: events in queues, whose receipts tell so, and events that are scheduled for later.

        Args:
            timeout: Seconds to wait at most; None waits for ever.
        """
        if running_loop() is None and current_delivery() is None:
            self._deliveries.wait(timeout)
        self._stop()

    async def aclose(self, timeout: float | None = 30.0) -> None:
        """Wait for what is under way, then stop the bus's loop and timers: as ``close``, without blocking the loop."""
        with suppress(TimeoutError):
            await self.drain(timeout)
        self._stop()

    async def run_until_stopped(
        self,
        *signals: signal.Signals,
        grace: float | None = 30.0,
        started: Callable[[], object] = lambda: None,
    ) -> signal.Signals:
        """Serve until a signal asks the process to end, then close: what is under way has ``grace`` seconds to end.

        Args:
            signals: Those to end at, SIGTERM and SIGINT if none is given. Works in the main thread, as Python demands.
            grace: Seconds to wait for what is under way; a second signal ends the wait.
            started: Called once the signals are heard.

        Returns:
            The signal that came.
        """
        loop, came = asyncio.get_running_loop(), asyncio.Queue[signal.Signals]()

        def heard(number: int, _: object) -> None:
            loop.call_soon_threadsafe(came.put_nowait, signal.Signals(number))

        asked = signals or (signal.SIGTERM, signal.SIGINT)
        before = {each: signal.signal(each, heard) for each in asked}
        try:
            started()
            first = await came.get()
            closing = asyncio.ensure_future(self.aclose(grace))
            hurried = asyncio.ensure_future(came.get())
            await asyncio.wait((closing, hurried), return_when=asyncio.FIRST_COMPLETED)
            hurried.cancel()
            if not closing.done():
                closing.cancel()
                self._stop()
            return first
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def _stop(self) -> None:
        running = self._deliveries.left()
        waiting = self._deliveries.close()
        if running or waiting:
            _log.warning("the bus was closed with %s left; given up: %s", told(running), told(waiting))

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


class _gathered:  # noqa: N801 - used as a function
    """Raises what was gathered inside, if anything was."""

    def __init__(self, receipts: list[Receipt]) -> None:
        self._receipts = receipts
        self._failed: list[ExceptionGroup[Exception]] = []

    def __enter__(self) -> list[ExceptionGroup[Exception]]:
        return self._failed

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is None and self._failed:
            count = len(self._failed)
            raise ExceptionGroup(
                f"handlers of {count} of {count + len(self._receipts)} events failed", self._failed
            )
