"""PSD001: an event's name is nearly, but not quite, that of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks.check import Check, EachEvent, Sample
from pubsub_devtools_analysis.checks.context import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Event, Finding, Site
    from pubsub_devtools_analysis.checks.context import Context


def find(context: Context, event: Event) -> Iterator[Finding]:
    """An event that has one side alone and whose name is close to one that has the other."""
    slip = context.slips.of(event.id)
    if slip is None:
        return
    if slip.meant is None:
        message = f"no event is called {shown(event.name)}"
    else:
        verb = {"publish": "handles", "handle": "publishes"}[slip.side]
        message = f"nobody {verb} {shown(event.name)}; did you mean {shown(slip.meant.name)}?"
    related: list[tuple[Site, str]] = []
    if slip.meant is not None:
        other = next(s for s in context.index.sites_of(slip.meant.id) if s.kind != slip.side)
        verb = {"publish": "published", "handle": "handled", "declare": "declared"}[other.kind]
        related.append((other, f"{shown(slip.meant.name)} is {verb} here"))
    for site in slip.sites:
        yield context.finding("PSD001", message, site, *related, severity="error")


CHECK = Check(
    code="PSD001",
    name="unknown-event",
    severity="error",
    summary="An event's name is nearly, but not quite, that of another.",
    explanation="""\
A name written as text is not checked by Python: a publisher of `order.created` and a handler of `order.creatd` never
meet, and nothing fails.

Reported is a name with one side alone (published or handled) that differs from a name with the other side by its
separators and capitals only, or by one slip in a word of five letters or more. Digits are never taken for a slip, nor a
plural, unless both names lack a side; then it is told once, at the publisher. On the bus of this package a name must also be that of a declared event.

Not reported: names that only tests use, names made at run time, framework events, `external` and linked ones. Tasks have
a check of their own, PSD019.

**What to do:** write the name once, as a constant, an enum member or an event class, and use that on both sides.
""",
    find=EachEvent(find),
    samples=(
        Sample(
            "A slip in a subject",
            """
import nats


async def on_created(msg):
    print(msg.data)


async def main():
    nc = await nats.connect("nats://localhost:4222")
    await nc.subscribe("orders.created", cb=on_created)
    await nc.publish("orders.craeted", b"7")  # PSD001
""",
        ),
        Sample(
            "Another separator on the other side",
            """
from pyee import EventEmitter

emitter = EventEmitter()


@emitter.on("order-placed")
def confirm(order):
    print(order)


@emitter.on("order_paid")
def receipt(order):
    print(order)


emitter.emit("order_placed", 7)  # PSD001
emitter.emit("order_paid", 7)
""",
        ),
        Sample(
            "A handler of a name that no event class has",
            """
from pubsub_devtools import BaseEvent, event_bus, event_handler


class OrderPlaced(BaseEvent):
    order_id: str


@event_handler("OrderPlacd")
def confirm(event) -> None:  # PSD001
    print(event)


@event_handler(OrderPlaced)
def reserve(event: OrderPlaced) -> None:
    print(event)


event_bus.publish(OrderPlaced(order_id="7"))
""",
        ),
        Sample(
            "Names that are alike by intent: versions, plurals, opposites, short words",
            """
import nats


async def on_message(msg):
    print(msg.data)


async def main():
    nc = await nats.connect("nats://localhost:4222")
    await nc.subscribe("orders.v1", cb=on_message)
    await nc.subscribe("orders.item", cb=on_message)
    await nc.subscribe("orders.enabled", cb=on_message)
    await nc.subscribe("door.on", cb=on_message)
    await nc.publish("orders.v1", b"7")
    await nc.publish("orders.item", b"7")
    await nc.publish("orders.enabled", b"7")
    await nc.publish("door.on", b"7")
    await nc.publish("orders.v2", b"7")
    await nc.publish("orders.items", b"7")
    await nc.publish("orders.disabled", b"7")
    await nc.publish("door.off", b"7")
""",
        ),
    ),
)
