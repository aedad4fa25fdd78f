"""Whatever comes as a schema is judged or refused in words; nothing is raised, and recursion ends."""

import json
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools.schema.judges import Source, findings
from pubsub_devtools.schema.judges.avro import avro_findings
from pubsub_devtools.schema.judges.protobuf import protobuf_findings
from pubsub_devtools.schema.judges.protobuf.descriptors import descriptor_of, file_of
from pubsub_devtools.schema.judges.protobuf.file import ProtoError
from pubsub_devtools.schema.judges.protobuf.names import Names
from pubsub_devtools.schema.judges.protobuf.reading import read_proto
from pubsub_devtools.schema.judges.protobuf.writing import written

WORDS = ["type", "name", "fields", "items", "values", "symbols", "size", "default", "aliases", "record", "enum",
         "fixed", "array", "map", "int", "string", "namespace", "logicalType", "R", "a.b", ""]  # fmt: skip
AVRO_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)

FILE = """
syntax = "proto2"; package shop.v1; import public "other.proto"; option java_package = "a";
message Order { required int64 id = 1 [(x) = { a: 1 }, deprecated = true]; map<string, Line> lines = 2;
  oneof paid { string card = 3; bytes cash = 4; } reserved 9, 12 to 15, 100 to max; reserved "old";
  repeated group Tag = 5 { optional string word = 1; } enum Kind { option allow_alias = true; A = 0; B = 0x10; C = -1; }
  optional Kind kind = 6 [default = A]; extensions 50 to 60; message Line { optional Order of = 1; } }
service Orders { rpc Place (stream Order) returns (Order) { option idempotency_level = IDEMPOTENT; } }
extend Order { optional int32 more = 50; } // the end
"""
OTHERS = {"other.proto": 'syntax = "proto3"; message Other { optional int32 a = 1; repeated int32 b = 2; }'}


@settings(deadline=None, max_examples=300)
@given(AVRO_LIKE, AVRO_LIKE)
def test_avro(writer, reader):
    for found in avro_findings(json.dumps(writer), json.dumps(reader)):
        assert found.text


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_protobuf(data):
    """A file with some of its words lost, doubled or changed."""
    words = FILE.split()
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(words) - 1))
        words[at : at + 1] = data.draw(
            st.sampled_from(
                [[], [words[at]] * 2, ["{"], ["}"], ["="], ["message"], ["9" * 5000], ['"'], ["["]]
            )
        )
    for found in protobuf_findings(" ".join(words), FILE, writer_references=OTHERS, reader_references=OTHERS):
        assert found.text


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=30), st.binary(max_size=40))
def test_no_protobuf(text, data):
    assert protobuf_findings(text, text) is not None
    try:
        file_of(data)
    except ProtoError as error:
        assert str(error)


def test_a_file_is_the_same_as_text_and_as_descriptor():
    file = read_proto(FILE)
    assert protobuf_findings(FILE, FILE, writer_references=OTHERS, reader_references=OTHERS) == ()
    again = written(file_of(descriptor_of(Names(file, OTHERS))))
    assert protobuf_findings(FILE, again, writer_references=OTHERS, reader_references=OTHERS) == ()
    assert protobuf_findings(again, FILE, writer_references=OTHERS, reader_references=OTHERS) == ()
    assert written(read_proto(written(file))) == written(file)
    for name, other in OTHERS.items():
        assert file_of(descriptor_of(Names(read_proto(other)), name)) == read_proto(other)


def test_a_descriptor_is_what_protobuf_makes_of_it():
    descriptor_pb2 = pytest.importorskip("google.protobuf.descriptor_pb2", reason="protobuf is not installed")
    descriptor_pool = pytest.importorskip("google.protobuf.descriptor_pool")
    pool = descriptor_pool.DescriptorPool()
    for name, text in {**OTHERS, "order.proto": FILE}.items():
        data = descriptor_of(Names(read_proto(text), OTHERS), name)
        pool.Add(descriptor_pb2.FileDescriptorProto.FromString(data))
    order = pool.FindMessageTypeByName("shop.v1.Order")
    assert [(field.name, field.number) for field in order.fields][:3] == [
        ("id", 1),
        ("lines", 2),
        ("card", 3),
    ]
    assert order.fields_by_name["lines"].message_type.GetOptions().map_entry
    assert order.fields_by_name["card"].containing_oneof.name == "paid"
    assert pool.FindMessageTypeByName("Other").fields_by_name["a"].has_presence


def test_recursion_ends():
    loops = ['{"$ref": "#"}', '{"allOf": [{"$ref": "#"}]}', '{"anyOf": [{"$ref": "#"}, {"type": "string"}]}',
             '{"properties": {"a": {"$ref": "#"}}, "required": ["a"]}', '{"not": {"$ref": "#"}}',
             '{"items": {"oneOf": [{"$ref": "#"}, {"type": "null"}]}}', '{"if": {"$ref": "#"}, "then": {"$ref": "#"}}',
             '{"const": 1, "$ref": "#"}', '{"enum": [[1], {}], "anyOf": [{"$ref": "#"}]}']  # fmt: skip
    for old in loops:
        for new in loops:
            assert findings(Source("JSON", old), Source("JSON", new)) is not None


def test_an_assumption_about_an_open_pair_masks_nothing():
    """T0 and T1 are compared inside each other; what was assumed of one on the way must not be taken as proved."""
    schema = """{"oneOf": [{"$ref": "#/$defs/T0"}, {"$ref": "#/$defs/T1"}], "$defs": {
      "T0": {"type": "object", "properties": {"id": {"type": "%s"}, "c": {"$ref": "#/$defs/T2"}}, "required": ["id", "c"]},
      "T1": {"type": "object", "properties": {"id": {"type": "%s"}, "c": {"$ref": "#/$defs/T2"}}, "required": ["id", "c"]},
      "T2": {"oneOf": [{"$ref": "#/$defs/T0"}, {"type": "null"}]}}}"""
    old, new = (Source("JSON", schema % types) for types in (("integer", "boolean"), ("boolean", "number")))
    assert any(found.severity == "breaking" for found in findings(old, new))
    assert findings(old, old) == ()


@pytest.mark.parametrize("seed", range(6))
def test_schemas_that_refer_to_each_other_in_many_ways_are_judged_or_given_up(seed):
    chance = random.Random(seed)
    names = [f"T{index}" for index in range(14)]

    def part():
        some = chance.sample(names, 5)
        return {
            "type": "object",
            "properties": {
                name: {"anyOf": [{"$ref": f"#/$defs/{other}"} for other in chance.sample(names, 4)]}
                for name in some
            },
            "additionalProperties": False,
        }

    definitions = {name: part() for name in names}
    old = json.dumps({"$ref": "#/$defs/T0", "$defs": definitions})
    definitions["T3"]["properties"]["T1"] = {"type": "string"}
    new = json.dumps({"$ref": "#/$defs/T0", "$defs": definitions})
    begun = time.monotonic()
    assert findings(Source("JSON", old), Source("JSON", old)) == ()
    findings(Source("JSON", old), Source("JSON", new))
    assert time.monotonic() - begun < 60
