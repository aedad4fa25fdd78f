"""The shop runs, tells its story, and is clean: every event is published and handled."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from examples.shop.orders.fulfilment import FulfilOrder
from examples.shop.shop import open_shop
from pubsub_devtools import BaseEvent, Envelope, EventBus, event_handler
from pubsub_devtools.sagas import saga_of

ROOT = Path(__file__).parents[2]


class Journal:
    """Notes each event with the one that caused it."""

    def __init__(self):
        self.names = {}
        self.steps = []

    @event_handler("**", priority=100)
    def note(self, event: BaseEvent, envelope: Envelope) -> None:
        self.names[event.id] = event.type
        self.steps.append((self.names.get(envelope.causation_id), event.type))


@pytest.fixture
def shop():
    shop = open_shop(lambda department, text: None)
    yield shop
    shop.bus.close()


@pytest.fixture
def journal(shop):
    journal = Journal()
    shop.bus.include(journal)
    return journal


def test_an_order_goes_all_the_way(shop, journal):
    shop.desk.place_order("o-1", "ada", "teapot", 1)
    shop.dock.pick_up()
    shop.dock.report_delivery("o-1")
    assert journal.steps == [
        (None, "OrderPlaced"),
        ("OrderPlaced", "StockReserved"),
        ("StockReserved", "PaymentAuthorized"),
        ("PaymentAuthorized", "OrderConfirmed"),
        ("OrderConfirmed", "ParcelPacked"),
        ("ParcelPacked", "PaymentCaptured"),
        ("StockReserved", "StockLow"),
        (None, "ParcelShipped"),
        (None, "ParcelDelivered"),
        ("ParcelDelivered", "OrderCompleted"),
    ]


def test_a_declined_payment_undoes_what_was_done(shop, journal):
    shop.desk.place_order("o-1", "ben", "samovar", 1)
    assert journal.steps[-3:] == [
        ("StockReserved", "PaymentDeclined"),
        ("PaymentDeclined", "OrderCancelled"),
        ("OrderCancelled", "StockReleased"),
    ]
    assert shop.postbox.letters == [("ben", "we are sorry: payment declined, over the card's limit")]


def test_cancelling_undoes_the_steps_in_reverse(shop, journal):
    shop.desk.place_order("o-1", "dan", "cup", 1)
    shop.desk.cancel("o-1", "changed his mind")
    assert journal.steps[-3:] == [
        (None, "OrderCancelled"),
        ("OrderCancelled", "PaymentRefunded"),
        ("OrderCancelled", "StockReleased"),
    ]
    shop.dock.pick_up()
    assert journal.steps[-1] == ("OrderCancelled", "StockReleased")
    assert shop.postbox.letters[-1] == ("dan", "as you wished")


def test_the_saga_declares_its_steps_and_what_undoes_them():
    steps = {step.name: step.compensation for step in saga_of(FulfilOrder).steps}
    assert steps == {
        "reserve_stock": "release_stock",
        "authorize_payment": "return_payment",
        "confirm_order": "",
    }


def test_every_event_is_declared_published_and_handled(shop, monkeypatch):
    """By the truth, which was written by reading; and the bus agrees about who handles what."""
    lines = (ROOT / "tests/projects/shop_truth.jsonl").read_text().splitlines()
    truth = {kind: set() for kind in ("declare", "publish", "handle")}
    for fact in map(json.loads, lines):
        truth[fact["kind"]].add((fact["event"], fact["symbol"]))
    names = {kind: {event for event, _ in facts} for kind, facts in truth.items()}
    assert names["declare"] == names["publish"] == names["handle"]
    assert len(names["declare"]) == 15

    heard, publish = set(), EventBus.publish

    def note(bus, event):
        receipt = publish(bus, event)
        heard.update((event.type, ".".join(name.split(".")[-2:])) for name in receipt.handlers)
        return receipt

    monkeypatch.setattr(EventBus, "publish", note)
    shop.desk.place_order("o-1", "ada", "teapot", 1)
    shop.dock.pick_up()
    shop.dock.report_delivery("o-1")
    shop.desk.place_order("o-2", "ben", "samovar", 1)
    shop.desk.place_order("o-3", "cleo", "cup", 9)
    shop.desk.place_order("o-4", "dan", "cup", 4)
    shop.desk.cancel("o-4", "changed his mind")
    assert heard == truth["handle"]


def test_the_program_tells_its_story():
    run = subprocess.run(
        [sys.executable, "-m", "examples.shop"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert run.stderr == ""
    for sentence in ("o-1 is complete", "the bank declines 890.00", "only 6 x cup", "4 x cup there again"):
        assert sentence in run.stdout
