"""The generated schema and types say what the Structs say."""

import sys
import types
from typing import Literal

import jsonschema
import msgspec
import pytest

from pubsub_devtools.model import Coverage, Event, EventGraph, Evidence, Place, Service, Site
from tools.json_schema import json_schema
from tools.typescript import typescript

PLACE = Place("a.py", 1, 0, 1, 9)
GRAPH = EventGraph(
    root="shop",
    events=(Event("memory:OrderPlaced", "OrderPlaced", "memory", ("pubsub_devtools",)),),
    sites=(
        Site("1", "publish", "memory:OrderPlaced", "pubsub_devtools", "f", PLACE, "sure", "call"),
        Site(
            "2",
            "handle",
            "memory:OrderPlaced",
            "pubsub_devtools",
            "g",
            PLACE,
            "sure",
            "x",
            evidence=(Evidence("x", PLACE),),
        ),
    ),
    services=(Service("shop", "shop"),),
    coverage=Coverage(1, 1, 2, 2),
)


def test_a_graph_is_valid_under_its_schema_and_a_wrong_one_is_not():
    validator = jsonschema.Draft202012Validator(msgspec.json.decode(json_schema(EventGraph)))
    document = msgspec.json.decode(msgspec.json.encode(GRAPH))
    validator.validate(document)
    document["sites"][0]["certainty"] = "perhaps"
    with pytest.raises(jsonschema.ValidationError, match="perhaps"):
        validator.validate(document)


def module(monkeypatch, **members):
    made = types.ModuleType("made", "Why it exists.")
    for name, value in members.items():
        setattr(made, name, value)
    monkeypatch.setitem(sys.modules, "made", made)
    monkeypatch.setattr("tools.typescript.inspect.getsource", lambda _: 'Kind = 1\n"""What kind."""')
    return made


def test_types_follow_the_structs(monkeypatch):
    kind = Literal["a", "b"]
    leaf = msgspec.defstruct(
        "Leaf", [("kind", kind), ("size", float | None, None)], module="made", omit_defaults=True
    )
    tree = msgspec.defstruct(
        "Tree", [("leaves", tuple[leaf, ...], ()), ("flat", Literal[1, "x"])], module="made", kw_only=True
    )
    assert typescript(module(monkeypatch, Kind=kind, Leaf=leaf, Tree=tree)) == (
        "/**\n * Made from made by `make generate`; do not edit.\n *\n * Why it exists.\n */\n\n"
        '/** What kind. */\nexport type Kind = "a" | "b";\n\n'
        "export interface Leaf {\n  kind: Kind;\n  size?: number | null;\n}\n\n"
        'export interface Tree {\n  leaves: Leaf[];\n  flat: 1 | "x";\n}\n'
    )


def test_a_type_without_a_common_form_is_refused(monkeypatch):
    odd = msgspec.defstruct("Odd", [("value", set[str])], module="made")
    with pytest.raises(TypeError, match="no TypeScript type for set"):
        typescript(module(monkeypatch, Odd=odd))
