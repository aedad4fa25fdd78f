"""Events as AsyncAPI 3.0 and back, held to the official schema of such documents."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from pubsub_devtools.model.field_type import Record, RecordField, Ref, Scalar
from pubsub_devtools.schema.formats.asyncapi import from_asyncapi, to_asyncapi
from pubsub_devtools.schema.formats.description import Description
from pubsub_devtools.schema.formats.error import SchemaError
from pubsub_devtools.schema.unions import optional
from tests.runtime.schema.types import messages

OFFICIAL = Path(__file__).parents[4] / "node_modules/@asyncapi/specs/schemas/3.0.0.json"
slow = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def official():
    if not OFFICIAL.is_file():
        pytest.skip("needs the npm package @asyncapi/specs: make setup")
    return Draft7Validator(json.loads(OFFICIAL.read_text("utf-8")))


@slow
@given(messages(1))
def test_documents_are_those_of_the_specification(official, type_):
    described = Description(type_, "orders.placed", "2.0.0", "An order.\n\nMore of it.")
    document, _ = to_asyncapi(
        [described], title="Shop", version="1.0.0", sends=["orders.placed"], receives=["orders.placed"]
    )
    assert [error.message for error in official.iter_errors(json.loads(json.dumps(document)))] == []


@slow
@given(st.lists(messages(1), max_size=3))
def test_events_come_back_as_they_were(types):
    events = [Description(type_, f"orders.e{n}", "1.0.0", "doc") for n, type_ in enumerate(types)]
    document, _ = to_asyncapi(events, title="Shop", version="1.0.0")
    found, notes = from_asyncapi(json.loads(json.dumps(document)))
    assert (list(found), notes) == (events, ())


def test_a_document():
    node = Record("Node", (RecordField("next", optional(Ref("Node"))),))
    event = Description(Record("Placed", (RecordField("node", node),)), "orders.placed", "2.0.0")
    document, _ = to_asyncapi([event], title="Shop", version="1.0.0", receives=["orders.placed"])
    assert document["channels"]["orders_placed"]["address"] == "orders.placed"
    assert document["operations"] == {
        "receive_orders_placed": {"action": "receive", "channel": {"$ref": "#/channels/orders_placed"}}
    }
    payload = document["components"]["messages"]["orders_placed"]["payload"]
    assert payload["properties"]["node"] == {"$ref": "#/components/messages/orders_placed/payload/$defs/Node"}


def test_what_is_wrong_is_said():
    event = Description(Record("E"), "e")
    with pytest.raises(SchemaError, match="two events have one name"):
        to_asyncapi([event, event], title="x", version="1")
    with pytest.raises(SchemaError, match="b is sent or received, but not among the events"):
        to_asyncapi([event], title="x", version="1", sends=["b"])
    with pytest.raises(SchemaError, match="no AsyncAPI document of version 3"):
        from_asyncapi({"asyncapi": "2.6.0"})


def test_messages_that_cannot_be_read_are_noted():
    avro = {"payload": {"schemaFormat": "application/vnd.apache.avro", "schema": {}}}
    channels = {
        "a": {
            "messages": {
                "m": avro,
                "n": {"$ref": "other.yml"},
                "o": {"payload": {"type": "string"}},
                "p": Scalar,
            }
        }
    }
    found, notes = from_asyncapi({"asyncapi": "3.0.0", "channels": channels})
    assert found == ()
    assert [note.path for note in notes] == ["a.m", "a.n", "a.o"]
    assert "only JSON Schema is read here" in notes[0].text
