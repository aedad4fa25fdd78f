"""Schemas as types: what is read from the code is what pydantic makes of it, and names are followed from file to file."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from pubsub_devtools.model import EventGraph, SchemaVersion
from pubsub_devtools.model.field_type import Record
from pubsub_devtools.schema.from_pydantic import model_type
from pubsub_devtools.schema.spelling import spell
from pubsub_devtools_analysis.host import AnalysisHost

from .workspace import write

EXAMPLES = Path(__file__).parents[3] / "examples"


def analysed(root: Path, files: dict[str, str] | None = None) -> EventGraph:
    write(root, files or {})
    with AnalysisHost.open(root, use_cache=False) as host:
        return host.with_fields()


def schemas(graph: EventGraph) -> dict[str, SchemaVersion]:
    return {schema.symbol: schema for event in graph.events for schema in event.schemas}


def told(root: Path, declaration: str, **files: str) -> dict[str, str]:
    """The fields of the one event of `app.py`, each as it is spelled; a `?` behind those that may be left out."""
    text = f"from pubsub_devtools import BaseEvent, event_bus\n{declaration}\nevent_bus.publish(Paid())\n"
    graph = analysed(root, {"app.py": text, **{f"{name}.py": content for name, content in files.items()}})
    type_ = schemas(graph)["app.Paid"].type
    assert isinstance(type_, Record)
    return {field.name: spell(field.type) + ("" if field.required else "?") for field in type_.fields}


def test_the_shop_as_pydantic_sees_it(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(EXAMPLES), *sys.path])
    found = schemas(analysed(EXAMPLES / "shop"))
    assert len(found) > 10
    for symbol, schema in found.items():
        module, _, name = symbol.rpartition(".")
        assert schema.type == model_type(getattr(importlib.import_module(module), name)), symbol


def test_inherited_fields_and_those_of_other_files(tmp_path):
    base = """
        from typing import Annotated, NewType
        from pydantic import BaseModel, Field
        from pubsub_devtools import BaseEvent

        Cents = Annotated[int, Field(ge=0)]
        Number = NewType("Number", str)

        class Line(BaseModel):
            item: str
            price: Cents = 0

        class Change(BaseEvent):
            order: Number
        """
    declaration = "import base\nfrom base import Cents as C, Line\nclass Paid(base.Change):\n    total: C\n    lines: list[Line] = []\n"
    found = told(tmp_path, declaration, base=base)
    assert list(found) == ["order", "total", "lines"]
    assert found["order"] == "str"
    assert found["total"].startswith("int")
    assert found["lines"].endswith("?")
    assert "Line" in found["lines"]


def test_recursion_ends(tmp_path):
    declaration = "class Paid(BaseEvent):\n    parts: 'list[Paid]' = []\n"
    assert told(tmp_path, declaration) == {"parts": "list[Paid]?"}


def test_enums_and_their_members(tmp_path):
    colours = "import enum\nclass Colour(str, enum.Enum):\n    RED = 'red'\n    BLUE = 'blue'\n"
    declaration = (
        "from typing import Literal\nfrom colours import Colour\n"
        "class Paid(BaseEvent):\n    one: Colour\n    red: Literal[Colour.RED]\n"
    )
    assert told(tmp_path, declaration, colours=colours) == {
        "one": "Literal['blue', 'red']",
        "red": "Literal['red']",
    }


def test_a_name_from_a_library_is_not_known(tmp_path):
    declaration = "from money import Money\nclass Paid(BaseEvent):\n    total: Money\n"
    assert told(tmp_path, declaration) == {"total": "Money"}


FORMS = {
    "dataclass": "from dataclasses import dataclass, field\n@dataclass(kw_only=True)\nclass Paid:\n    order: str\n    lines: list[str] = field(default_factory=list)\n",
    "attrs": "import attrs\n@attrs.define\nclass Paid:\n    order: str\n    lines: list[str] = attrs.field(factory=list)\n",
    "msgspec": "import msgspec\nclass Paid(msgspec.Struct):\n    order: str\n    lines: list[str] = msgspec.field(default_factory=list)\n",
    "typed dict": "from typing import NotRequired, TypedDict\nclass Paid(TypedDict):\n    order: str\n    lines: NotRequired[list[str]]\n",
    "named tuple": "from typing import NamedTuple\nclass Paid(NamedTuple):\n    order: str\n    lines: list[str] = []\n",
    "pydantic": "from pydantic import BaseModel, Field\nclass Paid(BaseModel):\n    order: str\n    lines: list[str] = Field(default_factory=list)\n",
    "constructor": "class Paid:\n    def __init__(self, order: str, lines: list[str] = ()):\n        self.order, self.lines = order, lines\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_forms_of_classes(tmp_path, form):
    text = FORMS[form] + "from pubsub_devtools import event_bus\nevent_bus.publish(Paid(order='7'))\n"
    (schema,) = schemas(analysed(tmp_path, {"app.py": text})).values()
    assert isinstance(schema.type, Record)
    assert not schema.type.open
    assert [(f.name, spell(f.type), f.required) for f in schema.type.fields] == [
        ("order", "str", True),
        ("lines", "list[str]", False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "class Paid:\n    order: str\n",
        "from framework import Message\nclass Paid(Message):\n    order: str\n",
        "import attr\n@attr.s\nclass Paid:\n    order: str\n    total = attr.ib()\n",
    ],
)
def test_a_class_that_may_have_more_is_open(tmp_path, text):
    text += "from pubsub_devtools import event_bus\nevent_bus.publish(Paid())\n"
    (schema,) = schemas(analysed(tmp_path, {"app.py": text})).values()
    assert isinstance(schema.type, Record)
    assert schema.type.open


def test_what_nothing_declares_is_inferred(tmp_path):
    text = """
        from celery import shared_task

        @shared_task
        def charge(order, total=0, note=""):
            print(order, total, note)

        def pay(order, options):
            charge.delay(order, total=5)
            charge.delay(order, total="5", note="x")
        """
    graph = analysed(tmp_path, {"app.py": text})
    (schema,) = graph.events[0].schemas
    assert schema.inferred
    assert [(f.name, f.type, f.required) for f in schema.fields] == [
        ("order", "", True),
        ("total", "int | str", True),
        ("note", "str", False),
    ]
    assert isinstance(schema.type, Record)
    assert not schema.type.open


def test_a_snapshot_without_fields_has_no_types(tmp_path):
    write(
        tmp_path,
        {
            "app.py": FORMS["dataclass"]
            + "from pubsub_devtools import event_bus\nevent_bus.publish(Paid(order='7'))\n"
        },
    )
    with AnalysisHost.open(tmp_path, use_cache=False) as host:
        (schema,) = host.snapshot().events[0].schemas
        assert schema.type is None
        assert [field.name for field in schema.fields] == ["order", "lines"]
