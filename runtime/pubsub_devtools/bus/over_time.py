"""The part of `EventBus` where time passes: events that follow later, and many events one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from pubsub_devtools.bus.ending import Ending
from pubsub_devtools.bus.failing import HandlersFailedError
from pubsub_devtools.bus.receipt import Receipt
from pubsub_devtools.bus.requesting import Requesting
from pubsub_devtools.schema.event import BaseEvent

if TYPE_CHECKING:
    from pubsub_devtools.bus.schedule import ScheduledEvent
    from pubsub_devtools.bus.timers import Timers


Reply = TypeVar("Reply", bound=BaseEvent)


class OverTime(Ending, Requesting):
    """What a bus does later, and with many."""

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
            TypeError: Not exactly one of ``delay`` and ``at`` is given, or it is no time, or the event is none.
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

        if not isinstance(event, BaseEvent):  # pyright: ignore[reportUnnecessaryIsInstance] - it would fail later, alone
            raise TypeError(f"schedule takes an instance of a BaseEvent, not {event!r}")
        seconds, instant = when(delay, at)
        flows = self._deliveries.flows
        scheduled = ScheduledEvent(
            event,
            lambda: self._deliveries.alone(lambda: self.publish(event, key=key, headers=headers)),
            flows.means,
        )
        scheduled.start(flows.timers, seconds, instant)
        return scheduled

    def publish_many(
        self, events: Iterable[BaseEvent], *, key: str = "", headers: Mapping[str, str] | None = None
    ) -> list[Receipt]:
        """Publish events one after the other, each as by ``publish``.

        Returns:
            A receipt for each, in their order.

        Raises:
            ExceptionGroup: Handlers failed; all events were published all the same. It holds the group of each
                event, with its ``receipt``.
        """
        receipts: list[Receipt] = []
        with _gathered(receipts) as failed:
            for event in events:
                try:
                    receipts.append(self.publish(event, key=key, headers=headers))
                except HandlersFailedError as error:
                    failed.append(error)
                    receipts.append(error.receipt)
        return receipts

    async def publish_many_async(
        self, events: Iterable[BaseEvent], *, key: str = "", headers: Mapping[str, str] | None = None
    ) -> list[Receipt]:
        """Publish events one after the other, each as by ``publish_async``: the next when the handlers of one have ended.

        Returns:
            A receipt for each, in their order.

        Raises:
            ExceptionGroup: Handlers failed; all events were published all the same. It holds the group of each
                event, with its ``receipt``.
        """
        receipts: list[Receipt] = []
        with _gathered(receipts) as failed:
            for event in events:
                try:
                    receipts.append(await self.publish_async(event, key=key, headers=headers))
                except HandlersFailedError as error:
                    failed.append(error)
                    receipts.append(error.receipt)
        return receipts


class _gathered:  # noqa: N801 - used as a function
    """Raises what was gathered inside, if anything was."""

    def __init__(self, receipts: list[Receipt]) -> None:
        self._receipts = receipts
        self._failed: list[HandlersFailedError] = []

    def __enter__(self) -> list[HandlersFailedError]:
        return self._failed

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is None and self._failed:
            count = len(self._failed)
            raise ExceptionGroup(f"handlers of {count} of {len(self._receipts)} events failed", self._failed)
