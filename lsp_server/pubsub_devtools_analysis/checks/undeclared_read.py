"""PSD007: a handler reads a field that its event's schema lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools.model import Finding, Related
from pubsub_devtools.model.field_type import Record
from pubsub_devtools_analysis.checks.check import Check, EachFile, Sample
from pubsub_devtools_analysis.checks.context import shown
from pubsub_devtools_analysis.checks.reading import guards, is_needed, read_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import SchemaVersion, Site
    from pubsub_devtools_analysis.checks.context import Context

_LIBRARIES = frozenset({"id", "type", "version", "dict", "json", "copy"})
"""What every model has from its library."""


def find(context: Context, path: str) -> Iterator[Finding]:
    """Reads of sure handlers whose schemas are all known and closed."""
    for site in context.with_fields(context.sure_handlers(path)):
        schemas = _schemas(context, site)
        if not schemas:
            continue
        known = {name for schema in schemas for name in _names(schema)}
        tree = None
        for use in site.reads:
            field = use.name.partition(".")[0]
            if field in known or field in _LIBRARIES or field.startswith(("_", "model_")):
                continue
            tree = tree or context.tree(use.place.path)
            if (
                use.place.path != site.place.path
                or guards(tree, site.place)
                or _is_of_another(context, site, field)
            ):
                continue
            if not is_needed(tree, read_at(tree, use.place, field)):
                continue
            schema = schemas[-1]
            words = shown(schema.symbol.rpartition(".")[2])
            message = f"`{site.symbol}` reads {shown(field)}, which {words} does not have"
            other = Related(schema.place, f"{words} has {', '.join(f.name for f in schema.fields)}")
            yield Finding("PSD007", "error", message, use.place, site.symbol, site.event, (other,))


def _schemas(context: Context, site: Site) -> list[SchemaVersion]:
    """The schemas that a handler gets: the one that its parameter names, else all of the event."""
    event = context.fields.events.get(site.event)
    declared = [s for s in event.schemas if not s.inferred] if event is not None else []
    named = [s for s in declared if s.symbol == site.schema]
    if event is None or (site.schema and not named):
        return []
    found = named or declared
    return found if all(isinstance(s.type, Record) and not s.type.open for s in found) else []


def _names(schema: SchemaVersion) -> Iterator[str]:
    yield from schema.members
    if isinstance(schema.type, Record):
        for field in schema.type.fields:
            yield from (field.name, *field.aliases)


def _is_of_another(context: Context, site: Site, field: str) -> bool:
    """Whether the same function handles another event that has the field: then it tells them apart somehow."""
    others = [
        s for s in context.sure_handlers(site.place.path) if s.place == site.place and s.event != site.event
    ]
    events = [context.fields.events[other.event] for other in others]
    return any(field in _names(schema) for event in events for schema in event.schemas)


CHECK = Check(
    code="PSD007",
    name="undeclared-read",
    severity="error",
    summary="A handler reads a field that its event's schema lacks.",
    explanation="""\
The read raises when the event comes: the field was renamed or removed in the schema, and this handler was forgotten.

Compared is what the handler reads, in functions that it hands the event to as well, with the fields, methods and
properties of the class. Nothing is said of classes that keep what they do not name, or have bases that are not known, nor
of handlers that look first (`hasattr`, `isinstance`, `match`, `.get`, `in`, an exception that is caught).

**What to do:** read a field that is declared, or declare it.
""",
    find=EachFile(find),
    samples=(
        Sample(
            "A field that was renamed",
            """
from pubsub_devtools import BaseEvent, event_bus, event_handler


class OrderPlaced(BaseEvent):
    order_id: str
    total: int

    @property
    def net(self) -> int:
        return self.total * 80 // 100


@event_handler(OrderPlaced)
def confirm(event: OrderPlaced) -> None:
    print("confirm", event.order_id, event.net, event.id)


@event_handler(OrderPlaced)
def charge(event: OrderPlaced) -> None:
    print("charge", event.amount)  # PSD007


@event_handler(OrderPlaced)
def archive(event: OrderPlaced) -> None:
    if hasattr(event, "amount"):
        print("archive", event.amount)
    print("archived", event.order_id)


event_bus.publish(OrderPlaced(order_id="7", total=5))
""",
        ),
        Sample(
            "A subclass may have more",
            """
from pubsub_devtools import BaseEvent, event_bus, event_handler


class OrderChanged(BaseEvent):
    order_id: str


class OrderPaid(OrderChanged):
    total: int


@event_handler(OrderChanged)
def log(event: OrderChanged) -> None:
    if isinstance(event, OrderPaid):
        print("paid", event.total)
    print("changed", event.order_id)


event_bus.publish(OrderPaid(order_id="7", total=5))
""",
        ),
    ),
)
