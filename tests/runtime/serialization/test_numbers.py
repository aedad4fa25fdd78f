"""The numbers of fields are the same in the messages that are sent and in the proto3 text that is exported."""

import pytest

pytest.importorskip("google.protobuf", reason="protobuf is not installed")

from pydantic import Field

from pubsub_devtools import BaseEvent
from pubsub_devtools.schema import model_type
from pubsub_devtools.schema.formats.description import Description
from pubsub_devtools.schema.formats.protobuf import to_protobuf
from pubsub_devtools.schema.formats.protobuf_numbers import numbers_in
from pubsub_devtools.serialization.protobuf.generated import generate


class Address(BaseEvent):
    street: str
    number: int | None = None


class Ordered(BaseEvent):
    order: str
    total: float = 0.0
    notes: list[str] = Field(default_factory=list)
    to: Address | None = None
    prices: dict[str, int] = Field(default_factory=dict)


class Shipped(Ordered):
    by: str = ""


@pytest.mark.parametrize("event", [Address, Ordered, Shipped])
def test_what_is_sent_is_numbered_as_what_is_exported(event):
    record = model_type(event)
    exported, _ = to_protobuf(Description(record))
    sent = generate(record, "sent").message.DESCRIPTOR
    inner = [field.message_type for field in sent.fields if field.message_type]
    found = {descriptor.name: descriptor for descriptor in (sent, *inner)}
    for name, numbers in numbers_in(exported).items():
        descriptor = found[name.rpartition(".")[2]]
        assert numbers.fields == {field.name: field.number for field in descriptor.fields}
    assert list(numbers_in(exported)[event.__name__].fields) == list(event.model_fields)
