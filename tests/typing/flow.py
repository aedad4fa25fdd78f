"""What type checkers must know of queues, batches, requests and the schedule; see `handlers.py`."""

from __future__ import annotations

from typing import assert_type

from pubsub_devtools import BaseEvent, EventBus, Receipt, ScheduledEvent, event_handler, schedule_event


class Asked(BaseEvent):
    """A request."""

    sku: str


class Price(BaseEvent):
    """Its reply."""

    cents: int


@event_handler(Asked, workers=4, queue_size=10, overflow="drop_oldest", ordered_by="sku", dlq=True)
async def single(event: Asked) -> Price:
    """Right."""
    return Price(len(event.sku))


@event_handler(Asked, batch=100, window=0.5, workers=2)
def many(events: list[Asked]) -> int:
    """Right: it takes a list."""
    return len(events)


class Holder:
    """Methods take batches too."""

    @event_handler(Asked, batch=100)
    async def many(self, events: list[Asked]) -> None:
        """Right."""


@event_handler(Asked, batch=100)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue, reportUntypedFunctionDecorator]
def takes_one(event: Asked) -> None:
    """Wrong: it will be given a list."""


@event_handler(Asked, overflow="wait")  # type: ignore[call-overload, untyped-decorator]  # pyright: ignore[reportArgumentType, reportCallIssue, reportUntypedFunctionDecorator]
def waits(event: Asked) -> None:
    """Wrong: no such overflow."""


async def ask(bus: EventBus) -> None:
    """What each call gives."""
    assert_type(await bus.request(Asked("tea"), Price, timeout=1), Price)
    assert_type(bus.request_sync(Asked("tea"), Price), Price)
    assert_type(await bus.request(Asked("tea")), BaseEvent)
    assert_type(bus.publish_many([Asked("tea")]), list[Receipt])
    assert_type(bus.schedule(Asked("tea"), delay=1), ScheduledEvent)
    assert_type(schedule_event(Asked("tea"), at=1.0), ScheduledEvent)
    schedule_event("tea", delay=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    async with bus as same:
        assert_type(same, EventBus)


assert_type(many([Asked("tea")]), int)
