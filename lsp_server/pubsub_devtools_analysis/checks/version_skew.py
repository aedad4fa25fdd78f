"""PSD009: a handler asks for another version of an event than is published, and nothing migrates it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools.model import Finding, Related
from pubsub_devtools_analysis.checks.check import Check, EachEvent, Sample
from pubsub_devtools_analysis.checks.context import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Event, Kind, Site
    from pubsub_devtools_analysis.checks.context import Context


def find(context: Context, event: Event) -> Iterator[Finding]:
    """Sure handlers annotated with one declared version, where a sure publisher gives another."""
    if not context.answers_for(event):
        return
    versions = {s.symbol: s.version for s in context.fields.events[event.id].schemas if s.version}
    if len(set(versions.values())) < 2:
        return
    publishers = _versioned(context, event.id, "publish", versions)
    handlers = _versioned(context, event.id, "handle", versions)
    for handler in handlers:
        wanted = versions[handler.schema]
        others = [p for p in publishers if not _comes(context, event, versions[p.schema], wanted)]
        if others:
            old = versions[others[0].schema]
            message = f"`{handler.symbol}` takes {shown(event.name)} {wanted}, but {old} is published and nothing migrates it"
            related = tuple(Related(p.place, f"publishes {versions[p.schema]}") for p in others)
            yield Finding("PSD009", "error", message, handler.place, handler.symbol, event.id, related)


def _versioned(context: Context, event: str, kind: Kind, versions: dict[str, str]) -> list[Site]:
    return [s for s in context.with_fields(context.sure_sites(event, kind)) if s.schema in versions]


def _comes(context: Context, event: Event, published: str, wanted: str) -> bool:
    return published == wanted or context.migrations.leads(event, published, wanted)


CHECK = Check(
    code="PSD009",
    name="version-skew",
    severity="error",
    summary="A handler asks for another version of an event than is published, and nothing migrates it.",
    explanation="""\
A handler of a name hears all versions of the event. One that is annotated with a class gets that version: what is
published in another one is migrated first. Without a migration that leads there, including the handler in a bus fails.

Compared are the versions that `@event_schema(version=...)` declares: those of the classes that are published with those
that handlers are annotated with. A migration counts for the event that its `EventMigrator("OrderPlaced")` or its `event=`
names, and for any where neither does. Nothing is said of an event with a migration whose versions cannot be read; a method
of that name on what is plainly no `EventMigrator` makes no difference.

**What to do:** register a migration from the published version (`register_migration(from_version=, to_version=,
transform=)`), publish the version that is asked for, or leave the annotation out and take each as it comes.
""",
    find=EachEvent(find),
    samples=(
        Sample(
            "Version 1 is published, version 2 asked for",
            """
from pubsub_devtools import BaseEvent, event_bus, event_handler, event_schema


@event_schema(name="OrderPlaced", version="1.0.0")
class OrderPlacedV1(BaseEvent):
    order_id: str


@event_schema(name="OrderPlaced", version="2.0.0")
class OrderPlaced(BaseEvent):
    order_id: str
    note: str = ""


@event_handler("OrderPlaced")
def confirm(event: OrderPlaced) -> None:  # PSD009
    print("confirm", event.order_id)


@event_handler("OrderPlaced")
def archive(event: OrderPlacedV1) -> None:
    print("archive", event.order_id)


event_bus.publish(OrderPlacedV1(order_id="7"))
""",
        ),
        Sample(
            "A migration leads from one to the other",
            """
from pubsub_devtools import BaseEvent, event_bus, event_handler, event_schema
from shop.migrations import migrator


@event_schema(name="OrderPlaced", version="1.0.0")
class OrderPlacedV1(BaseEvent):
    order_id: str


@event_schema(name="OrderPlaced", version="2.0.0")
class OrderPlaced(BaseEvent):
    order_id: str
    note: str = ""


migrator.register_migration(from_version="1.0.0", to_version="1.5.0", transform=dict)
migrator.register_migration(from_version="1.5.0", to_version="2.0.0", transform=dict)


@event_handler("OrderPlaced")
def confirm(event: OrderPlaced) -> None:
    print("confirm", event.order_id)


event_bus.publish(OrderPlacedV1(order_id="7"))
""",
        ),
        Sample(
            "Migrations of another event, and of another library",
            """
from plugins import PluginTable

from pubsub_devtools import BaseEvent, EventMigrator, event_bus, event_handler, event_schema


@event_schema(name="OrderPlaced", version="1.0.0")
class OrderPlacedV1(BaseEvent):
    order_id: str


@event_schema(name="OrderPlaced", version="2.0.0")
class OrderPlaced(BaseEvent):
    order_id: str
    note: str = ""


paid = EventMigrator("OrderPaid")
paid.register_migration(from_version="1.0.0", to_version="2.0.0", transform=dict)
table = PluginTable()
table.register_migration("0001_initial")


@event_handler("OrderPlaced")
def confirm(event: OrderPlaced) -> None:  # PSD009
    print("confirm", event.order_id)


event_bus.publish(OrderPlacedV1(order_id="7"))
""",
        ),
    ),
)
