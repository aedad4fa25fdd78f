"""Types as JSON Schema and back: the same type, and no value taken or refused otherwise without a note."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pubsub_devtools.model.field_type import Array, Limits, Map, Record, RecordField, Ref, Scalar, Unknown
from pubsub_devtools.schema.formats.description import Description
from pubsub_devtools.schema.formats.error import SchemaError
from pubsub_devtools.schema.formats.json_schema import from_json_schema, to_json_schema
from pubsub_devtools.schema.formats.json_schema_reading import own_part
from pubsub_devtools.schema.unions import optional
from tests.runtime.schema.types import messages
from tests.runtime.schema.values import values_of

slow = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(messages())
def test_a_type_comes_back_as_it_was(type_):
    schema, _ = to_json_schema(Description(type_))
    Draft202012Validator.check_schema(schema)
    assert own_part(schema)
    assert from_json_schema(json.loads(json.dumps(schema))).type == type_


@slow
@given(messages(1, None), st.data())
def test_what_a_writer_writes_is_valid(type_, data):
    schema, _ = to_json_schema(Description(type_))
    value = data.draw(values_of(type_))
    assert list(Draft202012Validator(schema).iter_errors(json.loads(json.dumps(value)))) == []


def test_what_is_known_beside_the_type_is_written_and_read():
    type_ = Record(
        "Order", (RecordField("total", Scalar("int"), False, True), RecordField("at", Scalar("date")))
    )
    described = Description(type_, "orders.placed", "2.0.0", "An order.", {"total": 3}, {"at": "When."})
    schema, notes = to_json_schema(described)
    assert (schema["title"], schema["description"], notes) == ("Order", "An order.", ())
    assert from_json_schema(schema) == described


def test_a_recursive_type_is_valid_where_other_tools_read_it():
    node = Record("Node", (RecordField("value", Scalar("int")), RecordField("next", optional(Ref("Node")))))
    tree = Record(
        "Tree",
        (
            RecordField("first", node),
            RecordField("other", node),
            RecordField("up", Array("list", Ref("Tree"))),
        ),
    )
    schema, _ = to_json_schema(Description(tree))
    assert schema["properties"]["first"] == {"$ref": "#/$defs/Node"}
    check = Draft202012Validator(schema)
    leaf = {"value": 1, "next": None}
    assert check.is_valid({"first": {"value": 1, "next": leaf}, "other": leaf, "up": []})
    assert not check.is_valid(
        {"first": {"value": 1, "next": {"value": "x", "next": None}}, "other": leaf, "up": []}
    )


def test_what_json_schema_cannot_say_is_noted():
    fields = (
        RecordField("money", Unknown("Money")),
        RecordField("paid", Scalar("decimal", Limits(ge=0)), aliases=("sum",)),
        RecordField("counts", Map(Scalar("int"), Scalar("int"))),
    )
    _, notes = to_json_schema(Description(Record("E", fields)))
    assert [str(note) for note in notes] == [
        "money: is Money, of which nothing is known: anything is allowed",
        "paid: its limits (ge=0) are not those of its text",
        "paid: is also read as sum, which JSON Schema cannot say",
        "counts: its keys are int, which are texts in JSON",
    ]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ([], "a schema is an object"),
        ({"type": "string"}, "it describes str"),
        ({"type": "object", "properties": {}, "required": 3}, "`required` must be a list"),
        (
            {"x-pubsub": {"format": 1}, "type": "array", "prefixItems": [], "items": False, "x": 1},
            "describes tuple",
        ),
    ],
)
def test_what_is_no_message_is_refused(schema, words):
    with pytest.raises(SchemaError, match=words):
        from_json_schema(schema)


def test_a_foreign_schema_says_what_it_can():
    found = from_json_schema(
        {
            "title": "Order",
            "description": "d",
            "properties": {"a": {"type": "integer", "default": 1, "description": "n", "minimum": 0}},
        }
    )
    assert found.type == Record(
        "Order", (RecordField("a", Scalar("int", Limits(ge=0)), False, True),), "allow"
    )
    assert (found.defaults, found.docs, found.doc) == ({"a": 1}, {"a": "n"}, "d")


keys = [
    "type",
    "title",
    "properties",
    "required",
    "$ref",
    "enum",
    "anyOf",
    "prefixItems",
    "items",
    "x-pubsub",
    "format",
]
parts = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["array", "object", "string", "#", "#/x-pubsub", "decimal"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*keys, "limits", "fields", "aliases", "unknown", "key", "minimum", "minLength"]),
            inner,
        )
    ),
    max_leaves=15,
)


@slow
@given(parts)
def test_any_json_is_read_or_refused(value):
    try:
        found = from_json_schema(value)
    except SchemaError as error:
        assert str(error)
    else:
        assert isinstance(found.type, Record)
