"""Codecs by content type, the user's own messages, migrations of what is read, and what compression leaves alone."""

import datetime as dt

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from pubsub_devtools import BaseEvent, event_schema
from pubsub_devtools.schema import EventMigrator
from pubsub_devtools.serialization import (
    Codec,
    Compression,
    DecodingError,
    Encoded,
    EncodingError,
    UnknownMessageError,
    decode,
    encode,
    register_codec,
    unregister_codec,
)
from pubsub_devtools.serialization.protobuf import message_class, register_message
from tests.runtime.serialization.kinds import Scaled

CODECS = ["application/json", "application/msgpack", "application/protobuf"]


class Upper(Codec):
    content_types = ("text/x-upper",)

    def encode(self, event):
        return event.note.upper().encode()

    def decode(self, cls, data, limits):
        return cls(grams=1, note=bytes(data).decode())


@pytest.fixture
def upper():
    register_codec(Upper())
    yield
    unregister_codec("text/x-upper")


def test_a_codec_of_the_users_own(upper):
    encoded = encode(Scaled(1, "abc"), content_type="text/x-upper; charset=utf-8")
    assert encoded.body == b"ABC"
    assert decode(encoded.body, encoded.content_type, encoded.headers)[0].note == "ABC"
    whole = encode(
        Scaled(1, "abc"), content_type="application/cloudevents+json", data_content_type="text/x-upper"
    )
    assert decode(whole.body, whole.content_type)[0].note == "ABC"


def test_a_taken_content_type_is_refused_unless_it_is_meant(upper):
    class Json(Upper):
        content_types = ("application/json",)

    for codec in (Json(), Upper()):
        with pytest.raises(ValueError, match="has a codec already: replace=True"):
            register_codec(codec)
    register_codec(Json(), replace=True)
    assert encode(Scaled(1, "abc")).body == b"ABC"
    unregister_codec("application/json")
    assert encode(Scaled(1)).body.startswith(b"{")
    with pytest.raises(LookupError):
        unregister_codec("application/json")


def test_a_content_type_has_neither_parameters_nor_capitals():
    class Wrong(Upper):
        content_types = ("text/X; charset=utf-8",)

    with pytest.raises(ValueError, match="is no media type in lower case"):
        register_codec(Wrong())


def test_small_bodies_and_those_that_would_grow_stay_as_they_are():
    assert encode(Scaled(1, "a" * 900), compress="gzip").headers.keys().isdisjoint({"content-encoding"})
    assert encode(Scaled(1, "a" * 2000), compress="gzip").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in encode(Scaled(1), compress=Compression("zstd", threshold=0)).headers


def test_a_level_is_the_algorithms_own():
    note = "".join(f"{number % 97} and {number % 89}, " for number in range(5000))
    sizes = [len(encode(Scaled(1, note), compress=Compression("gzip", level=level)).body) for level in (1, 9)]
    assert sizes[0] > sizes[1]


@event_schema(name="moved.event", version="2.0.0")
class Moved(BaseEvent):
    to: str
    by: str


def written_before(form):
    @event_schema(name="moved.event", version="1.0.0")
    class MovedBefore(BaseEvent):
        to: str

    encoded = encode(MovedBefore("attic"), content_type=form)
    MovedBefore.__event_schema__ = Moved.__event_schema__  # nobody has the old class any more
    return encoded


MIGRATOR = EventMigrator("moved.event").register_migration(
    from_version="1.0.0", to_version="2.0.0", transform=lambda payload: payload | {"by": "hand"}
)


@pytest.mark.parametrize("form", ["application/json", "application/msgpack"])
def test_an_older_version_is_migrated_to_the_newest_class(form):
    old = written_before(form)
    event, _ = decode(old.body, old.content_type, old.headers, migrator=MIGRATOR)
    assert (event, event.id) == (Moved("attic", "hand"), old.headers["ce-id"])
    assert event.version == "2.0.0"


def test_what_cannot_be_migrated_says_why():
    old = written_before("application/json")
    with pytest.raises(UnknownMessageError, match=r"moved\.event 1\.0\.0; known versions are: 2\.0\.0"):
        decode(old.body, old.content_type, old.headers)
    with pytest.raises(DecodingError, match=r"moved\.event 1\.0\.0 .*MigrationError"):
        decode(old.body, old.content_type, old.headers, migrator=EventMigrator("moved.event"))
    with pytest.raises(DecodingError, match="no object, so it cannot be migrated"):
        decode(b"[]", old.content_type, old.headers, migrator=MIGRATOR)
    old = written_before("application/protobuf")
    with pytest.raises(DecodingError, match="protobuf cannot be read without the class that wrote it"):
        decode(old.body, old.content_type, old.headers, migrator=MIGRATOR)


def test_a_registry_says_which_class_is_meant():
    class Heavier(BaseEvent):
        grams: int

    class Only:
        def event_class(self, type, version):
            if type != "Scaled":
                raise LookupError(f"{type} is not taken here")
            return Heavier

    encoded = encode(Scaled(5))
    assert decode(encoded.body, encoded.content_type, encoded.headers, registry=Only())[0] == Heavier(5)
    other = encode(Moved("a", "b"))
    with pytest.raises(UnknownMessageError, match=r"moved\.event is not taken here \(message"):
        decode(other.body, other.content_type, other.headers, registry=Only())


def test_the_generated_message_numbers_fields_in_their_order():
    class Base(BaseEvent):
        first: str

    class Further(Base):
        second: list[list[int]]
        third: dict[str, int] | None = None

    descriptor = message_class(Further).DESCRIPTOR
    assert [(field.name, field.number) for field in descriptor.fields] == [
        ("first", 1),
        ("second", 2),
        ("third", 3),
    ]
    event = Further("a", [[1], []], {"b": 2})
    encoded = encode(event, content_type="application/protobuf")
    message = message_class(Further).FromString(encoded.body)
    assert (message.first, [list(box.value) for box in message.second]) == ("a", [[1], []])
    assert dict(message.third.value) == {"b": 2}


def test_extra_fields_have_no_place_in_protobuf():
    class Loose(BaseEvent, extra="allow"):
        known: int = 0

    with pytest.raises(EncodingError, match="Loose has no place for other"):
        encode(Loose(known=1, other=2), content_type="application/protobuf")
    assert decode(*parts(encode(Loose(known=1, other=2))))[0].other == 2


def parts(encoded: Encoded):
    return encoded.body, encoded.content_type, encoded.headers


OWN = """
name: "own_of_a_test.proto" syntax: "proto3"
dependency: "google/protobuf/timestamp.proto" dependency: "google/protobuf/duration.proto"
dependency: "google/protobuf/wrappers.proto" dependency: "google/protobuf/struct.proto"
message_type { name: "Item" field { name: "sku" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL } }
enum_type { name: "State" value { name: "NEW" number: 0 } value { name: "PAID" number: 1 } }
message_type {
  name: "Order"
  field { name: "number" number: 7 type: TYPE_INT64 label: LABEL_OPTIONAL }
  field { name: "at" number: 2 type: TYPE_MESSAGE type_name: ".google.protobuf.Timestamp" label: LABEL_OPTIONAL }
  field { name: "took" number: 3 type: TYPE_MESSAGE type_name: ".google.protobuf.Duration" label: LABEL_OPTIONAL }
  field { name: "note" number: 4 type: TYPE_MESSAGE type_name: ".google.protobuf.StringValue" label: LABEL_OPTIONAL }
  field { name: "extra" number: 5 type: TYPE_MESSAGE type_name: ".google.protobuf.Struct" label: LABEL_OPTIONAL }
  field { name: "items" number: 6 type: TYPE_MESSAGE type_name: ".Item" label: LABEL_REPEATED }
  field { name: "state" number: 8 type: TYPE_ENUM type_name: ".State" label: LABEL_OPTIONAL }
  field { name: "level" number: 9 type: TYPE_ENUM type_name: ".State" label: LABEL_OPTIONAL }
  field { name: "tags" number: 10 type: TYPE_STRING label: LABEL_REPEATED }
  field { name: "seal" number: 11 type: TYPE_BYTES label: LABEL_OPTIONAL }
  field { name: "stock" number: 12 type: TYPE_MESSAGE type_name: ".Order.StockEntry" label: LABEL_REPEATED }
  nested_type {
    name: "StockEntry" options { map_entry: true }
    field { name: "key" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
    field { name: "value" number: 2 type: TYPE_MESSAGE type_name: ".Item" label: LABEL_OPTIONAL }
  }
}
"""


class Item(BaseEvent):
    sku: str


class OwnOrder(BaseEvent):
    number: int
    at: dt.datetime
    took: dt.timedelta
    note: str | None
    extra: dict[str, object]
    items: list[Item]
    state: str
    level: int
    tags: set[str]
    seal: bytes
    stock: dict[str, Item]


@pytest.fixture(scope="module")
def own():
    from google.protobuf import duration_pb2, struct_pb2, text_format, timestamp_pb2, wrappers_pb2

    pool = descriptor_pool.DescriptorPool()
    for known in (duration_pb2, struct_pb2, timestamp_pb2, wrappers_pb2):
        pool.AddSerializedFile(known.DESCRIPTOR.serialized_pb)
    pool.Add(text_format.Parse(OWN, descriptor_pb2.FileDescriptorProto()))
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("Order"))


@pytest.mark.parametrize("note", [None, "", "text"])
def test_the_users_own_message_class(own, note):
    from typing import Literal

    class Order(OwnOrder):
        state: Literal["NEW", "PAID"]

    register_message(Order, own)
    assert message_class(Order) is own
    event = Order(
        number=2**40,
        at=dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC),
        took=dt.timedelta(seconds=1.5),
        note=note,
        extra={"a": [1.0, None, {"b": True}]},
        items=[Item("x"), Item("y")],
        state="PAID",
        level=1,
        tags={"t"},
        seal=b"\xff",
        stock={"k": Item("z")},
    )
    encoded = encode(event, content_type="application/protobuf")
    message = own.FromString(encoded.body)
    assert (message.number, message.state, message.items[1].sku) == (2**40, 1, "y")
    assert decode(*parts(encoded))[0] == event


def test_a_field_that_the_own_message_lacks_is_named(own):
    class Strange(BaseEvent):
        colour: str

    register_message(Strange, own)
    with pytest.raises(EncodingError, match="message Order has no field colour"):
        encode(Strange("red"), content_type="application/protobuf")

    class Mistyped(BaseEvent):
        number: str

    register_message(Mistyped, own)
    with pytest.raises(EncodingError, match="number: "):
        encode(Mistyped("seven"), content_type="application/protobuf")


@pytest.mark.parametrize("form", CODECS)
def test_aliases_and_strict_models_and_computed_fields(form):
    from pydantic import BaseModel, ConfigDict, Field, computed_field

    class Inner(BaseModel):
        value: int = Field(alias="theValue")

    class Aliased(BaseEvent):
        model_config = ConfigDict(extra="forbid")

        inner: Inner
        day: dt.date = Field(alias="theDay")

        @computed_field
        @property
        def double(self) -> int:
            return 2 * self.inner.value

    event = Aliased(inner=Inner(theValue=1), theDay=dt.date(2030, 1, 1))
    assert decode(*parts(encode(event, content_type=form)))[0] == event


def test_a_missing_package_names_the_extra(monkeypatch):
    import sys

    from pubsub_devtools.serialization.extras import needed

    monkeypatch.setitem(sys.modules, "lz4", None)
    monkeypatch.delitem(sys.modules, "lz4.frame", raising=False)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'pubsub-devtools\[compression\]'"):
        needed("lz4.frame", "compression")
