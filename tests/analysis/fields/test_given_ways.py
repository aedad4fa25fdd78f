"""Payloads on their way to the framework: through wrappers, decorators, envelopes and hand-written buses."""

from __future__ import annotations

from pathlib import Path

import pytest

from pubsub_devtools_analysis.host import AnalysisHost
from tests.analysis.fields.workspace import gives, publishers, words, write

REDIS = """
import json
from dataclasses import asdict, dataclass

import redis

r = redis.Redis()


@dataclass
class Order:
    id: int
    total: float


def send(channel, message, **more):
    r.publish(channel, json.dumps({**asdict(message), **more}))


def plain(channel, data=None):
    r.publish(channel, json.dumps(data))


class Sender:
    def forward(self, channel, *args, **kwargs):
        self.deliver(channel, *args, **kwargs)

    def deliver(self, channel, payload, version=1):
        r.publish(channel, json.dumps({"payload": payload, "version": version, **payload}))


"""


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        ("send('orders', Order(1, 2.0))", "id total"),
        ("send('orders', Order(1, 2.0), by='x')", "id total by"),
        ("send('orders', x)", "..."),
        ("plain('orders', {'a': 1})", "a"),
        ("plain('orders', data={'a': 1})", "a"),
        ("plain('orders')", ""),
        ("plain('orders', **x)", "..."),
        ("Sender().forward('orders', {'a': 1})", "payload.a version a"),
    ],
)
def test_wrappers(tmp_path: Path, call: str, fields: str) -> None:
    found = publishers(tmp_path, {"app.py": REDIS + f"def publish(x):\n    {call}\n"})
    assert [words(site) for site in found if site.symbol == "publish"] == [fields]


def test_the_object_of_a_parameter_is_whole(tmp_path: Path) -> None:
    found = publishers(
        tmp_path, {"app.py": REDIS + "def publish(order: Order):\n    send('orders', order)\n"}
    )
    assert [words(site) for site in found if site.symbol == "publish"] == ["id total"]


FASTSTREAM = """
from faststream.kafka import KafkaBroker
from pydantic import BaseModel

broker = KafkaBroker()
out = broker.publisher("out")


class Paid(BaseModel):
    order: int
    by: str = ""


"""


@pytest.mark.parametrize(
    ("function", "fields"),
    [
        ("@broker.publisher('x')\nasync def f(m):\n    return {'a': 1}", "a"),
        ("@broker.publisher('x')\nasync def f(m):\n    return Paid(order=1)", "order"),
        ("@broker.publisher('x')\nasync def f(m) -> Paid:\n    return await load(m)", "order by"),
        ("@broker.publisher('x')\nasync def f(m):\n    return m", "..."),
        (
            "async def f(m):\n    await broker.publish_batch(Paid(order=1), Paid(by='x'), topic='x')",
            "order by",
        ),
        ("async def f(m):\n    await out.publish(Paid(order=1))", "order"),
        ("@out\nasync def f(m):\n    return Paid(order=1)", "order"),
    ],
)
def test_faststream(tmp_path: Path, function: str, fields: str) -> None:
    assert gives(tmp_path, FASTSTREAM, function + "\n") == fields


def test_the_body_of_an_envelope(tmp_path: Path) -> None:
    assert gives(tmp_path, "import json\nimport aio_pika\n\n", """
        async def publish(channel: aio_pika.Channel):
            message = aio_pika.Message(body=json.dumps({"a": 1}).encode(), headers={"b": 2})
            await channel.default_exchange.publish(message, routing_key="orders")
    """) == "a"  # fmt: skip


def test_the_entries_of_a_batch(tmp_path: Path) -> None:
    assert gives(tmp_path, "import json\nimport boto3\n\nevents = boto3.client('events')\n\n", """
        def publish():
            events.put_events(Entries=[
                {"Source": "shop", "DetailType": "Paid", "Detail": json.dumps({"order": 1})},
            ])
    """) == "order"  # fmt: skip


def test_an_event_of_a_decorated_method(tmp_path: Path) -> None:
    assert gives(tmp_path, "from eventsourcing.domain import Aggregate, event\n\n", """
        class Dog(Aggregate):
            @event("TrickAdded")
            def add_trick(self, trick, *, times=1):
                pass
    """) == "trick times"  # fmt: skip


BUS = """
from collections import defaultdict
from dataclasses import dataclass


@dataclass
class Paid:
    order: int
    by: str = ""


@dataclass
class Sent:
    parcel: int


HANDLERS = {Paid: [lambda event: print(event)], Sent: [lambda event: print(event)]}


def handle(message):
    queue = [message]
    while queue:
        event = queue.pop(0)
        for handler in HANDLERS[type(event)]:
            handler(event)


class Bus:
    def __init__(self):
        self.listeners = defaultdict(list)

    def subscribe(self, event, listener):
        self.listeners[event].append(listener)

    def publish(self, event, data=None, urgent=False, **options):
        for listener in self.listeners[event]:
            listener(data, **options)


bus = Bus()
bus.subscribe("paid", print)


"""


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        ("handle(Paid(1))", {"app.Paid": "order"}),
        ("for each in [Paid(1), Sent(parcel=2), Paid(by='x')]:\n        handle(each)",
         {"app.Paid": "order by", "app.Sent": "parcel"}),
        ("bus.publish('paid', {'a': 1})", {"paid": "a"}),
        ("bus.publish('paid', {'a': 1}, urgent=True)", {"paid": "a"}),
        ("bus.publish('paid', b=2)", {"paid": "b"}),
        ("bus.publish('paid', x)", {"paid": "..."}),
        ("bus.publish('paid')", {"paid": ""}),
    ],
)  # fmt: skip
def test_hand_written_buses(tmp_path: Path, call: str, fields: dict[str, str]) -> None:
    found = publishers(tmp_path, {"app.py": BUS + f"def publish(x):\n    {call}\n"})
    told = {s.event.partition(":")[2]: words(s) for s in found if s.symbol == "publish"}
    assert told == fields


def test_an_edit_of_a_builder_and_of_a_task_is_followed(tmp_path: Path) -> None:
    head = "import redis\nfrom celery import Celery\nfrom other import make\n\napp = Celery()\nr = redis.Redis()\n"
    body = "def publish():\n    r.publish('orders', make())\n    app.send_task('pay', args=(1,))\n"
    other = "import celery\n\ndef make():\n    return {'a': 1}\n\n@celery.shared_task(name='pay')\ndef pay(order):\n    pass\n"
    write(tmp_path, {"app.py": head + body, "other.py": other})
    with AnalysisHost.open(tmp_path, use_cache=False) as host:
        before = [words(site) for site in host.with_fields().sites if site.kind == "publish"]
        host.update("other.py", other.replace("'a'", "'b'").replace("order", "bill").encode())
        after = [words(site) for site in host.with_fields().sites if site.kind == "publish"]
    assert (before, after) == (["a", "order"], ["b", "bill"])
