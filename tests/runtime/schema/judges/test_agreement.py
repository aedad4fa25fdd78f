"""DECISIONS 11: the judges agree with the rules on `FieldType` on all that it can express.

What is readable is refused by no judge; what is not is reported by each, at the same field. Where a format decides what the
rules leave open (``risky``), it may say either.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools.schema.compatibility import readable
from pubsub_devtools.schema.judges import Source, findings

from .field_types import (
    CHOICES,
    JSON_TYPES,
    avro,
    avro_types,
    changes,
    dumped,
    json_schema,
    protobuf,
    protobuf_types,
    records,
    scalars,
    with_lists_optional,
)

STRICTER = {"REQUIRED_FIELD_REMOVED", "MESSAGE_REMOVED"}
"""What the judge of protobuf refuses as Confluent does, though whoever reads does not miss it."""


def _check(writer, reader, old, new):
    """Hold what the rules say of two types against what a judge says of their schemas."""
    told = readable(writer, reader)
    found = findings(old, new)
    assert not any(each.kind == "NOT_JUDGED" for each in found)
    if not told:
        assert [each for each in found if each.severity != "compatible" and each.kind not in STRICTER] == []
    broken = {each.path.partition(".")[0] for each in told if each.severity == "breaking"}
    assert broken <= {each.path.partition(".")[0] for each in found}


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_json_schema(data):
    writer = data.draw(records(JSON_TYPES, ("ignore", "forbid", "allow")))
    reader = data.draw(changes(writer, JSON_TYPES) | records(JSON_TYPES, ("ignore", "forbid", "allow")))
    old, new = json_schema(writer, writes=True), json_schema(reader, writes=False)
    _check(writer, reader, Source("JSON", dumped(old)), Source("JSON", dumped(new)))


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_avro(data):
    """Avro reads no enum as a text, so these stand in different runs."""
    numbers = ("null", "bool", "int", "float", "date", "datetime")
    leaves = data.draw(st.sampled_from([scalars(*numbers, "str", "bytes"), scalars(*numbers) | CHOICES]))
    types = avro_types(leaves, maps=data.draw(st.booleans()))
    writer = data.draw(records(types))
    reader = data.draw(changes(writer, types) | records(types))
    _check(writer, reader, Source("AVRO", dumped(avro(writer))), Source("AVRO", dumped(avro(reader))))


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.data())
def test_protobuf(data):
    """Protobuf writes an enum as a number and never reads it as a text or bytes, so these stand in different runs."""
    leaves = data.draw(
        st.sampled_from([scalars("bool", "int", "str", "bytes"), scalars("bool", "int") | CHOICES])
    )
    types = protobuf_types(leaves)
    drawn = data.draw(records(types))
    writer = with_lists_optional(drawn)
    reader = with_lists_optional(data.draw(changes(drawn, types) | records(types)))
    old, new = Source("PROTOBUF", protobuf(writer)), Source("PROTOBUF", protobuf(reader))
    _check(writer, reader, old, new)
