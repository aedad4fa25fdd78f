"""PSD002: an event is published and nobody handles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks.check import Check, EachEvent, Sample
from pubsub_devtools_analysis.checks.context import shown
from pubsub_devtools_analysis.queries.tasks import TASKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Event, Finding, Severity
    from pubsub_devtools_analysis.checks.context import Context


def find(context: Context, event: Event) -> Iterator[Finding]:
    """An event that has publishers alone, at the first of them."""
    if not context.answers_for(event):
        return
    if event.transport in TASKS or context.slips.explains(event) or context.handlers(event.id):
        return
    sites = [s for s in context.sites(event.id, "publish") if s.certainty == "sure" and not s.origin]
    if not sites or any(s.certainty != "sure" for s in context.index.sites_of(event.id, "publish")):
        return
    around = [site.place.path for site in sites]
    if context.balance.hides(event, "handle", around):
        return
    is_sure = context.balance.expects(event, "handle") and not context.mentions.of(event, "handle")
    severity: Severity = "warning" if is_sure else "hint"
    declared = [(site, "declared here") for site in context.sites(event.id, "declare")]
    message = f"{shown(event.name)} is published, but nobody handles it"
    others = [(site, "published here too") for site in sites[1:]]
    yield context.finding("PSD002", message, sites[0], *declared, *others, severity=severity)


_FIVE = """
# file: shop/__init__.py
# file: shop/signals.py
from blinker import Namespace

names = Namespace()
placed = names.signal("placed")
paid = names.signal("paid")
packed = names.signal("packed")
sent = names.signal("sent")
lost = names.signal("lost")
# file: shop/desk.py
from shop import signals


def run(order):
    signals.placed.send(order)
    signals.paid.send(order)
    signals.packed.send(order)
    signals.sent.send(order)
    signals.lost.send(order){mark}


@signals.placed.connect
def on_placed(order):
    print(order)


@signals.paid.connect
def on_paid(order):
    print(order)


@signals.packed.connect
def on_packed(order):
    print(order)


@signals.sent.connect
def on_sent(order):
    print(order)
"""

CHECK = Check(
    code="PSD002",
    name="never-handled",
    severity="warning",
    summary="An event is published, but nobody handles it.",
    explanation="""\
The publisher does its work for nobody: the handler was removed, was never registered, or listens to another name.

Many events are *meant* for others: the signals of a reusable app, topics that another team consumes, hooks for plugins.
So this is a warning only where an event's neighbours show that handlers live in this workspace: on the bus of this
package, and on any other that stays within the process, on which at least four events have both sides here and they are at
least 80 % of those published. Elsewhere the finding is a hint, shown with `--select PSD002`: who reads a broker's topics
cannot be known. Tasks are not judged here: what is sent by a name that no task has is told by PSD019.

Not counted as unhandled: events of the framework, events that match `external` in the settings, events of which a linked
graph has a handler, events that a wildcard or binding leads on, and events near a handler whose event could not be named.
Where the event's variable, constant or name is used in a way that could not be followed (handed to a function, kept in an
attribute or table), the finding is a hint too.

**What to do:** register the handler, or remove the publisher; if others consume the event, say so: `external =
["orders.*"]`, or link their graph with `linked`.
""",
    find=EachEvent(find),
    samples=(
        Sample(
            "Nobody handles the event",
            """
from pubsub_devtools import BaseEvent, EventBus, event_handler


class OrderPlaced(BaseEvent):
    order_id: str


class OrderLost(BaseEvent):
    order_id: str


@event_handler(OrderPlaced)
def confirm(event: OrderPlaced) -> None:
    print("confirmed", event.order_id)


bus = EventBus()
bus.include(confirm)
bus.publish(OrderPlaced(order_id="7"))
bus.publish(OrderLost(order_id="8"))  # PSD002
""",
        ),
        Sample(
            "The only signal of an application among five that nobody receives",
            _FIVE.format(mark="  # PSD002"),
        ),
        Sample(
            "Text that reads like a signal's name is no use of it",
            _FIVE.format(mark="  # PSD002") + '# file: shop/log.py\nLOST = "lost"\nTEXTS = {LOST: "lost"}\n',
        ),
        Sample(
            "Text by which the signal is looked up is one",
            _FIVE.format(mark="")
            + '# file: shop/late.py\nfrom shop import signals\n\n\ndef search():\n    return getattr(signals, "lost")\n',
        ),
        Sample(
            "A library's signals are meant for those who install it",
            """
from django.dispatch import Signal

page_published = Signal()


def publish(page):
    page_published.send(sender=type(page), page=page)
""",
        ),
        Sample(
            "A topic of which another service, or a person at a shell, may be the reader",
            """
import nats


async def on_message(msg):
    print(msg.data)


async def main():
    nc = await nats.connect("nats://localhost:4222")
    for_all = [
        await nc.subscribe("placed", cb=on_message),
        await nc.subscribe("paid", cb=on_message),
        await nc.subscribe("packed", cb=on_message),
        await nc.subscribe("sent", cb=on_message),
    ]
    await nc.publish("placed", b"7")
    await nc.publish("paid", b"7")
    await nc.publish("packed", b"7")
    await nc.publish("sent", b"7")
    await nc.publish("counted.apples", b"7")
    print(for_all)
""",
        ),
        Sample(
            "A pattern hears it",
            """
from pubsub_devtools import BaseEvent, event_bus, event_handler, event_schema


@event_schema(name="orders.lost", version="1.0.0")
class OrderLost(BaseEvent):
    order_id: str


@event_handler("orders.*")
def audit(event) -> None:
    print(event)


event_bus.publish(OrderLost(order_id="8"))
""",
        ),
        Sample(
            "The settings say that others handle it",
            """
from pubsub_devtools import BaseEvent, event_bus


class OrderLost(BaseEvent):
    order_id: str


event_bus.publish(OrderLost(order_id="8"))
""",
            config='[tool.pubsub-devtools]\nexternal = ["Order*"]\n',
        ),
    ),
)
