"""PSD005: a publisher gives a field that its event does not have."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from pubsub_devtools.model import Finding, Related
from pubsub_devtools_analysis.checks.check import Check, EachFile, Sample
from pubsub_devtools_analysis.checks.context import shown
from pubsub_devtools_analysis.checks.paths import is_always_with
from pubsub_devtools_analysis.checks.takers import takers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import FieldUse, Site
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.checks.takers import Taker


def find(context: Context, path: str) -> Iterator[Finding]:
    """Each key of a sure publisher that whoever takes it does not know."""
    for site in context.with_fields(context.sure_publishers(path)):
        uses = {use.name.partition(".")[0]: use for use in reversed(site.keys)}
        keys = dict.fromkeys(use.name.partition(".")[0] for use in site.keys)
        for taker in takers(context, site):
            known = {name for field in taker.record.fields for name in (field.name, *field.aliases)}
            for key in keys:
                if not taker.record.open and key not in known and _is_given(context, site, uses[key]):
                    name = context.index.events[site.event].name
                    message = (
                        f"{shown(name)} is published with {shown(key)}, which {taker.words} does not have"
                    )
                    other = Related(taker.place, _words(taker, key, known - keys.keys()))
                    hint = get_close_matches(key, sorted(known - keys.keys()), 1)
                    message += f"; did you mean {shown(hint[0])}?" if hint else ""
                    yield Finding("PSD005", "error", message, site.place, site.symbol, site.event, (other,))


def _is_given(context: Context, site: Site, use: FieldUse) -> bool:
    """Whether a key comes with every publish there: one that a branch adds may be meant for another publisher."""
    is_here = use.place.path == site.place.path
    return is_always_with(context.tree(use.place.path), use.place.line, site.place.line if is_here else 0)


def _words(taker: Taker, key: str, free: set[str]) -> str:
    return f"{taker.words} has no {shown(key)}" + (f"; not given: {', '.join(sorted(free))}" if free else "")


CHECK = Check(
    code="PSD005",
    name="unknown-field",
    severity="error",
    summary="A publisher gives a field that its event does not have.",
    explanation="""\
A task or receiver that is called with an argument which it does not take raises a `TypeError`, and so does a dataclass. A
pydantic model drops the field without a word, so that what was meant to be told is lost.

Compared is what is given at the publisher with the fields of the class that carries the event, with the parameters of
the task, or with those of each receiver of a signal. Nothing is said of what takes anything (`**kwargs`,
`extra="allow"`), nor where PSD004 would not look either.

**What to do:** write the field's name as it is declared, or declare it.
""",
    find=EachFile(find),
    samples=(
        Sample(
            "A field under another name",
            """
from pubsub_devtools import BaseEvent, event_bus, event_handler


class OrderPlaced(BaseEvent):
    order_id: str
    comment: str = ""


@event_handler(OrderPlaced)
def confirm(event: OrderPlaced) -> None:
    print("confirm", event.order_id, event.comment)


def place(order_id: str) -> None:
    event_bus.publish(OrderPlaced(order_id=order_id, coment="soon"))  # PSD005
    event_bus.publish(OrderPlaced(order_id=order_id, comment="soon"))
""",
        ),
        Sample(
            "Arguments that a task does not take",
            """
from celery import shared_task


@shared_task
def charge(order_id, amount=0):
    print("charge", order_id, amount)


@shared_task
def log(message, **details):
    print("log", message, details)


def pay(order_id):
    charge.delay(order_id, total=5)  # PSD005
    charge.apply_async(kwargs={"order_id": order_id, "amount": 5}, countdown=10)
    charge.apply_async((order_id,), {"sum": 5})  # PSD005
    log.delay("paid", order_id=order_id)
""",
        ),
        Sample(
            "What one branch adds may be for one task alone",
            """
from celery import shared_task


@shared_task
def export_table(user, delimiter=","):
    print("table", user, delimiter)


@shared_task
def export_archive(user):
    print("archive", user)


def export(kind, user, options):
    arguments = {"user": user}
    if kind == "table":
        arguments["delimiter"] = options["delimiter"]
        export_table.apply_async((), arguments)
    else:
        export_archive.apply_async((), arguments)
""",
        ),
        Sample(
            "An option of `apply_async` that `delay` hands to the task",
            """
from celery import shared_task


@shared_task
def announce(number):
    print("announce", number)


def plan(number, when):
    announce.delay(number, eta=when)  # PSD005
    announce.apply_async((number,), eta=when)
""",
        ),
        Sample(
            "A model that keeps what it does not know, and one that takes another name",
            """
from pydantic import ConfigDict, Field

from pubsub_devtools import BaseEvent, event_bus, event_handler


class OrderPlaced(BaseEvent):
    model_config = ConfigDict(extra="allow")
    order_id: str


class OrderPaid(BaseEvent):
    order_id: str = Field(alias="orderId")


@event_handler(OrderPlaced)
@event_handler(OrderPaid)
def confirm(event: OrderPlaced | OrderPaid) -> None:
    print("confirm", event.order_id)


event_bus.publish(OrderPlaced(order_id="7", colour="red"))
event_bus.publish(OrderPaid(orderId="7"))
""",
        ),
    ),
)
