"""What can be typed: one readable case for each kind of place, in code that is not finished."""

from __future__ import annotations

import textwrap

import pytest

from pubsub_devtools_analysis.queries.completion import Item, complete
from pubsub_devtools_analysis.queries.snapshot import Snapshot

from .snapshots import cursor, snapshot_of

SHOP = {
    "shop/events.py": """
        from enum import Enum
        from pubsub_devtools import BaseEvent, event_schema

        class Currency(Enum):
            EURO = "EUR"
            DOLLAR = "USD"

        @event_schema(name="OrderPlaced", version="1.2.0")
        class OrderPlaced(BaseEvent):
            order_id: str
            total: int
            currency: Currency
            express: bool = False

        @event_schema(name="OrderPaid", version="1.0.0")
        class OrderPaid(BaseEvent):
            order_id: str
    """,
    "shop/desk.py": """
        from pubsub_devtools import EventBus, event_handler
        from shop.events import OrderPlaced, OrderPaid

        class Desk:
            def __init__(self, bus: EventBus) -> None:
                self.bus = bus

            def place(self) -> None:
                self.bus.publish(OrderPlaced("1", total=2, currency="EUR"))

        @event_handler(OrderPlaced)
        def on_placed(event: OrderPlaced) -> None:
            print(event.total)
    """,
    "mailing/tasks.py": """
        from celery import Celery

        app = Celery()

        @app.task
        def send_mail(address, subject="", *, urgent=False):
            print(address, subject, urgent)

        @app.task(name="mail.purge")
        def purge(days):
            print(days)

        def welcome(user):
            send_mail.delay(user.address, subject="Welcome")
            app.send_task("mail.purge", kwargs={"days": 3})
    """,
    "broker/worker.py": """
        import asyncio
        import nats

        async def main():
            nc = await nats.connect()

            async def on_measured(msg):
                import json
                data = json.loads(msg.data)
                print(data["celsius"], data["sensor"]["name"])

            await nc.subscribe("weather.measured", cb=on_measured)
            await nc.subscribe("weather.failed", cb=on_measured)
            await nc.publish("weather.measured", json.dumps({"celsius": 3, "sensor": {"name": "roof"}}).encode())
    """,
    "signals.py": """
        from django.dispatch import Signal, receiver

        paid = Signal()

        @receiver(paid)
        def on_paid(sender, invoice, amount, **kwargs):
            print(invoice, amount)

        def pay():
            paid.send(None, invoice=1, amount=2)
    """,
    "buses.py": """
        from pyee.base import EventEmitter

        emitter = EventEmitter()

        @emitter.on("user.created")
        def greet(user):
            print(user["name"], user["address"])

        def create():
            emitter.emit("user.created", {"name": "a", "address": "b"})
    """,
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    root = tmp_path_factory.mktemp("shop")
    for path, text in SHOP.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), "utf-8")
    return snapshot_of(root)


def offered(shop: Snapshot, path: str, marked: str) -> list[Item]:
    """What is offered at the `|` of code that stands in a file, below what the file has."""
    text, offset = cursor(textwrap.dedent(SHOP.get(path, "")) + textwrap.dedent(marked))
    answer = complete(shop, path, text, offset)
    return [] if answer is None else list(answer.items)


def labels(shop: Snapshot, path: str, marked: str) -> list[str]:
    return [item.label for item in offered(shop, path, marked)]


def test_a_task_s_name_in_a_string(shop: Snapshot) -> None:
    items = offered(shop, "mailing/tasks.py", "app.send_task('|')")
    assert [item.label for item in items] == ["mail.purge", "mailing.tasks.send_mail"]
    assert items[0].detail == "1 publisher · 1 handler"


def test_typed_letters_choose(shop: Snapshot) -> None:
    assert labels(shop, "mailing/tasks.py", "app.send_task('pur|')") == ["mail.purge"]
    assert labels(shop, "mailing/tasks.py", "app.send_task('ssml|')") == ["mailing.tasks.send_mail"]


def test_a_topic_where_the_object_is_called_alike(shop: Snapshot) -> None:
    assert labels(shop, "broker/other.py", "async def f(nc):\n    await nc.publish('|") == [
        "weather.measured",
        "weather.failed",
    ]


def test_nothing_of_another_framework(shop: Snapshot) -> None:
    assert labels(shop, "buses.py", "emitter.emit('|')") == ["user.created"]


def test_a_string_elsewhere_is_no_place_for_an_event(shop: Snapshot) -> None:
    assert labels(shop, "broker/worker.py", "print('|')") == []
    assert labels(shop, "broker/worker.py", "# nc.publish('|')") == []


def test_classes_where_a_class_is_published(shop: Snapshot) -> None:
    items = offered(shop, "shop/desk.py", "def f(self):\n    self.bus.publish(Ord|)")
    assert {item.label for item in items} == {"OrderPlaced", "OrderPaid"}
    assert all(not item.imports for item in items)


def test_a_class_that_is_not_imported_yet_is_imported(shop: Snapshot) -> None:
    items = offered(shop, "shop/other.py", "def f(bus):\n    bus.publish(OrderPl|)")
    assert [(item.label, item.imports) for item in items] == [("OrderPlaced", "shop.events.OrderPlaced")]


def test_a_signal_to_connect(shop: Snapshot) -> None:
    assert "paid" in labels(shop, "signals.py", "@receiver(|)\ndef f(sender, **kwargs): ...")


def test_fields_that_are_missing(shop: Snapshot) -> None:
    items = offered(
        shop, "shop/desk.py", "def f(self):\n    self.bus.publish(OrderPlaced('1', currency='EUR', |"
    )
    assert [item.text for item in items] == ["total=", "express="]
    assert items[0].detail == "int"


def test_parameters_of_a_task(shop: Snapshot) -> None:
    assert labels(shop, "mailing/tasks.py", "send_mail.delay('a', |)") == ["subject", "urgent"]


def test_arguments_of_a_signal(shop: Snapshot) -> None:
    assert labels(shop, "signals.py", "paid.send(None, invoice=3, |)") == ["amount"]


def test_keys_of_a_payload(shop: Snapshot) -> None:
    items = offered(shop, "buses.py", "emitter.emit('user.created', {'name': 'a', |})")
    assert [item.text for item in items] == ['"address": ']
    assert labels(shop, "buses.py", "emitter.emit('user.created', {'|") == ["name", "address"]
    assert labels(shop, "mailing/tasks.py", "app.send_task('mail.purge', kwargs={'|") == ["days"]


def test_values_of_an_enum_and_of_a_flag(shop: Snapshot) -> None:
    assert labels(shop, "shop/desk.py", "OrderPlaced('1', 2, currency='|') ") == ["EUR", "USD"]
    assert labels(shop, "shop/desk.py", "OrderPlaced('1', 2, express=|)") == ["True", "False"]


def test_attributes_of_an_event_without_an_annotation(shop: Snapshot) -> None:
    unannotated = SHOP["shop/desk.py"].replace(
        "event: OrderPlaced) -> None:\n            print(event.total)", "event):\n            event.|"
    )
    text, offset = cursor(textwrap.dedent(unannotated))
    answer = complete(shop, "shop/desk.py", text, offset)
    assert answer is not None
    assert [item.label for item in answer.items] == ["order_id", "total", "currency", "express"]


def test_an_annotated_parameter_is_left_to_the_python_server(shop: Snapshot) -> None:
    annotated = SHOP["shop/desk.py"].replace("print(event.total)", "event.|")
    text, offset = cursor(textwrap.dedent(annotated))
    assert complete(shop, "shop/desk.py", text, offset) is None


def test_keys_of_a_message(shop: Snapshot) -> None:
    reading = SHOP["buses.py"].replace('user["address"])', 'user["|"])')
    text, offset = cursor(textwrap.dedent(reading))
    answer = complete(shop, "buses.py", text, offset)
    assert answer is not None
    assert [item.label for item in answer.items] == ["name", "address"]


def test_the_next_version(shop: Snapshot) -> None:
    items = offered(shop, "shop/events.py", "@event_schema(name='OrderPlaced', version='|')")
    assert "1.3.0" in [item.label for item in items]


def test_snippets_of_the_file_s_framework(shop: Snapshot) -> None:
    assert labels(shop, "mailing/tasks.py", "\nhan|") == ["handler"]
    assert set(labels(shop, "shop/desk.py", "\n\nsa|")) == {"saga"}
    assert labels(shop, "docs/readme.py", "han|") == []


def test_broken_code_above_does_not_matter(shop: Snapshot) -> None:
    assert labels(shop, "mailing/tasks.py", "x = foo(\n\ndef g():\n    app.send_task('|') y = [") == [
        "mail.purge",
        "mailing.tasks.send_mail",
    ]
