"""Values held to types: what a writer of the type writes is of it, what pydantic refuses is not."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pubsub_devtools.model.field_type import Limits, Map, Record, RecordField, Ref, Scalar, Tuple
from pubsub_devtools.schema.conformance import violations
from pubsub_devtools.schema.formats.description import Description
from pubsub_devtools.schema.formats.json_schema import to_json_schema
from pubsub_devtools.schema.unions import choice_of, optional
from tests.runtime.schema.types import messages
from tests.runtime.schema.values import values_of

slow = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(messages(1, None), st.data())
def test_what_a_writer_writes_is_of_the_type(type_, data):
    value = json.loads(json.dumps(data.draw(values_of(type_))))
    assert violations(type_, value) == ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=2),
)


@slow
@given(messages(1, None), st.dictionaries(st.sampled_from(["a", "total", "item", "x1"]), json_values))
def test_what_json_schema_refuses_is_no_value_of_the_type(type_, value):
    """Our writer's schema allows more than the type where a note says so, and never less."""
    schema, _ = to_json_schema(Description(type_))
    if not Draft202012Validator(schema).is_valid(value):
        aliased = any(field.aliases for field in type_.fields)
        assert violations(type_, value) or aliased or "aliases" in json.dumps(schema)


NODE = Record(
    "Node", (RecordField("value", Scalar("int")), RecordField("next", optional(Ref("Node")), False))
)


@pytest.mark.parametrize(
    ("type_", "value", "texts"),
    [
        (Scalar("int"), True, ["the payload must be int, not True"]),
        (Scalar("float"), 1, []),
        (Scalar("date"), "2026-02-30", ["the payload must be date, not '2026-02-30'"]),
        (Scalar("datetime"), "2026-02-03T04:05:06Z", []),
        (Scalar("timedelta"), "P1DT2H", []),
        (Scalar("timedelta"), "P", ["the payload must be timedelta, not 'P'"]),
        (Scalar("decimal", Limits(ge=1)), "0.5", ["the payload must be ge=1, not '0.5'"]),
        (Scalar("str", Limits(pattern="^a")), "b", ["the payload must be pattern='^a', not 'b'"]),
        (choice_of([1, "a"]), True, ["the payload must be one of 1, 'a', not True"]),
        (Tuple((Scalar("int"),)), [1, 2], ["the payload must be tuple[int], not [1, 2]"]),
        (Map(Scalar("str"), Scalar("int")), {"a": "x"}, ["`a` must be int, not 'x'"]),
        (NODE, {"value": 1, "next": {"value": "x"}}, ["`next.value` must be int, not 'x'"]),
        (NODE, {"next": None}, ["`value` is missing"]),
        (Record("E", (), "forbid"), {"x": 1}, ["`x` is not among the fields of E"]),
        (Record("E", (RecordField("total", Scalar("int"), aliases=("sum",)),), "forbid"), {"sum": 1}, []),
    ],
)
def test_errors_name_the_field(type_, value, texts):
    assert [found.text for found in violations(type_, value)] == texts
