"""What type checkers must know of the public names. Checked by mypy and pyright in `make lint`, never run.

Each expected error stands behind an ignore comment for both; a comment that is not needed is itself an error, so this file
fails as soon as a wrong program is accepted or a right one refused.
"""

from __future__ import annotations

from typing import assert_type

from pubsub_devtools import (
    BaseEvent,
    Envelope,
    EventBus,
    Receipt,
    current_context,
    event_bus,
    event_handler,
    event_schema,
    metadata,
    saga,
    step,
    tracer,
)


@event_schema(name="OrderPlaced", version="1.0.0")
class OrderPlaced(BaseEvent):
    """An ordinary event."""

    order_id: str
    total: int = 0


class Parcel(BaseEvent):
    """Fields may be called like our metadata, and have any type."""

    id: int
    type: float


order = OrderPlaced("o-1", 3)
assert_type(order.order_id, str)
assert_type(Parcel(1, 2.5).id, int)
assert_type(metadata(order).id, str)
order_id: str = order.id

OrderPlaced(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
OrderPlaced("o", 1, 2)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
OrderPlaced(total=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@event_handler(OrderPlaced)
def by_class(event: OrderPlaced) -> int:
    """The plain form; the result is kept."""
    return event.total


@event_handler(OrderPlaced, when=lambda order: order.total > 100)
def wants_large_ones(event: OrderPlaced) -> None:
    """A predicate gets what the handler gets."""


@event_handler(OrderPlaced, when=lambda order: order.weight > 100)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownLambdaType, reportUnknownMemberType]
def wants_what_there_is_not(event: OrderPlaced) -> None:
    """Wrong: an order has no weight."""


@event_handler(OrderPlaced, Parcel, priority=3)
async def by_two_classes(event: OrderPlaced | Parcel, envelope: Envelope) -> None:
    """Several events, async, with the envelope."""


@event_handler(OrderPlaced)
def takes_the_base(event: BaseEvent) -> None:
    """A handler may take more than it is given."""


@event_handler("OrderPlaced", "parcels.*")
def by_name(event: OrderPlaced) -> None:
    """A name says nothing about the type; the bus checks it at include."""


@event_handler(OrderPlaced)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue, reportUntypedFunctionDecorator]
def takes_another(event: Parcel) -> None:
    """Wrong: it is declared for another event than it takes."""


@event_handler(OrderPlaced, Parcel)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue, reportUntypedFunctionDecorator]
def takes_one_of_two(event: Parcel) -> None:
    """Wrong: it will be given orders too."""


@event_handler(int)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType, reportCallIssue, reportUntypedFunctionDecorator]
def takes_no_event(event: int) -> None:
    """Wrong: an int is no event."""


@saga("Fulfil")
class Fulfil:
    """Methods are decorated like functions, and stay methods."""

    @step(compensating_action="undo")
    @event_handler(OrderPlaced)
    def place(self, event: OrderPlaced) -> str:
        """Do it."""
        return event.order_id

    def undo(self) -> None:
        """Undo it."""


assert_type(by_class(order), int)
assert_type(Fulfil().place(order), str)
assert_type(event_bus, EventBus)
assert_type(EventBus().publish(order), Receipt)
assert_type(current_context(), Envelope | None)
EventBus().publish("OrderPlaced")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
EventBus(providers={str: lambda: "value"}, validation="strict")
EventBus(validation="sloppy")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
with tracer.span("step", attributes={"n": 1}) as span:
    assert_type(span.trace.traceparent, str)
