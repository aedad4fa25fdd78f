"""What is told beside the code: hovers, lenses, hints, signatures."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from pubsub_devtools.model import Event, EventGraph, Field, SchemaVersion
from pubsub_devtools.model.graph import Place
from pubsub_devtools_analysis.queries.index import GraphIndex
from pubsub_devtools_analysis.queries.insight import hints, lenses, signature
from pubsub_devtools_analysis.queries.snapshot import Snapshot
from pubsub_devtools_analysis.render.hover import event_hover, field_hover, handler_hover

from .snapshots import cursor, snapshot_of

SHOP = Path(__file__).parents[3] / "examples" / "shop"
CELERY = Path(__file__).parents[3] / "examples" / "miniatures" / "celery_shop"


@pytest.fixture(scope="module")
def shop() -> Snapshot:
    return snapshot_of(SHOP)


@pytest.fixture(scope="module")
def tasks() -> Snapshot:
    return snapshot_of(CELERY)


def test_an_event_s_hover(shop: Snapshot) -> None:
    text = event_hover(
        shop.index, shop.index.events["pubsub_devtools:OrderPlaced"], lambda place: f"file:///{place.path}"
    )
    assert text.startswith("**OrderPlaced** · pubsub\\_devtools · version 2.0.0")
    assert "A customer has ordered. Amounts are in cents." in text
    assert "| `quantity` | `int` | 1 reader |" in text
    assert "1 publisher\n\n- [`Desk.place_order`](<file:///orders/desk.py>) orders/desk.py:28" in text
    assert "Leads to `StockReserved` → `PaymentDeclined` → `OrderCancelled`" in text
    assert "OrderPlaced(order_id=..., customer=..., item=..., quantity=..., total=...)" in text


def test_a_field_s_hover(shop: Snapshot) -> None:
    event = shop.index.events["pubsub_devtools:OrderCancelled"]
    text = field_hover(shop.index, event, "reason")
    assert text.startswith("`reason: str` of **OrderCancelled**")
    assert "optional, `'unknown'` where it is not given" in text
    assert "1 writer" in text


def test_a_handler_s_hover(shop: Snapshot) -> None:
    sites = [
        site for site in shop.graph.sites if site.kind == "handle" and site.symbol == "Desk.on_delivered"
    ]
    assert (
        handler_hover(shop.index, sites)
        == "Handles `ParcelDelivered`\n\nReads `order_id`\n\nPublishes `OrderCompleted`"
    )


def test_names_that_are_markup_are_shown_as_they_are() -> None:
    name = "a|b`<img src=x>\n# [c](d)"
    schema = SchemaVersion("m.A", Place("a.py", 1, 0, 1, 1), fields=(Field(name, name),))
    event = Event(f"x:{name}", name, "x", ("pyee",), schemas=(schema,), doc=name)
    text = event_hover(GraphIndex(EventGraph("r", events=(event,))), event)
    assert "<img" not in text.replace("\\<img", "").replace("`a\\|b'<img", "")
    assert "\n#" not in text


def test_a_lens_counts_the_other_side(shop: Snapshot) -> None:
    told = {(each.line, each.title) for each in lenses(shop, "orders/events.py")}
    assert (7, "1 publisher · 1 handler") in told
    told = {(each.line, each.title) for each in lenses(shop, "orders/desk.py")}
    assert {(43, "1 publisher"), (43, "reads item, left, order_id")} <= told


def test_tasks_are_counted_where_they_are_defined(tasks: Snapshot) -> None:
    titles = {each.title for each in lenses(tasks, "mail.py")}
    assert "1 publisher" in titles


def test_a_hint_tells_what_a_constant_holds(tmp_path: Path) -> None:
    code = """
        import nats
        TOPIC = "weather.measured"

        async def main():
            nc = await nats.connect()
            await nc.publish(TOPIC, b"")
    """
    (tmp_path / "a.py").write_text(textwrap.dedent(code))
    told = [(each.line, each.text) for each in hints(snapshot_of(tmp_path), "a.py")]
    assert told == [(7, "weather.measured")]


def test_a_signature_of_a_payload(shop: Snapshot) -> None:
    text, offset = cursor(
        (SHOP / "orders/desk.py").read_text() + "\n\ndef f():\n    OrderPlaced('1', customer=|"
    )
    told = signature(shop, "orders/desk.py", text, offset)
    assert told is not None
    assert told.label == "OrderPlaced(order_id: str, customer: str, item: str, quantity: int, total: int)"
    start, end = told.parameters[told.active]
    assert told.label[start:end] == "customer: str"


def test_a_signature_of_a_task(tasks: Snapshot) -> None:
    text, offset = cursor((CELERY / "orders.py").read_text() + "\n\napologize.delay('1', |")
    told = signature(tasks, "orders.py", text, offset)
    assert told is not None
    assert told.label == "apologize.delay(order_id: str, reason: str)"
    assert told.active == 1


def test_another_call_has_no_signature_of_ours(shop: Snapshot) -> None:
    text, offset = cursor("print(|")
    assert signature(shop, "orders/desk.py", text, offset) is None
