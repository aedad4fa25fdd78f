"""PSD010: a new version of a schema cannot read what was written with the one before."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pubsub_devtools.model import Finding, Related
from pubsub_devtools.schema.compatibility import backward
from pubsub_devtools_analysis.checks.check import Check, EachEvent, Sample
from pubsub_devtools_analysis.checks.context import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Event, SchemaVersion
    from pubsub_devtools_analysis.checks.context import Context


def find(context: Context, event: Event) -> Iterator[Finding]:
    """Each declared version with the one before it, where no migration leads from that one to it."""
    if not context.answers_for(event):
        return
    declared = [s for s in context.fields.events[event.id].schemas if s.version and s.type is not None]
    for old, new in pairwise(sorted(declared, key=_order)):
        if old.version == new.version or old.type is None or new.type is None:
            continue
        breaking = [d for d in backward(old.type, new.type) if d.severity == "breaking"]
        if breaking and not context.migrations.leads(event, old.version, new.version):
            texts = "; ".join(difference.text for difference in breaking)
            message = f"{shown(event.name)} {new.version} cannot read {old.version}: {texts}"
            other = Related(old.place, f"version {old.version}")
            symbol = new.symbol.rpartition(".")[2]
            yield Finding("PSD010", "warning", message, new.place, symbol, event.id, (other,))


def _order(schema: SchemaVersion) -> tuple[list[int], str]:
    """Versions by their numbers: 1.10 comes after 1.9."""
    return [int(number) for number in re.findall(r"\d+", schema.version)], schema.version


CHECK = Check(
    code="PSD010",
    name="incompatible-schema",
    severity="warning",
    summary="A new version of a schema cannot read what was written with the one before.",
    explanation="""\
Events of the old version are stored, or under way, when the new one is deployed; and publishers are not all replaced at
once. A handler of the new version refuses them.

Compared are the versions that `@event_schema(version=...)` declares for one name, each with the one before it, as the mode
BACKWARD of schema registries does: fields that are added need a default, types may be widened, not narrowed. What cannot
be told is not reported, and neither is a change that a registered migration takes care of.

**What to do:** give the new field a default, keep the type, or register a migration from the old version.
""",
    find=EachEvent(find),
    samples=(
        Sample(
            "A new field without a default, and one with it",
            """
from pubsub_devtools import BaseEvent, event_bus, event_schema


@event_schema(name="OrderPlaced", version="1.9.0")
class OrderPlacedV1(BaseEvent):
    order_id: str


@event_schema(name="OrderPlaced", version="1.10.0")
class OrderPlaced(BaseEvent):  # PSD010
    order_id: str
    total: int


@event_schema(name="OrderPaid", version="1.0.0")
class OrderPaidV1(BaseEvent):
    order_id: str
    total: int


@event_schema(name="OrderPaid", version="1.1.0")
class OrderPaid(BaseEvent):
    order_id: str
    total: float
    note: str = ""
""",
        ),
        Sample(
            "A type that was changed, and a migration for it",
            """
from pubsub_devtools import BaseEvent, event_schema
from shop.migrations import migrator


@event_schema(name="OrderPlaced", version="1.0.0")
class OrderPlacedV1(BaseEvent):
    total: str


@event_schema(name="OrderPlaced", version="2.0.0")
class OrderPlaced(BaseEvent):
    total: int


migrator.register_migration(from_version="1.0.0", to_version="2.0.0", transform=lambda data: data)
""",
        ),
    ),
)
