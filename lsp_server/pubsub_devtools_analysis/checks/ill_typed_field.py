"""PSD006: a publisher gives a literal that its event's field cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools.model import Finding, Related
from pubsub_devtools.model.field_type import Anything, Scalar, Unknown
from pubsub_devtools.schema.spelling import spell
from pubsub_devtools_analysis.checks.check import Check, EachFile, Sample
from pubsub_devtools_analysis.checks.context import shown
from pubsub_devtools_analysis.checks.literals import given, spelled, takes
from pubsub_devtools_analysis.checks.paths import is_always_with
from pubsub_devtools_analysis.checks.takers import takers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import FieldUse, Site
    from pubsub_devtools.model.field_type import FieldType, RecordField
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.checks.takers import Taker

_PLAIN = frozenset({"int", "str", "float", "bool", "bytes", "None", "dict"})


def find(context: Context, path: str) -> Iterator[Finding]:
    """Each literal of a sure publisher that does not fit its field."""
    for site in context.with_fields(context.sure_publishers(path)):
        for taker in takers(context, site):
            fields = {name: f for f in taker.record.fields for name in (f.name, *f.aliases)}
            for use in site.keys:
                field = fields.get(use.name)
                if field is None or use.type not in _PLAIN or _fits(field.type, use.type):
                    continue
                if use.place.path != site.place.path:
                    continue
                if is_always_with(context.tree(use.place.path), use.place.line, site.place.line):
                    yield from _wrong(context, site, taker, use, field)


def _fits(type_: FieldType, given: str) -> bool:
    """Whether it is plain without a look at the value that it fits; most do."""
    return isinstance(type_, Anything | Unknown) or (isinstance(type_, Scalar) and type_.name == given)


def _wrong(
    context: Context, site: Site, taker: Taker, use: FieldUse, field: RecordField
) -> Iterator[Finding]:
    record = taker.record
    order = [each.name for each in record.fields]
    tree = context.tree(site.place.path)
    for node in given(tree, use.place.line, use.name, use.type, record.name, order):
        is_none = spelled(node) == "None" and field.default
        if is_none or takes(field.type, node):
            continue
        type_ = spell(field.type)
        name = context.index.events[site.event].name
        message = (
            f"{shown(name)} is published with {shown(use.name)} as `{spelled(node)}`, which is no {type_}"
        )
        other = Related(taker.place, f"{taker.words} has {shown(use.name)} as {type_}")
        yield Finding("PSD006", "warning", message, site.place, site.symbol, site.event, (other,))


CHECK = Check(
    code="PSD006",
    name="ill-typed-field",
    severity="warning",
    summary="A publisher gives a literal that its event's field cannot be.",
    explanation="""\
A model refuses the value when the event is made; a task takes it and fails later, where it is used.

Compared are literals alone (`5`, `"five"`, `None`, a list, a dict) with the field's type, and as pydantic compares them
unless told to be strict: `"5"` is an `int`, `5` is a `float`, and no `str`. A type that cannot be told fits everything, and
`None` fits a parameter that has a default.

**What to do:** give a value of the type, or change the type.
""",
    find=EachFile(find),
    samples=(
        Sample(
            "Literals of another type",
            """
from datetime import datetime

from pubsub_devtools import BaseEvent, event_bus, event_handler


class OrderPlaced(BaseEvent):
    order_id: str
    total: int
    at: datetime | None = None
    items: list[str] = []


@event_handler(OrderPlaced)
def confirm(event: OrderPlaced) -> None:
    print("confirm", event.order_id)


event_bus.publish(OrderPlaced(order_id=7, total=5))  # PSD006
event_bus.publish(OrderPlaced(order_id="7", total="five"))  # PSD006
event_bus.publish(OrderPlaced(order_id="7", total=5, items="apple"))  # PSD006
event_bus.publish(OrderPlaced(order_id="7", total="5", at=None, items=["apple"]))
""",
        ),
        Sample(
            "Arguments of a task",
            """
from celery import shared_task


@shared_task
def charge(order_id: str, amount: int, lines: list = None):
    print("charge", order_id, amount, lines)


def pay(order):
    charge.delay("7", {"sum": 5})  # PSD006
    charge.delay("7", 5, lines=None)
    charge.delay(order.id, order.amount)
""",
        ),
    ),
)
