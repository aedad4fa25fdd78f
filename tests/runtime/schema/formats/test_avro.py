"""Types as Avro and back: the same contract, or a note, or a refusal; never less in silence."""

import fastavro
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pubsub_devtools.model.field_type import Anything, Array, Limits, Record, RecordField, Ref, Scalar, Tuple
from pubsub_devtools.schema.compatibility import same_contract
from pubsub_devtools.schema.formats.avro import from_avro, to_avro
from pubsub_devtools.schema.formats.description import Description
from pubsub_devtools.schema.formats.error import SchemaError
from pubsub_devtools.schema.unions import choice_of, optional, union_of
from tests.runtime.schema.types import messages

slow = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(messages(1))
def test_nothing_is_lost_in_silence(type_):
    try:
        schema, notes = to_avro(Description(type_, "orders.placed", "1.0.0"))
    except SchemaError as error:
        assert str(error)
        return
    fastavro.parse_schema(schema)
    found = from_avro(schema)
    assert (found.name, found.version) == ("orders.placed", "1.0.0")
    assert notes or same_contract(found.type, type_)


def test_an_event_as_avro():
    node = Record("Node", (RecordField("next", optional(Ref("Node")), False, True),))
    fields = (
        RecordField("id", Scalar("uuid")),
        RecordField("total", Scalar("int"), False, True),
        RecordField("state", choice_of(["NEW", "PAID"])),
        RecordField("one", node),
        RecordField("two", node, aliases=("second",)),
    )
    schema, notes = to_avro(
        Description(Record("Order", fields), doc="An order.", defaults={"total": 3, "one.next": None})
    )
    assert notes == ()
    assert schema["doc"] == "An order."
    told = {field["name"]: field for field in schema["fields"]}
    assert told["total"] == {"name": "total", "type": "long", "default": 3}
    assert told["state"]["type"] == {"type": "enum", "name": "State", "symbols": ["NEW", "PAID"]}
    assert told["one"]["type"]["fields"][0] == {"name": "next", "type": ["null", "Node"], "default": None}
    assert told["two"] == {"name": "two", "type": "Node", "aliases": ["second"]}
    fastavro.parse_schema(schema)


def test_what_avro_cannot_say_is_noted():
    fields = (
        RecordField("a", Scalar("int", Limits(ge=0))),
        RecordField("b", Array("set", Scalar("decimal")), False, True),
    )
    _, notes = to_avro(Description(Record("E", fields, "forbid")))
    assert [str(note) for note in notes] == [
        "the message: its extra fields are forbid: Avro drops them",
        "a: its limits (ge=0) are not told in Avro",
        "b: is a set: Avro has arrays alone",
        "b: holds 38 digits, 9 of them behind the point",
        "b: its default is not known to Avro: [] stands for it",
    ]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (RecordField("a", Anything()), "`a` is Any, which Avro has no word for"),
        (RecordField("a", Tuple((Scalar("int"),))), "`a` is tuple"),
        (RecordField("a-b", Scalar("int")), "`a-b` is no name in Avro"),
        (RecordField("a", union_of([Scalar("str"), choice_of(["x y"])])), "two of them are the same to Avro"),
        (
            RecordField("a", Scalar("date"), False, True),
            "`a` may be left out, but Avro has no default for date",
        ),
        (RecordField("a", choice_of([1, "x"])), "Avro's enums hold texts alone"),
    ],
)
def test_what_avro_has_no_word_for_is_refused(field, words):
    with pytest.raises(SchemaError, match=words.replace("(", r"\(")):
        to_avro(Description(Record("E", (field,))))


@given(st.recursive(st.none() | st.just("record") | st.just("int"), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["type", "name", "fields", "x-pubsub", "doc"]), inner), max_leaves=8))  # fmt: skip
def test_any_json_is_read_or_refused(value):
    try:
        assert isinstance(from_avro(value).type, Record)
    except SchemaError as error:
        assert str(error)
