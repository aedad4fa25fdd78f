"""PSD003: an event is handled and nobody publishes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks.check import Check, EachEvent, Sample
from pubsub_devtools_analysis.checks.context import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Event, Finding, Severity
    from pubsub_devtools_analysis.checks.context import Context


def find(context: Context, event: Event) -> Iterator[Finding]:
    """An event that has handlers alone, at the first of them."""
    if not context.answers_for(event):
        return
    if context.slips.explains(event) or context.all_publishers(event.id):
        return
    sites = [s for s in context.sites(event.id, "handle") if s.certainty == "sure" and not s.origin]
    around = [site.place.path for site in sites]
    if not sites or context.balance.hides(event, "publish", around):
        return
    is_sure = context.balance.expects(event, "publish") and not context.mentions.of(event, "publish")
    severity: Severity = "warning" if is_sure else "hint"
    declared = [(site, "declared here") for site in context.sites(event.id, "declare")]
    message = f"{shown(event.name)} is handled, but nobody publishes it"
    others = [(site, "handled here too") for site in sites[1:]]
    yield context.finding("PSD003", message, sites[0], *declared, *others, severity=severity)


CHECK = Check(
    code="PSD003",
    name="never-published",
    severity="warning",
    summary="An event is handled, but nobody publishes it.",
    explanation="""\
The handler never runs: its publisher was removed, or publishes under another name. Whoever reads the handler believes
that something happens which does not.

A warning where the publisher should stand in this workspace: for events of the bus of this package, for Django and
blinker signals that are declared here, and on any bus within the process on which nearly all events have both sides here
(see PSD002). A hint elsewhere, shown with `--select PSD003`: topics and emitters are fed from outside, and tasks are sent by a
clock, a console or another service.

Not counted: events of the framework, those that match `external`, those that a linked graph, a wildcard or a binding
publishes, those that tests alone publish, and events near a publisher whose event could not be named. As with PSD002, a use
of the event that could not be followed makes the finding a hint, and so does a signal that is imported by a text and sent
(`import_string`), as tags of templates do: it may be any.

**What to do:** publish the event, or remove the handler; if it comes from elsewhere, say so with `external` or `linked`.
""",
    find=EachEvent(find),
    samples=(
        Sample(
            "The signal is declared here, and nobody sends it",
            """
# file: shop/__init__.py
# file: shop/signals.py
from django.dispatch import Signal

order_paid = Signal()
order_lost = Signal()
# file: shop/receivers.py
from django.dispatch import receiver

from shop.signals import order_lost, order_paid


@receiver(order_paid)
def send_receipt(sender, **kwargs):
    print("receipt")


@receiver(order_lost)
def search(sender, **kwargs):  # PSD003
    print("search")
# file: shop/till.py
from shop.signals import order_paid


def pay(order):
    order_paid.send(sender=type(order), order=order)
""",
        ),
        Sample(
            "An event of the bus that no code publishes",
            """
from pubsub_devtools import BaseEvent, event_handler


class OrderLost(BaseEvent):
    order_id: str


@event_handler(OrderLost)
def search(event: OrderLost) -> None:  # PSD003
    print("search", event.order_id)
""",
        ),
        Sample(
            "Built-in signals, tasks sent by a clock elsewhere, and topics come from outside",
            """
from celery import shared_task
from django.db.models.signals import post_save
from django.dispatch import receiver
from faststream.nats import NatsBroker

broker = NatsBroker()


@receiver(post_save)
def index(sender, **kwargs):
    print(sender)


@shared_task
def clean_up():
    print("clean")


@broker.subscriber("orders")
async def on_order(order: dict) -> None:
    print(order)
""",
        ),
        Sample(
            "A publisher nearby whose signal is only known at run time",
            """
import os

from blinker import signal


def on_lost(order):
    print(order)


signal("order-lost").connect(on_lost)
signal(os.environ["SIGNAL"]).send("shop")
""",
        ),
        Sample(
            "A tag of templates sends the signal that a template names",
            """
# file: shop/__init__.py
# file: shop/signals.py
from django.dispatch import Signal

html_below_order = Signal()
# file: shop/tags.py
from django.utils.module_loading import import_string


def html_signal(name, **kwargs):
    signal = import_string(name)
    return signal.send(sender=None, **kwargs)
# file: shop/receivers.py
from django.dispatch import receiver

from shop.signals import html_below_order


@receiver(html_below_order)
def add_note(sender, **kwargs):
    return "note"
""",
        ),
    ),
)
