"""PSD008: a handler reads a field that no publisher gives."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pubsub_devtools.model import Finding, Related
from pubsub_devtools_analysis.checks.check import Check, EachEvent, Sample
from pubsub_devtools_analysis.checks.context import shown
from pubsub_devtools_analysis.checks.reading import guards, is_needed, is_tested, read_at
from pubsub_devtools_analysis.queries.tasks import TASKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Event, FieldUse, Site
    from pubsub_devtools_analysis.checks.context import Context


def find(context: Context, event: Event) -> Iterator[Finding]:
    """Reads of sure handlers of events whose publishers are all known, and all they give."""
    if not context.answers_for(event):
        return
    told = context.fields.events.get(event.id)
    if told is None or event.transport in TASKS or any(not s.inferred for s in told.schemas):
        return
    handlers = [s for s in context.sites(event.id, "handle") if s.certainty == "sure" and not s.origin]
    publishers = _publishers(context, event, handlers) if handlers else []
    given = {name for site in publishers for name in _given(site)}
    if not given:
        return
    for site in context.with_fields(handlers):
        for use in site.reads:
            field = use.name.partition(".")[0]
            if field not in given and _fails(context, site, use, field):
                message = (
                    f"`{site.symbol}` reads {shown(field)}, which no publisher of {shown(event.name)} gives"
                )
                others = tuple(Related(p.place, f"gives {', '.join(sorted(_given(p)))}") for p in publishers)
                yield Finding("PSD008", "warning", message, use.place, site.symbol, event.id, others)


def _given(site: Site) -> set[str]:
    return {use.name.partition(".")[0] for use in site.keys}


def _publishers(context: Context, event: Event, handlers: list[Site]) -> list[Site]:
    """All publishers that reach an event, where none may be unknown and none may give more; else none."""
    reached = [reach.site for reach in context.all_publishers(event.id)]
    found = list(context.with_fields(reached))
    around = [site.place.path for site in (*reached, *handlers)]
    if any(site.open or site.origin or site.certainty != "sure" or not site.keys for site in found):
        return []
    if context.balance.hides(event, "publish", around):
        return []
    return [site for site in found if not site.in_tests]


def _fails(context: Context, site: Site, use: FieldUse, field: str) -> bool:
    """Whether the read raises where the field is missing, and nobody looks first.

    An attribute is left to its class: it may be a property, or have a default.
    """
    if use.place.path != site.place.path:
        return False
    tree = context.tree(use.place.path)
    if guards(tree, site.place) or is_tested(tree, use.place, field):
        return False
    read = read_at(tree, use.place, field)
    return isinstance(read, ast.Subscript) and is_needed(tree, read)


CHECK = Check(
    code="PSD008",
    name="unpublished-field",
    severity="warning",
    summary="A handler reads a field that no publisher gives.",
    explanation="""\
The read fails with every event that comes: the publishers were changed, or the field is written differently on both
sides. Where a class declares the fields, PSD007 compares with it instead.

Said only where all is known: every publisher of the event is in this workspace, is sure, and shows all that it gives; no
publisher of the transport nearby has a name that could not be read; and the read fails where the field is missing
(`message["x"]`, not `message.get("x")`, nothing that is looked for first or caught). Attributes are left to PSD007: what a
class does not store, a property may tell.

**What to do:** give the field, or read what is given; if the event comes from elsewhere too, say so with `external`.
""",
    find=EachEvent(find),
    samples=(
        Sample(
            "Written differently on both sides",
            """
import json

import nats


async def on_order(msg):
    order = json.loads(msg.data)
    print("order", order["id"], order["total"])  # PSD008


async def on_payment(msg):
    payment = json.loads(msg.data)
    if "method" in payment:
        print("by", payment["method"])
    print("payment", payment["amount"], payment.get("note"))


async def main():
    nc = await nats.connect("nats://localhost:4222")
    await nc.subscribe("orders", cb=on_order)
    await nc.subscribe("payments", cb=on_payment)
    await nc.publish("orders", json.dumps({"id": "7", "sum": 5}).encode())
    await nc.publish("payments", json.dumps({"amount": 5}).encode())
""",
        ),
        Sample(
            "An object whose property is read",
            """
from dataclasses import dataclass
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect, dispatcher_send

CAST = "cast_found"


@dataclass
class Cast:
    info: str

    @property
    def uuid(self):
        return self.info


def setup(hass: HomeAssistant):
    @callback
    def add(cast: Cast):
        print("add", cast.uuid)

    async_dispatcher_connect(hass, CAST, add)


def found(hass: HomeAssistant, info):
    dispatcher_send(hass, CAST, Cast(info=info))
""",
        ),
        Sample(
            "A publisher that may give more",
            """
import json

import nats


async def on_order(msg):
    order = json.loads(msg.data)
    print("order", order["id"], order["total"])


async def send(nc, **details):
    await nc.publish("orders", json.dumps({"id": "7", **details}).encode())


async def main():
    nc = await nats.connect("nats://localhost:4222")
    await nc.subscribe("orders", cb=on_order)
    await send(nc, total=5)
""",
        ),
    ),
)
