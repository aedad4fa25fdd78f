"""The shape of a message, from the expression that gives it. Each publish sends to one topic of Kafka."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analysis.fields.workspace import gives, publishers

HEAD = """
import json
from dataclasses import asdict, dataclass, field, replace
from typing import NamedTuple, TypedDict

from kafka import KafkaProducer
from pydantic import BaseModel

producer = KafkaProducer()


@dataclass
class Customer:
    email: str


@dataclass
class Base:
    id: int


@dataclass
class Order(Base):
    total: float = 0.0
    paid: bool = field(default=False, init=False)


class Paid(BaseModel):
    order: int
    by: str = ""


class Row(TypedDict):
    left: int
    right: int


class Plain:
    def __init__(self, number, note=""):
        self.number = number
        self.text = note


"""


def sent(root: Path, value: str, body: str = "", parameters: str = "x=None") -> str:
    """What `producer.send("orders", value)` gives after some statements."""
    lines = "\n    ".join(["pass", *body.strip().splitlines()])
    text = f"def publish({parameters}):\n    {lines}\n    producer.send('orders', {value})\n"
    return gives(root, HEAD, text)


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ("{'a': 1, 'b': x}", "a b"),
        ("{}", ""),
        ("{'a': 1, **x}", "a ..."),
        ("{**{'a': 1}, 'b': 2}", "a b"),
        ("{x: 1}", "..."),
        ("{'a': {'b': 1, 'c': {'d': 2}}}", "a.b a.c.d"),
        ("{'a': {'b': 1, **x}}", "a a.b"),
        ("{'a': x}", "a"),
        ("{'a': {}}", "a"),
        ("{'a': 1} | {'b': 2}", "a b"),
        ("{'a': 1} | x", "a ..."),
        ("dict(a=1, b=2)", "a b"),
        ("dict({'a': 1}, b=2)", "a b"),
        ("dict(x, b=2)", "b ..."),
        ("{'a': 1} if x else {'b': 2}", "a b"),
        ("{k: 1 for k in x}", "..."),
        ("x", "..."),
        ("'text'", "..."),
        ("b'bytes'", "..."),
        ("None", ""),
        ("f'{x}'", "..."),
    ],
)
def test_dicts(tmp_path: Path, value: str, fields: str) -> None:
    assert sent(tmp_path, value) == fields


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ("Order(1, 2.5)", "id total"),
        ("Order(1)", "id"),
        ("Order(id=1, total=x)", "id total"),
        ("Order(**x)", "..."),
        ("Order(**{'id': 1})", "id"),
        ("Order(*x)", "..."),
        ("Paid(order=1)", "order"),
        ("Row(left=1, right=2)", "left right"),
        ("Plain(1, 'x')", "number text"),
        ("{'customer': Customer('a@b.c')}", "customer.email"),
        ("{'plain': Plain(1)}", "plain"),
        ("[Order(1), Order(2, 3.0)]", "id total"),
        ("[Order(id=i) for i in x]", "id"),
    ],
)
def test_constructors(tmp_path: Path, value: str, fields: str) -> None:
    assert sent(tmp_path, value) == fields


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ("json.dumps({'a': 1})", "a"),
        ("json.dumps({'a': 1}).encode()", "a"),
        ("json.dumps({'a': 1}).encode('utf-8')", "a"),
        ("bytes(json.dumps({'a': 1}), 'utf-8')", "a"),
        ("asdict(Order(1))", "id"),
        ("json.dumps(asdict(Order(1, 2.0)))", "id total"),
        ("Paid(order=1).model_dump()", "order"),
        ("Paid(order=1).model_dump_json().encode()", "order"),
        ("replace(Order(1), total=3.0)", "id total"),
        ("json.loads(x)", "..."),
        ("str({'a': 1})", "..."),
        ("'x'.encode()", "..."),
    ],
)
def test_encoders(tmp_path: Path, value: str, fields: str) -> None:
    assert sent(tmp_path, value) == fields


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("p = {'a': 1}", "a"),
        ("p = {'a': 1}\np['b'] = 2", "a b"),
        ("p = {'a': 1}\nif x:\n    p['b'] = 2", "a b"),
        ("p = {'a': 1}\np['b']['c'] = 2", "a"),
        ("p = {'a': 1}\nq = {}\nq['b'] = 2", "a"),
        ("p = {'a': 1}\np[x] = 2", "a ..."),
        ("p = {'a': 1}\np.update({'b': 2}, c=3)", "a b c"),
        ("p = {'a': 1}\np.update(x)", "a ..."),
        ("p = {'a': 1}\np.setdefault('b', 2)", "a b"),
        ("p = {'a': 1, 'b': 2}\np.pop('b')", "a"),
        ("p = {'a': 1}\np |= {'b': 2}", "a b"),
        ("p = {'a': 1}\np = {**p, 'b': 2}", "a b"),
        ("p = {'a': 1}\np = {'b': 2}", "b"),
        ("if x:\n    p = {'a': 1}\nelse:\n    p = {'b': 2}", "a b"),
        ("p = x\np['b'] = 2", "b ..."),
        ("p = Order(1)\np.total = 5.0", "id total"),
        ("p = Order(1)\np = json.dumps(asdict(p))", "id"),
        ("p = []\np.append({'a': 1})\np.append({'b': 2})", "a b"),
        ("p: dict = {'a': 1}", "a"),
        ("for p in [Order(1), Order(2)]:\n    pass", "id"),
        ("for i, p in enumerate([Order(1)]):\n    pass", "id"),
        ("for p in {'a': 1}:\n    pass", "..."),
    ],
)
def test_variables(tmp_path: Path, body: str, fields: str) -> None:
    assert sent(tmp_path, "p", body) == fields


def test_what_is_stored_after_the_call_is_not_given(tmp_path: Path) -> None:
    assert gives(tmp_path, HEAD, """
        def publish():
            p = {"a": 1}
            producer.send("orders", p)
            p["b"] = 2
    """) == "a"  # fmt: skip


@pytest.mark.parametrize(
    ("parameters", "fields"),
    [
        ("p: Order", "id total paid"),
        ("p: 'Order'", "id total paid"),
        ("p: Order | None = None", "id total paid"),
        ("p: list[Order]", "id total paid"),
        ("p: Row", "left right"),
        ("p: dict", "..."),
        ("p", "..."),
        ("**p", "..."),
    ],
)
def test_parameters(tmp_path: Path, parameters: str, fields: str) -> None:
    assert sent(tmp_path, "p", parameters=parameters) == fields


@pytest.mark.parametrize(
    ("function", "fields"),
    [
        ("def build(x):\n    return {'a': x}", "a"),
        ("def build(x):\n    return Order(x, 1.0)", "id total"),
        ("def build(x):\n    found = {'a': x}\n    found['b'] = 1\n    return found", "a b"),
        ("def build(x):\n    return asdict(x)", "..."),
        ("def build(x) -> Order:\n    return fetch(x)", "id total paid"),
        ("def build(x):\n    if x:\n        return None\n    return {'a': x}", "a"),
        ("def build(x):\n    return build(x)", "..."),
    ],
)
def test_builders(tmp_path: Path, function: str, fields: str) -> None:
    text = f"{function}\n\n\ndef publish(x):\n    producer.send('orders', build(x))\n"
    assert gives(tmp_path, HEAD, text) == fields


def test_a_builder_is_given_a_message(tmp_path: Path) -> None:
    assert gives(tmp_path, HEAD, """
        def stamped(message, **more):
            return {"at": 1, **asdict(message), **more}

        def publish():
            producer.send("orders", stamped(Order(1), by="me"))
    """) == "at id by"  # fmt: skip


def test_a_method_of_the_message_builds_it(tmp_path: Path) -> None:
    assert gives(tmp_path, HEAD, """
        @dataclass
        class Event:
            name: str

            def wire(self):
                return {"event": self.name}

        def publish():
            producer.send("orders", Event("x").wire())
    """) == "event"  # fmt: skip


def test_from_another_file(tmp_path: Path) -> None:
    assert gives(tmp_path, HEAD, """
        from payloads import DEFAULT, make

        def publish():
            producer.send("orders", {**DEFAULT, **make()})
    """, payloads="""
        DEFAULT = {"version": 1}

        def make():
            return dict(total=2)
    """) == "version total"  # fmt: skip


def test_types_and_places(tmp_path: Path) -> None:
    text = """
        def publish(note: str, other):
            producer.send("orders", {
                "a": 1,
                "b": f"x{note}",
                "c": note,
                "d": Customer("x"),
                "e": other,
                "f": None,
                "g": [1],
            })
    """
    files = {"app.py": HEAD + "\n".join(line[8:] for line in text.splitlines())}
    (site,) = publishers(tmp_path, files)
    told = {use.name: use.type for use in site.keys}
    assert told == {
        "a": "int", "b": "str", "c": "str", "d.email": "str", "e": "", "f": "None", "g": "",
    }  # fmt: skip
    lines = (tmp_path / "app.py").read_text().splitlines()
    assert all(f'"{use.name}"' in lines[use.place.line - 1] for use in site.keys if "." not in use.name)
