"""What a broken table says, and that a user's own bus is described in the same form as a framework."""

from __future__ import annotations

import pytest

from pubsub_devtools_analysis.config import ConfigError
from pubsub_devtools_analysis.dialect import DialectError, parse, shipped

from .workspace import sites

OUR_BUS = """
[[tool.pubsub-devtools.dialects]]
name = "our_bus"
title = "The bus of the platform team"
transport = "kafka"
delivery = "at-least-once"
imports = ["platform_bus"]

[tool.pubsub-devtools.dialects.types.bus]
is = ["platform_bus.Bus"]
names = ["bus"]

[[tool.pubsub-devtools.dialects.publish]]
call = ["bus.tell", "platform_bus.tell"]
event = { argument = ["topic", 0] }
payload = ["body", 1]

[[tool.pubsub-devtools.dialects.handle]]
decorator = ["bus.hears"]
event = { argument = ["topic", 0], otherwise = "function.name" }

[[tool.pubsub-devtools.dialects.declare]]
subclass = ["platform_bus.Message"]
event = { otherwise = "class.path" }
"""


def found(texts):
    return sorted(f"{s.kind} {s.event} {s.place.path}:{s.place.line} {s.certainty}" for s in sites(texts))


def test_a_users_own_bus_in_the_same_form():
    assert found(
        {
            "pyproject.toml": OUR_BUS,
            "topics.py": 'ORDERS = "orders"\n',
            "shop.py": (
                "from platform_bus import Bus, Message\n"
                "from topics import ORDERS\n"
                "bus = Bus()\n"
                "class OrderPaid(Message): ...\n"
                "@bus.hears(ORDERS)\n"
                "def bill(body): ...\n"
                "@bus.hears()\n"
                "def refunds(body): ...\n"
                "bus.tell('orders', {})\n"
            ),
        }
    ) == [
        "declare kafka:shop.OrderPaid shop.py:4 sure",
        "handle kafka:orders shop.py:6 sure",
        "handle kafka:refunds shop.py:8 sure",
        "publish kafka:orders shop.py:9 sure",
    ]


def test_a_usual_name_makes_it_likely():
    shop = "import platform_bus\ndef pay(bus):\n    bus.tell('orders', {})\n"
    assert found({"pyproject.toml": OUR_BUS, "shop.py": shop}) == ["publish kafka:orders shop.py:3 likely"]


def test_its_events_are_those_of_the_other_frameworks_on_the_transport():
    bill = "from kafka import KafkaConsumer\nconsumer = KafkaConsumer('orders')\n"
    shop = "import platform_bus\nplatform_bus.tell('orders', {})\n"
    both = sites({"pyproject.toml": OUR_BUS, "shop.py": shop, "bill.py": bill})
    assert {(s.kind, s.event) for s in both} == {("publish", "kafka:orders"), ("handle", "kafka:orders")}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"title": "No name"}, ["name"]),
        ({"name": "ours", "publsh": []}, ["publsh"]),
        ({"name": "ours", "publish": [{"cal": ["bus.tell"]}]}, ["cal", "publish"]),
        ({"name": "ours", "publish": [{"call": "bus.tell"}]}, ["array", "str", "publish[0].call"]),
        ({"name": "ours", "types": {"bus": {"is": [1]}}}, ["str", "int", "types"]),
        ({"name": "ours", "delivery": "sometimes"}, ["sometimes", "delivery"]),
        ({"name": "ours", "declare": [{"call": ["bus.topic"], "makes": "topic"}]}, ["'topic'", "[types]"]),
        ({"name": "ours", "handle": [{"event": {"otherwise": "by magic"}}]}, ["by magic", "otherwise"]),
        ({"name": "ours", "bind": [{"source": [0]}]}, ["call", "bind[0]"]),
        ({"name": "ours", "samples": [{"title": "T", "code": ""}]}, ["finds", "samples[0]"]),
    ],
)
def test_a_broken_table_names_itself_and_the_key(table, words):
    with pytest.raises(DialectError) as error:
        parse(table, "ours.toml")
    message = str(error.value)
    assert message.startswith("ours.toml: ")
    assert [word for word in words if word not in message] == []
    assert "\n" not in message


OWN = """
[[tool.pubsub-devtools.dialects]]
name = "custom_bus"

[[tool.pubsub-devtools.dialects.handle]]
function = ["bus.on"]
event = { argument = ["event"] }
handler = ["call"]
"""
TELL = """
[[tool.pubsub-devtools.dialects]]
name = "custom_bus"

[[tool.pubsub-devtools.dialects.publish]]
function = ["bus.Bus.tell"]
event = { argument = [0] }
"""
BUS = "from native import connect\ndef on(event, call): connect(event, call)\nclass Bus:\n    def tell(self, event): ...\n"
SHOP = "import bus\ndef pack(e): ...\nbus.on('paid', pack)\nbus.Bus().tell('paid')\n"


def test_functions_of_the_workspace_that_no_shape_tells():
    assert found({"bus.py": BUS, "shop.py": SHOP}) == []
    assert found({"pyproject.toml": OWN + TELL, "bus.py": BUS, "shop.py": SHOP}) == [
        "handle custom_bus:paid shop.py:2 sure",
        "publish custom_bus:paid shop.py:4 sure",
    ]


def test_they_may_go_by_another_name_and_transport_and_be_likely():
    text = OWN.replace('name = "custom_bus"', 'name = "our_bus"\ntransport = "kafka"\ncertainty = "likely"')
    assert found({"pyproject.toml": text, "bus.py": BUS, "shop.py": SHOP}) == [
        "handle kafka:paid shop.py:2 likely"
    ]


def test_a_dict_and_a_collection_of_any_name():
    text = """
        [[tool.pubsub-devtools.dialects]]
        name = "custom_bus"
        [[tool.pubsub-devtools.dialects.handle]]
        table = ["shop.ROUTES"]
        pairs = true
        [[tool.pubsub-devtools.dialects.publish]]
        collect = ["outbox"]
    """
    shop = (
        "class Paid: ...\ndef pack(e): ...\nROUTES = {Paid: [pack]}\n"
        "class Order:\n    def pay(self):\n        self.outbox.append(Paid())\n"
    )
    assert found({"shop.py": shop}) == []
    assert found({"pyproject.toml": text, "shop.py": shop}) == [
        "declare custom_bus:shop.Paid shop.py:1 sure",
        "handle custom_bus:shop.Paid shop.py:2 sure",
        "publish custom_bus:shop.Paid shop.py:6 sure",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OWN.replace('handler = ["call"]', ""), ["handle[0]", "`handler`"]),
        (OWN.replace('event = { argument = ["event"] }', ""), ["handle[0]", "`event.argument`"]),
        (OWN.replace(".handle]]", ".declare]]"), ["declare[0]", "cannot declare"]),
        (OWN.replace('["event"] }', '["event"], class = "name" }'), ["`argument` and `attribute` only"]),
        (OWN + "payload = [1]\n", ["handle[0]", "may stand"]),
        (TELL + 'collect = ["events"]\n', ["publish[0]", "`collect`", "alone"]),
        (OWN + 'table = ["bus.TABLE"]\npairs = true\n', ["handle[0]", "`table`", "alone"]),
        (
            OWN + TELL.replace("\n\n[[", '\ntransport = "kafka"\n\n[[', 1),
            ["dialects[1]", "`transport` differs"],
        ),
        (OUR_BUS.replace("our_bus", "custom_bus") * 2, ["dialects[1]", "`types`", "`bus`"]),
        (OWN.replace("custom_bus", "ours") + TELL.replace("custom_bus", "ours"), ['"ours" is taken']),
    ],
)
def test_a_pattern_of_own_functions_that_says_too_little_or_too_much(text, words):
    with pytest.raises(ConfigError) as error:
        sites({"pyproject.toml": text, "shop.py": ""})
    assert [word for word in words if word not in str(error.value)] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OUR_BUS.replace("imports =", "import ="), ["dialects[0]", "import"]),
        (OUR_BUS.replace('"our_bus"', '"celery"'), ["dialects[0]", '"celery" is taken']),
        (OUR_BUS + "[[tool.pubsub-devtools.dialects]\n", ["TOML", f"line {OUR_BUS.count(chr(10)) + 1}"]),
        (OUR_BUS.replace('"our_bus"', "our_bus"), ["TOML", "line 3"]),
        ("[tool.pubsub-devtools]\ndialects = ['our_bus']\n", ["dialects[0]", "table"]),
    ],
)
def test_a_broken_table_of_a_user_names_the_file_and_the_key(text, words):
    with pytest.raises(ConfigError) as error:
        sites({"pyproject.toml": text, "shop.py": "import platform_bus\n"})
    message = str(error.value)
    assert "pyproject.toml" in message
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize("dialect", shipped(), ids=lambda dialect: dialect.name)
def test_a_shipped_table_is_whole(dialect):
    """It can be detected and documented, and its references that look like a type of its own are one."""
    assert dialect.title
    assert dialect.doc.endswith(".")
    assert dialect.imports
    patterns = (*dialect.publish, *dialect.handle, *dialect.declare)
    references = {r for p in patterns for r in (*p.call, *p.decorator)} | {
        c for b in dialect.bind for c in b.call
    }
    libraries = {name.partition(".")[0] for name in dialect.imports} | {"functools", "google", "djstripe"}
    assert {r for r in references if r.partition(".")[0] not in (dialect.types.keys() | libraries)} == set()
