"""What the timed bus must do before it is timed: a bus that skips its work is fast."""

from __future__ import annotations

from pubsub_devtools import BaseEvent, Envelope, EventBus, current_context, event_handler


class Placed(BaseEvent):
    """Begins a chain."""


class Paid(BaseEvent):
    """Follows from it."""


async def prove() -> None:
    """Assert all of it, for sync and for async handlers."""
    _chained()
    await _chained_async()
    _isolated()


def _chained() -> None:
    bus, seen = EventBus(), list[Envelope]()

    def on_placed(event: Placed, envelope: Envelope) -> None:
        seen.append(envelope)
        bus.publish(Paid())

    def on_paid(event: Paid, envelope: Envelope) -> None:
        seen.append(envelope)

    bus.include(event_handler(Placed)(on_placed), event_handler(Paid)(on_paid))
    bus.publish(Placed())
    _check_chain(seen)


async def _chained_async() -> None:
    bus, seen = EventBus(), list[Envelope | None]()

    async def on_placed(event: Placed) -> None:
        seen.append(current_context())
        await bus.publish_async(Paid())

    async def on_paid(event: Paid) -> None:
        seen.append(current_context())

    bus.include(event_handler(Placed)(on_placed), event_handler(Paid)(on_paid))
    await bus.publish_async(Placed())
    _check_chain([each for each in seen if each])


def _check_chain(seen: list[Envelope]) -> None:
    placed, paid = seen
    assert placed.correlation_id == placed.id == paid.correlation_id == paid.causation_id
    assert paid.id != placed.id
    assert not placed.causation_id
    assert placed.traceparent[:36] == paid.traceparent[:36] != ""
    assert placed.traceparent != paid.traceparent


def _isolated() -> None:
    bus, heard = EventBus(), list[str]()

    def breaks(event: Placed) -> None:
        raise ValueError("on purpose")

    def hears(event: Placed) -> None:
        heard.append(event.id)

    bus.include(event_handler(Placed, priority=1)(breaks), event_handler(Placed)(hears))
    placed = Placed()
    try:
        bus.publish(placed)
    except ExceptionGroup as group:
        assert [type(error) for error in group.exceptions] == [ValueError]
    else:
        raise AssertionError("the failure was swallowed")
    assert heard == [placed.id]
