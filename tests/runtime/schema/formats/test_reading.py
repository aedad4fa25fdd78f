"""Avro, JSON Schema and protobuf files as types; whatever stands in them, a reader gets records or a `SchemaError`."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubsub_devtools.model.field_type import Record
from pubsub_devtools.schema.formats import SUFFIXES, SchemaError, read_schema
from pubsub_devtools.schema.spelling import spell


def told(name: str, text: str) -> dict[str, list[str]]:
    """The records of a file: each field with its type, a `?` behind those that may be left out."""
    return {
        record: [f"{f.name}: {spell(f.type)}{'' if f.required else '?'}" for f in found.fields]
        for record, found in read_schema(name, text.encode()).items()
    }


AVRO = {
    "type": "record",
    "name": "Order",
    "namespace": "shop",
    "fields": [
        {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
        {"name": "note", "type": ["null", "string"], "default": None},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["NEW", "PAID"]}},
        {"name": "was", "type": "State"},
        {"name": "lines", "type": {"type": "array", "items": {
            "type": "record", "name": "Line", "fields": [{"name": "item", "type": "string", "aliases": ["sku"]}]}}},
        {"name": "next", "type": ["null", "shop.Order"]},
        {"name": "extra", "type": {"type": "map", "values": "double"}},
    ],
}  # fmt: skip


def test_avro():
    assert told("order.avsc", json.dumps(AVRO)) == {
        "shop.Line": ["item: str"],
        "shop.Order": [
            "id: uuid",
            "note: str | None?",
            "at: datetime",
            "state: Literal['NEW', 'PAID']",
            "was: Literal['NEW', 'PAID']",
            "lines: list[Line]",
            "next: Order | None",
            "extra: dict[str, float]",
        ],
    }
    assert read_schema("order.avsc", json.dumps(AVRO).encode())["shop.Line"].fields[0].aliases == ("sku",)


SCHEMA = {
    "title": "Order",
    "type": "object",
    "required": ["id", "lines"],
    "properties": {
        "id": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
        "state": {"enum": ["new", None]},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}},
        "next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]},
        "extra": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        "far": {"$ref": "far.json"},
    },
    "$defs": {"Line": {"properties": {"item": {"type": "string"}}, "additionalProperties": False}},
}


def test_json_schema():
    text = json.dumps(SCHEMA)
    assert told("order.schema.json", text) == {
        "Order": [
            "id: int",
            "at: datetime?",
            "state: Literal['new'] | None?",
            "lines: list[Line]",
            "next: Order | None?",
            "extra: dict[str, str | None]?",
            "far: far.json?",
        ]
    }
    order = read_schema("order.schema.json", text.encode())["Order"]
    assert order.open
    lines = order.fields[3].type
    assert isinstance(getattr(lines, "items", None), Record)


PROTO = """
syntax = "proto3";
package shop.v1;
import "google/protobuf/timestamp.proto";
option java_package = "x;{";
// A comment with { in it.
message Order {
  reserved 4, 5 to 7;
  string id = 1 [(rules).min = 1, json_name = "ID"];
  repeated Line lines = 2;
  map<string, int64> counts = 3;
  optional google.protobuf.Timestamp at = 8;
  oneof way { string mail = 9; State state = 10; }
  Order parent = 11;
  other.Thing thing = 12;
  enum State { option allow_alias = true; NEW = 0; PAID = 1; }
  message Line { string item = 1; }
}
service Orders { rpc Place (Order) returns (Order) { option (http) = { post: "/x" }; } }
"""


def test_protobuf():
    assert told("order.proto", PROTO) == {
        "shop.v1.Order": [
            "id: str?",
            "lines: list[Line | None]?",
            "counts: dict[str, int]?",
            "at: datetime?",
            "mail: str?",
            "state: Literal['NEW', 'PAID']?",
            "parent: Order?",
            "thing: other.Thing?",
        ],
        "shop.v1.Order.Line": ["item: str?"],
    }


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.xml", "<a/>", "`.xml` is none of .avsc, .json, .proto"),
        ("a.avsc", "{", "no valid JSON"),
        ("a.avsc", '"string"', "no record"),
        ("a.avsc", '{"type": "record"}', "a record has no name"),
        ("a.json", "[]", "a schema is an object"),
        ("a.json", '{"type": "object", "properties": {}, "required": 1}', "`required` must be a list"),
        ("a.proto", "message A { string id = 1;", "it ends where `more` should come"),
        ("a.proto", "message A {\n string ! = 1; }", "line 2 holds `!`"),
        ("a.proto", "message A { string id 1; }", "`=` should stand in the place of `1`"),
    ],
)
def test_what_is_wrong_is_said(name, text, words):
    with pytest.raises(SchemaError) as caught:
        read_schema(name, text.encode())
    assert words in str(caught.value)


def test_messages_that_double_with_each_other_end():
    levels = [f"message M{n} {{ M{n + 1} a = 1; M{n + 1} b = 2; }}" for n in range(40)]
    with pytest.raises(SchemaError, match="in more than"):
        read_schema("deep.proto", "\n".join([*levels, "message M40 { string a = 1; }"]).encode())


WORDS = st.sampled_from(
    [*"{}[]()<>=;,.\"'", "message", "enum", "oneof", "map", "repeated", "optional", "A", "string", "1", "//", "/*", "option", "\n", " "]
)  # fmt: skip
PARTS = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["record", "string", "array", "A", "#/a", "object"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["type", "name", "fields", "items", "values", "symbols", "properties", "required", "$ref", "enum", "anyOf", "aliases", "additionalProperties", "logicalType", "namespace", "default"]
        ),
        inner,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(WORDS).map(" ".join) | st.lists(WORDS).map("".join) | st.just(PROTO).flatmap(
    lambda text: st.integers(0, len(text)).map(lambda end: text[:end])))  # fmt: skip
def test_any_protobuf_text_is_read_or_refused(text):
    _read_or_refused("a.proto", text.encode())


@given(PARTS, st.sampled_from([".avsc", ".json"]))
def test_any_json_is_read_or_refused(value, suffix):
    _read_or_refused(f"a{suffix}", json.dumps(value).encode())


@given(st.binary(), st.sampled_from(SUFFIXES))
def test_any_bytes_are_read_or_refused(data, suffix):
    _read_or_refused(f"a{suffix}", data)


def _read_or_refused(name: str, data: bytes) -> None:
    try:
        found = read_schema(name, data)
    except SchemaError as error:
        assert str(error)
    else:
        assert found
        assert all(isinstance(record, Record) for record in found.values())
