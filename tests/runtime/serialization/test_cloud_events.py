"""CloudEvents 1.0.2: what the specification says of each form, and a foreign library that reads ours and writes for us."""

import base64
import json
from datetime import UTC, datetime

import jsonschema
import pytest

from pubsub_devtools import BaseEvent, Envelope, event_schema
from pubsub_devtools.serialization import (
    DecodingError,
    EncodingError,
    decode,
    decode_batch,
    encode,
    encode_batch,
)

STRUCTURED = "application/cloudevents+json"

# What the specification's JSON Schema asks of an event: these members, and of these types.
TEXT = {"type": "string", "minLength": 1}
SCHEMA = {
    "type": "object",
    "required": ["specversion", "id", "type", "source"],
    "properties": {
        **dict.fromkeys(("specversion", "id", "type", "subject"), TEXT),
        "source": {"type": "string", "format": "uri-reference"},
        "time": {"type": "string", "format": "date-time"},
        "dataschema": {"type": "string", "format": "uri"},
        "datacontenttype": {"type": "string"},
        "data": {"type": ["object", "string"]},
        "data_base64": {"type": "string"},
    },
}


@event_schema(name="com.example.parcel.weighed", version="1.2.0")
class ParcelWeighed(BaseEvent):
    parcel: str
    grams: int = 0


@event_schema(name="com.example.bell", version="1.0.0")
class BellRung(BaseEvent):
    pass


EVENT = ParcelWeighed("p-1", 300)
ENVELOPE = Envelope(
    id=EVENT.id,
    type="com.example.parcel.weighed",
    version="1.2.0",
    source="/depots/4",
    time=datetime(2030, 4, 5, 17, 31, 0, 250_000, tzinfo=UTC),
    correlation_id="chain-1",
    causation_id="cause-1",
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    tracestate="vendor=1",
    key="p-1",
    headers={"subject": "scales/3", "tenant": "north", "X-Odd": "a\nb"},
)


def foreign(**members):
    """Return an event as another sender writes it."""
    whole = {
        "specversion": "1.0",
        "id": "f-1",
        "type": "com.example.parcel.weighed",
        "source": "/elsewhere",
        "dataversion": "1.2.0",
        "data": {"parcel": "p-9"},
        **members,
    }
    return json.dumps({name: value for name, value in whole.items() if value is not ...}).encode()


def test_the_structured_form_member_by_member():
    encoded = encode(EVENT, ENVELOPE, content_type=STRUCTURED)
    assert json.loads(encoded.body) == {
        "specversion": "1.0",
        "id": EVENT.id,
        "type": "com.example.parcel.weighed",
        "source": "/depots/4",
        "time": "2030-04-05T17:31:00.250000Z",
        "dataversion": "1.2.0",
        "correlationid": "chain-1",
        "causationid": "cause-1",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "tracestate": "vendor=1",
        "partitionkey": "p-1",
        "subject": "scales/3",
        "tenant": "north",
        "envelopeheaders": '{"X-Odd": "a\\nb"}',
        "datacontenttype": "application/json",
        "data": {"parcel": "p-1", "grams": 300},
    }


@pytest.mark.parametrize("data", ["application/json", "application/msgpack"])
@pytest.mark.parametrize("envelope", [None, ENVELOPE])
def test_what_is_written_satisfies_the_schema(data, envelope):
    encoded = encode(EVENT, envelope, content_type=STRUCTURED, data_content_type=data)
    checker = jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    checker.validate(json.loads(encoded.body))
    assert all(
        name.isalnum() and name.islower() for name in json.loads(encoded.body) if name != "data_base64"
    )


@pytest.mark.parametrize(
    ("binding", "names"),
    [
        ("http", ["ce-specversion", "ce-id", "ce-type", "ce-source", "ce-time", "ce-correlationid"]),
        ("kafka", ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "ce_correlationid"]),
        (
            "amqp",
            ["cloudEvents:specversion", "cloudEvents:id", "cloudEvents:type", "cloudEvents:correlationid"],
        ),
    ],
)
def test_the_names_of_headers_in_each_binding(binding, names):
    encoded = encode(EVENT, ENVELOPE, binding=binding)
    assert encoded.headers.keys() >= set(names)
    assert json.loads(encoded.body) == {"parcel": "p-1", "grams": 300}
    assert "datacontenttype" not in " ".join(encoded.headers)


def test_percent_encoding_as_the_http_binding_shows_it():
    envelope = Envelope(EVENT.id, "", "", "shop", ENVELOPE.time, "Euro € 😀")
    headers = encode(EVENT, envelope).headers
    assert headers["ce-correlationid"] == "Euro%20%E2%82%AC%20%F0%9F%98%80"
    lower = {**headers, "ce-correlationid": '"Euro %e2%82%ac \\"%F0%9F%98%80"'}
    assert decode(encode(EVENT).body, "application/json", lower)[1].correlation_id == 'Euro € "😀'


@pytest.mark.parametrize("value", ["%C0%A0", b"\xc0\xa0"])
def test_text_that_is_no_utf8_is_refused(value):
    headers = {**encode(EVENT).headers, "ce-tenant": value}
    with pytest.raises(DecodingError, match="header ce-tenant is no"):
        decode(b"{}", "application/json", headers)


def test_headers_are_read_in_any_case_and_as_transports_give_them():
    headers = {
        "CE-Id": "1",
        "Ce-SpecVersion": b"1.0",
        "cloudEvents_type": "com.example.bell",
        "CE_SOURCE": "s",
    }
    more = {
        "ce_dataversion": "1.0.0",
        "cloudEvents:flag": True,
        "cloudEvents:count": 3,
        "Host": "h",
        "ce-empty": "",
    }
    more["cloudEvents:time"] = datetime(2030, 1, 1, tzinfo=UTC)
    event, envelope = decode(b"", "application/json", {**headers, **more})
    assert (event, envelope.headers) == (BellRung(), {"flag": "true", "count": "3"})
    assert envelope.time == datetime(2030, 1, 1, tzinfo=UTC)
    with pytest.raises(DecodingError, match="header ce_x is a float"):
        decode(b"", "application/json", {**headers, "ce_x": 1.5})


def test_an_event_of_another_sender():
    event, envelope = decode(
        foreign(time="2018-04-05T19:31:00+02:00", subject=None, comexample=5, flag=False), STRUCTURED
    )
    assert (event, event.id) == (ParcelWeighed("p-9"), "f-1")
    assert envelope == Envelope(
        id="f-1",
        type="com.example.parcel.weighed",
        version="1.2.0",
        source="/elsewhere",
        time=datetime(2018, 4, 5, 17, 31, tzinfo=UTC),
        correlation_id="f-1",
        headers={"comexample": "5", "flag": "false"},
    )


def test_the_clock_gives_the_time_that_the_sender_left_out():
    _, envelope = decode(foreign(), STRUCTURED + "; charset=utf-8", clock=lambda: 86_400.0)
    assert envelope.time == datetime(1970, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "data",
    [
        {"data": None},
        {"data": ...},
        {"data": ..., "data_base64": base64.b64encode(b'{"parcel": "p"}').decode()},
        {"data": {}, "datacontenttype": "application/vnd.example+json"},
        {"data": ..., "data_base64": "gA==", "datacontenttype": "application/msgpack"},
    ],
)
def test_ways_to_carry_data(data):
    assert decode(foreign(type="com.example.bell", dataversion="1.0.0", **data), STRUCTURED)[0] == BellRung()


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"specversion": "0.3"}, "of CloudEvents '0.3'"),
        ({"id": ...}, "it has no 'id'"),
        ({"source": ""}, "it has no 'source'"),
        ({"time": "yesterday"}, "time is 'yesterday'"),
        ({"time": "2030-01-01T00:00:00"}, "time is"),
        ({"time": "0001-01-01T00:00:00+23:59"}, "time is"),
        ({"tenant": [1]}, "attribute tenant is no"),
        ({"data_base64": "gA=="}, "has both 'data' and 'data_base64'"),
        ({"data": ..., "data_base64": "g"}, "data_base64 is no base64"),
        (
            {"data": "<p/>", "datacontenttype": "application/xml"},
            "no codec reads or writes 'application/xml'",
        ),
        ({"data": 1, "datacontenttype": "text/plain"}, "data is no CloudEvent"),
        ({"envelopeheaders": "[]"}, "envelopeheaders cannot be read"),
        ({"data": {"parcel": 1}}, r"does not fit .*ParcelWeighed: parcel: Input should be a valid string"),
        ({"type": "com.example.parcel.wieghed"}, "similar are: com.example.parcel.weighed"),
        ({"dataversion": "9.0.0"}, r"known versions are: 1\.2\.0 \(message f-1\)"),
    ],
)
def test_what_is_wrong_is_told(members, says):
    with pytest.raises(DecodingError, match=says):
        decode(foreign(**members), STRUCTURED)


def test_other_forms_say_what_reads_them():
    with pytest.raises(DecodingError, match="decode_batch reads it"):
        decode(b"[]", "application/cloudevents-batch+json")
    with pytest.raises(DecodingError, match="what is read is application/cloudevents"):
        decode(b"", "application/cloudevents+avro")
    with pytest.raises(DecodingError, match="what is read as a batch is"):
        decode_batch(b"{}", STRUCTURED)
    with pytest.raises(DecodingError, match="it has no 'specversion'"):
        decode(b"{}", "application/json")
    assert decode_batch(b"[]", "application/cloudevents-batch+json") == []


def test_an_attribute_that_may_not_be_is_refused_when_it_is_written():
    envelope = Envelope(EVENT.id, "", "", "shop", ENVELOPE.time, "a\nb")
    with pytest.raises(EncodingError, match=r"parcel\.weighed 1\.2\.0: correlationid is 'a\\nb'"):
        encode(EVENT, envelope)


def sent_by(binding, kind, ours):
    """Have the Python SDK read our message and write it again; return its event, and what it wrote in our terms."""
    peer = pytest.importorskip(
        f"cloudevents.core.bindings.{binding}", reason="the foreign peer is not installed"
    )
    if binding == "http":
        theirs = peer.from_http_event(
            peer.HTTPMessage({**ours.headers, "content-type": ours.content_type}, ours.body)
        )
        message = getattr(peer, f"to_{kind}_event")(theirs)
        return theirs, message.body, message.headers["content-type"], message.headers
    if binding == "kafka":
        headers = {name: value.encode() for name, value in ours.headers.items()}
        message = peer.KafkaMessage({**headers, "content-type": ours.content_type.encode()}, None, ours.body)
        theirs = peer.from_kafka_event(message)
        message = getattr(peer, f"to_{kind}_event")(theirs)
        return theirs, message.value, message.headers["content-type"].decode(), message.headers
    theirs = peer.from_amqp_event(
        peer.AMQPMessage({"content-type": ours.content_type}, ours.headers, ours.body)
    )
    message = getattr(peer, f"to_{kind}_event")(theirs)
    return (
        theirs,
        message.application_data,
        message.properties["content-type"],
        message.application_properties,
    )


@pytest.mark.parametrize("binding", ["http", "kafka", "amqp"])
@pytest.mark.parametrize("kind", ["binary", "structured"])
def test_the_python_sdk_reads_what_we_write_and_we_read_what_it_writes(binding, kind):
    ours = encode(
        EVENT, ENVELOPE, content_type="application/json" if kind == "binary" else STRUCTURED, binding=binding
    )
    theirs, body, content_type, headers = sent_by(binding, kind, ours)
    assert theirs.get_data() == {"parcel": "p-1", "grams": 300}
    assert (theirs.get_id(), theirs.get_subject(), theirs.get_time()) == (EVENT.id, "scales/3", ENVELOPE.time)
    assert theirs.get_extension("partitionkey") == "p-1"
    event, envelope = decode(body, content_type, headers)
    assert (event, event.id, envelope) == (EVENT, EVENT.id, ENVELOPE)


def test_a_batch_is_an_array_of_events():
    batch = encode_batch([(EVENT, ENVELOPE), (BellRung(), None)])
    alone = encode(EVENT, ENVELOPE, content_type=STRUCTURED)
    assert json.loads(batch.body)[0] == json.loads(alone.body)
    assert batch.content_type == "application/cloudevents-batch+json"
