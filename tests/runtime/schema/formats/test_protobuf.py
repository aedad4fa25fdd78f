"""Types as proto3 and back; numbers stay with their fields through every change."""

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pubsub_devtools.model.field_type import Anything, Array, Map, Record, RecordField, Ref, Scalar
from pubsub_devtools.schema.compatibility import same_contract
from pubsub_devtools.schema.formats.description import Description
from pubsub_devtools.schema.formats.error import SchemaError
from pubsub_devtools.schema.formats.protobuf import from_protobuf, to_protobuf
from pubsub_devtools.schema.formats.protobuf_numbers import numbers_in
from pubsub_devtools.schema.judges import Source, findings
from pubsub_devtools.schema.unions import optional
from tests.runtime.schema.types import messages

slow = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(messages(1))
def test_nothing_is_lost_in_silence(type_):
    try:
        text, notes = to_protobuf(Description(type_, "orders.Placed"))
    except SchemaError as error:
        assert str(error)
        return
    assert (
        findings(Source("PROTOBUF", text), Source("PROTOBUF", text)) == ()
    )  # another reader takes it for well written
    assert notes or same_contract(from_protobuf(text).type, type_)


PLAIN = st.sampled_from(["a", "b", "c", "d", "e", "f"])


@given(st.lists(st.lists(PLAIN, unique=True, max_size=5), min_size=1, max_size=6))
def test_a_number_never_means_two_fields(versions):
    text, meant = "", {}
    for names in versions:
        fields = tuple(RecordField(name, Scalar("int"), False, True) for name in names)
        text, _ = to_protobuf(Description(Record("E", fields)), earlier=text)
        numbers = numbers_in(text)["E"]
        assert set(numbers.fields) == set(names)
        assert len(set(numbers.fields.values())) == len(names)
        assert not numbers.reserved & set(numbers.fields.values())
        for name, number in numbers.fields.items():
            assert number not in meant or meant[number] == name
            meant[number] = name
        assert set(meant) == numbers.reserved | set(numbers.fields.values())


def test_an_event_as_proto3():
    line = Record(
        "Line",
        (
            RecordField("item", Scalar("str"), False, True),
            RecordField("parts", Array("list", Ref("Line")), False, True),
        ),
    )
    fields = (
        RecordField("at", Scalar("datetime")),
        RecordField("lines", Array("list", line), False, True),
        RecordField("first", line, False, True),
        RecordField("counts", Map(Scalar("str"), Scalar("int")), False, True),
        RecordField("note", optional(Scalar("str")), False, True),
    )
    text, notes = to_protobuf(Description(Record("Placed", fields), "shop.orders.Placed", doc="An order."))
    assert (
        text
        == """syntax = "proto3";
package shop.orders;
import "google/protobuf/timestamp.proto";

// An order.
message Placed {
  message Line {
    string item = 1;
    repeated Placed.Line parts = 2;
  }
  message First {
    string item = 1;
    repeated Placed.First parts = 2;
  }
  google.protobuf.Timestamp at = 1;
  repeated Line lines = 2;
  First first = 3;
  map<string, int64> counts = 4;
  optional string note = 5;
}
"""
    )
    assert [str(note) for note in notes] == [
        "at: is required, which proto3 cannot say",
        "note: may be None, which in proto3 is to be absent",
    ]


def test_protoc_takes_it(tmp_path):
    pytest.importorskip("grpc_tools", reason="needs grpcio-tools, which brings protoc")
    line = Record("Line", (RecordField("item", Scalar("str")), RecordField("up", optional(Ref("Order")))))
    order = Record(
        "Order", (RecordField("lines", Array("list", line)), RecordField("at", Scalar("datetime")))
    )
    text, _ = to_protobuf(Description(order, "orders.placed"))
    (tmp_path / "e.proto").write_text(text)
    command = [
        sys.executable,
        "-m",
        "grpc_tools.protoc",
        f"-I{tmp_path}",
        f"--descriptor_set_out={tmp_path / 'e'}",
        "e.proto",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (RecordField("a", Anything()), "`a` is Any, which proto3 has no word for"),
        (RecordField("a", Array("list", Array("list", Scalar("int")))), "which proto3 has no word for"),
        (RecordField("a", Map(Scalar("date"), Scalar("int"))), "the keys of `a` are date"),
        (RecordField("a-b", Scalar("int")), "`a-b` is no name in proto3"),
    ],
)
def test_what_proto3_has_no_word_for_is_refused(field, words):
    with pytest.raises(SchemaError, match=words):
        to_protobuf(Description(Record("E", (field,))))


def test_reserved_numbers_are_read():
    numbers = numbers_in(
        'package p; message A { reserved 4, 6 to 8; reserved "x"; string b = 2 [deprecated = true]; }'
    )["A"]
    assert (numbers.fields, numbers.reserved) == ({"b": 2}, {4, 6, 7, 8})
    with pytest.raises(SchemaError, match="it holds no message"):
        from_protobuf("")
