"""What is encoded comes back equal, with its id and envelope, by every codec, compression, mode and spelling of headers."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pubsub_devtools.serialization import Compression, decode, decode_batch, encode, encode_batch
from tests.runtime.serialization.kinds import ENVELOPES, events

CODECS = ["application/json", "application/msgpack", "application/protobuf"]
COMPRESSIONS = [None, *(Compression(name, threshold=0) for name in ("gzip", "lz4", "zstd"))]
pytest.importorskip("google.protobuf")
pytest.importorskip("lz4")
slow = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)


@pytest.mark.parametrize("codec", CODECS)
@given(
    event=events(),
    compression=st.sampled_from(COMPRESSIONS),
    view=st.sampled_from([bytes, bytearray, memoryview]),
)
@slow
def test_binary_mode(codec, event, compression, view):
    encoded = encode(event, content_type=codec, compress=compression)
    back, envelope = decode(view(encoded.body), encoded.content_type, encoded.headers)
    assert (back, back.id, envelope) == (event, event.id, None)
    assert type(back) is type(event)


@pytest.mark.parametrize("codec", CODECS)
@given(event=events(), compression=st.sampled_from(COMPRESSIONS))
@slow
def test_structured_mode(codec, event, compression):
    encoded = encode(
        event, content_type="application/cloudevents+json", data_content_type=codec, compress=compression
    )
    back, envelope = decode(memoryview(encoded.body), encoded.content_type, encoded.headers)
    assert (back, back.id, envelope) == (event, event.id, None)


@given(event=events(), envelope=ENVELOPES, binding=st.sampled_from(["http", "kafka", "amqp"]))
@slow
def test_the_envelope_in_headers(event, envelope, binding):
    envelope = msgspec.structs.replace(envelope, id=event.id)
    encoded = encode(event, envelope, binding=binding)
    assert decode(encoded.body, encoded.content_type, encoded.headers) == (event, envelope)
    if binding == "http":
        assert all(value.isascii() and value.isprintable() for value in encoded.headers.values())


@given(event=events(), envelope=ENVELOPES)
@slow
def test_the_envelope_in_the_body(event, envelope):
    envelope = msgspec.structs.replace(envelope, id=event.id)
    encoded = encode(event, envelope, content_type="application/cloudevents+json")
    assert encoded.headers == {}
    assert decode(encoded.body, encoded.content_type) == (event, envelope)


@given(event=events(), envelopes=st.lists(st.none() | ENVELOPES, max_size=4), codec=st.sampled_from(CODECS))
@slow
def test_a_batch(event, envelopes, codec):
    pairs = [(event, envelope and msgspec.structs.replace(envelope, id=event.id)) for envelope in envelopes]
    encoded = encode_batch(pairs, data_content_type=codec, compress="gzip")
    assert decode_batch(encoded.body, encoded.content_type, encoded.headers) == pairs
