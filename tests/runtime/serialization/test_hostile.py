"""Whatever is decoded, in whatever form: an event or a `DecodingError`, in bounded memory and time."""

import json
import threading
import time
import tracemalloc

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field

from pubsub_devtools import BaseEvent, event_schema
from pubsub_devtools.schema.event import adopt_id
from pubsub_devtools.serialization import (
    Compression,
    DecodingError,
    EncodingError,
    LimitExceededError,
    Limits,
    SerializationError,
    decode,
    decode_batch,
    encode,
    encode_batch,
)
from pubsub_devtools.serialization.compression import compressed
from tests.runtime.serialization.kinds import Branch, Line, Scaled, events

pytest.importorskip("google.protobuf")
pytest.importorskip("lz4")


@event_schema(name="hostile.holder", version="1.0.0")
class Holder(BaseEvent):
    anything: object = None
    lines: list[Line] = Field([])
    below: Branch | None = None
    more: dict[str, list[int | None]] = Field({})


CODECS = ["application/json", "application/msgpack", "application/protobuf"]
FORMS = [*CODECS, "application/cloudevents+json", "application/cloudevents-batch+json"]
COMPRESSIONS = ["", "gzip", "lz4", "zstd"]
SMALL = Limits(size=100_000, decompressed=1_000_000, depth=20)
much = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(body, form, headers, limits=SMALL):
    """Decode; anything but an event or a documented error is a failure of the test."""
    reader = decode_batch if "batch" in form else decode
    try:
        return reader(body, form, headers, limits=limits)
    except DecodingError as error:
        assert str(error)
        return error


def headers_for(compression, cls=Holder):
    schema = cls.__event_schema__
    headers = {"ce-specversion": "1.0", "ce-id": "1", "ce-type": schema.name, "ce-source": "s"}
    return {**headers, "ce-dataversion": schema.version, "content-encoding": compression}


@pytest.mark.parametrize("form", FORMS)
@given(body=st.binary(max_size=300), compression=st.sampled_from(COMPRESSIONS))
@much
def test_random_bytes(form, body, compression):
    read(body, form, headers_for(compression))


@pytest.mark.parametrize("form", FORMS)
@given(event=events(), compression=st.sampled_from(COMPRESSIONS), data=st.data())
@much
def test_mutated_messages(form, event, compression, data):
    adopt_id(event, "one-id")  # the draws below hang on the length of the message
    how = Compression(compression, threshold=0) if compression else None
    if "batch" in form:
        encoded = encode_batch([(event, None)], compress=how)
    else:
        encoded = encode(event, content_type=form, compress=how)
    body = bytearray(encoded.body)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(len(body) - 1, 0)))
        change = data.draw(st.sampled_from(["set", "cut", "insert", "end"]))
        if change == "set" and body:
            body[place] = data.draw(st.integers(0, 255))
        elif change == "cut":
            del body[place : place + data.draw(st.integers(1, 8))]
        elif change == "insert":
            body[place:place] = data.draw(st.binary(max_size=8))
        else:
            del body[place:]
    read(body, form, encoded.headers)


@given(
    headers=st.dictionaries(
        st.sampled_from([*headers_for(""), "ce_time", "cloudEvents:time", "ce-envelopeheaders", "CE-X"])
        | st.text(),
        st.text() | st.binary() | st.integers() | st.booleans() | st.none() | st.datetimes(),
    ),
    base=st.booleans(),
)
@much
def test_random_headers(headers, base):
    read(b"{}", "application/json", {**(headers_for("") if base else {}), **headers})


@given(
    content_type=st.text(),
    members=st.dictionaries(st.text(), st.none() | st.text() | st.integers() | st.floats()),
)
@much
def test_random_content_types_and_members(content_type, members):
    read(b"{}", content_type, headers_for(""))
    read(json.dumps(members).encode(), "application/cloudevents+json", {})


@pytest.mark.parametrize("compression", ["gzip", "lz4", "zstd"])
def test_a_bomb_is_refused_before_it_goes_off(compression):
    body = compressed(b'{"anything":"' + b"0" * 60_000_000 + b'"}', Compression(compression))
    tracemalloc.start()
    begun = time.perf_counter()
    with pytest.raises(
        LimitExceededError, match=r"hostile\.holder is more than 16,777,216 bytes when unpacked"
    ):
        decode(body, "application/json", headers_for(compression))
    assert time.perf_counter() - begun < 2
    assert tracemalloc.get_traced_memory()[1] < 64_000_000
    tracemalloc.stop()


NESTED = {
    "application/json": lambda depth: b'{"anything":' + b"[" * depth + b"]" * depth + b"}",
    "application/msgpack": lambda depth: b"\x81\xa8anything" + b"\x91" * (depth - 1) + b"\x90",
}


@pytest.mark.parametrize("form", NESTED)
@pytest.mark.parametrize("depth", [64, 250, 5_000, 1_000_000])
def test_deep_nesting_is_refused(form, depth):
    with pytest.raises(DecodingError, match=r"hostile.holder 1.0.0"):
        decode(NESTED[form](depth), form, headers_for(""))


@pytest.mark.parametrize("form", NESTED)
def test_nesting_up_to_the_limit_is_read(form):
    assert isinstance(decode(NESTED[form](63), form, headers_for(""))[0], Holder)
    with pytest.raises(LimitExceededError, match=r"nested more than 64 deep \(Limits.depth\)"):
        decode(NESTED[form](64), form, headers_for(""))


def test_deep_messages_of_protobuf_are_refused():
    branch = Branch(name="leaf")
    for _ in range(40):
        branch = Branch(name="b", below=[branch])
    encoded = encode(Holder(below=branch), content_type="application/protobuf")
    with pytest.raises(LimitExceededError, match=r"hostile\.holder 1\.0\.0 .*nested more than 64 deep"):
        decode(encoded.body, encoded.content_type, encoded.headers)
    assert decode(encoded.body, encoded.content_type, encoded.headers, limits=Limits(depth=100))
    deeper = b"\x1a\x02\x12\x00"
    for _ in range(3000):
        deeper = b"\x12" + varint(len(deeper)) + deeper
    with pytest.raises(DecodingError):
        decode(b"\x1a" + varint(len(deeper)) + deeper, encoded.content_type, encoded.headers)


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def test_deep_structured_messages_are_refused():
    deep = (
        b'{"specversion":"1.0","id":"1","type":"hostile.holder","dataversion":"1.0.0","source":"s","data":%s}'
    )
    for depth in (100, 100_000):
        with pytest.raises(DecodingError):
            decode(deep % (b"[" * depth + b"]" * depth), "application/cloudevents+json")


def test_what_is_too_large_names_event_and_limit():
    with pytest.raises(
        LimitExceededError, match=r"hostile.holder has 200 bytes, the limit is 100 \(Limits.size\)"
    ):
        decode(bytes(200), "application/json", headers_for(""), limits=Limits(size=100))
    with pytest.raises(
        LimitExceededError, match=r"hostile\.holder 1\.0\.0 has .* the limit is 10 \(Limits.size\)"
    ):
        encode(Holder("x" * 50), limits=Limits(size=10))
    with pytest.raises(LimitExceededError, match=r"\(Limits.decompressed\)"):
        encode(Holder("x" * 50), compress="gzip", limits=Limits(decompressed=10))


@pytest.mark.parametrize("form", CODECS)
def test_many_small_things_are_read_in_time(form):
    event = Holder(more={str(number): [number, None] for number in range(20_000)})
    encoded = encode(event, content_type=form)
    begun = time.perf_counter()
    assert decode(encoded.body, encoded.content_type, encoded.headers)[0] == event
    assert time.perf_counter() - begun < 2


class Unwritable:
    pass


@pytest.mark.parametrize("form", CODECS)
def test_what_cannot_be_written_names_the_event(form):
    with pytest.raises(
        EncodingError, match=rf"hostile\.holder 1\.0\.0 \(id .*\) cannot be written as {form}"
    ):
        encode(Holder(Unwritable()), content_type=form)


def test_bytes_that_are_no_text_say_the_way_out():
    class Sealed(BaseEvent):
        seal: bytes

    with pytest.raises(EncodingError, match=r"Sealed .*ser_json_bytes='base64'.*application/msgpack"):
        encode(Sealed(b"\xff"))
    assert (
        decode(encode(Sealed(b"text")).body, "application/json", encode(Sealed(b"x")).headers)[0].seal
        == b"text"
    )


def test_numbers_that_protobuf_cannot_hold_say_the_way_out():
    with pytest.raises(
        EncodingError, match=r"grams: int64 cannot hold 9223372036854775808: declare the field as"
    ):
        encode(Scaled(2**63), content_type="application/protobuf")


def test_unknown_names_list_the_known_ones():
    with pytest.raises(
        SerializationError, match=r"'text/html'; there are: application/json, .*register_codec"
    ):
        encode(Holder(), content_type="text/html")
    with pytest.raises(
        SerializationError, match="no compression is called 'brotli'; there are: gzip, lz4, zstd"
    ):
        encode(Holder(), compress="brotli")
    with pytest.raises(DecodingError, match=r"hostile\.holder: no compression is called 'br'"):
        decode(b"", "application/json", headers_for("br"))


def test_threads_may_encode_and_decode_at_once():
    failures = []

    def work():
        try:
            for number in range(200):
                for form in CODECS:
                    encoded = encode(
                        Scaled(number), content_type=form, compress=Compression("zstd", threshold=0)
                    )
                    assert decode(encoded.body, form, encoded.headers)[0].grams == number
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_msgpack_extensions_of_others_are_refused():
    body = b"\x81\xa8anything" + msgspec.msgpack.encode(msgspec.msgpack.Ext(5, b"x"))
    with pytest.raises(DecodingError, match="extension of type 5"):
        decode(body, "application/msgpack", headers_for(""))
