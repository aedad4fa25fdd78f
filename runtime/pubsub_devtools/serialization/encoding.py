"""`encode`: events with their envelopes to messages."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.schema.event import BaseEvent
from pubsub_devtools.schema.event_metadata import metadata
from pubsub_devtools.serialization.attributes import attributes_of, described
from pubsub_devtools.serialization.buffers import as_bytes
from pubsub_devtools.serialization.codec import codec_for
from pubsub_devtools.serialization.compression import Compression, compressed
from pubsub_devtools.serialization.content_type import is_structured, media_type
from pubsub_devtools.serialization.errors import EncodingError, SerializationError
from pubsub_devtools.serialization.headers import Binding, headers_of
from pubsub_devtools.serialization.limits import Limits, check_size
from pubsub_devtools.serialization.structured import BATCH, STRUCTURED, Parts, join, join_many

__all__ = ["Encoded", "encode", "encode_batch"]

_NO_LIMITS = Limits()


class Encoded(msgspec.Struct, frozen=True):
    """A message: its bytes, what they are, and the headers that belong to them. All three are needed to read it."""

    body: bytes
    content_type: str
    headers: dict[str, str]


def encode(
    event: BaseEvent,
    envelope: Envelope | None = None,
    *,
    content_type: str = "application/json",
    data_content_type: str = "application/json",
    compress: str | Compression | None = None,
    binding: Binding = "http",
    limits: Limits = _NO_LIMITS,
) -> Encoded:
    """Return an event as a CloudEvents message.

    Args:
        event: The event; its id, name and version are written whether or not there is an envelope.
        envelope: The delivery, for what surrounds the event: source, time, correlation, trace, key, headers.
        content_type: Of a codec, such as ``application/json``, ``application/msgpack``, ``application/protobuf``: the body is the
            payload, all else stands in headers (binary mode). ``application/cloudevents+json``: the body holds everything
            (structured mode).
        data_content_type: In structured mode, the codec of the payload.
        compress: ``zstd``, ``lz4`` or ``gzip``, or a ``Compression`` that also says from how many bytes on. The header
            ``content-encoding`` tells of it.
        binding: How headers are spelled: ``http`` (and NATS), ``kafka``, ``amqp``.
        limits: What a receiver is expected to take.

    Raises:
        TypeError: It is no event.
        EncodingError: A field holds what the codec cannot write; the message names the event.
        LimitExceededError: The message is too large.
        SerializationError: There is no such codec or compression.
        ModuleNotFoundError: It is in an extra that is not installed.

    Example:
        >>> class Ping(BaseEvent):
        ...     number: int
        >>> encoded = encode(Ping(3))
        >>> encoded.body, encoded.headers["ce-type"]
        (b'{"number":3}', 'Ping')
    """
    if is_structured(content_type):
        if media_type(content_type) != STRUCTURED:
            raise SerializationError(
                f"{content_type} cannot be written: use {STRUCTURED}, or encode_batch for many events"
            )
        body, headers = join(_parts(event, envelope, data_content_type)), dict[str, str]()
    else:
        parts = _parts(event, envelope, content_type)
        body, headers = as_bytes(parts.data), headers_of(parts.attributes, binding)
    about = metadata(event)
    return _finished(described(about.type, about.version), body, content_type, headers, compress, limits)


def encode_batch(
    events: Iterable[tuple[BaseEvent, Envelope | None]],
    *,
    data_content_type: str = "application/json",
    compress: str | Compression | None = None,
    limits: Limits = _NO_LIMITS,
) -> Encoded:
    """Return many events as one message (CloudEvents' batched mode). Arguments and errors are those of ``encode``.

    Example:
        >>> class Ping(BaseEvent):
        ...     number: int
        >>> encode_batch([(Ping(1), None), (Ping(2), None)]).content_type
        'application/cloudevents-batch+json'
    """
    parts = [_parts(event, envelope, data_content_type) for event, envelope in events]
    return _finished(f"a batch of {len(parts)} events", join_many(parts), BATCH, {}, compress, limits)


def _parts(event: BaseEvent, envelope: Envelope | None, content_type: str) -> Parts:
    if not isinstance(event, BaseEvent):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"encode takes an instance of a BaseEvent, not of {type(event).__qualname__}")
    about = metadata(event)
    codec = codec_for(content_type)
    try:
        data = codec.encode(event)
    except ModuleNotFoundError:
        raise
    except Exception as error:
        raise EncodingError(
            f"{described(about.type, about.version)} (id {about.id}) cannot be written as {content_type}: "
            f"{_where(event)}{error}"
        ) from error
    return Parts(attributes_of(about, envelope), content_type, data)


def _where(event: BaseEvent) -> str:
    """Return the fields that cannot be written, and the way out; nothing where each alone can be."""
    guilty: list[str] = []
    for name in type(event).model_fields:
        try:
            event.__pydantic_serializer__.to_python(event, mode="json", include={name})
        except Exception:
            guilty.append(name)
    if not guilty:
        return ""
    return f"{', '.join(f'`{name}`' for name in guilty)} (a type that pydantic can write, or a @field_serializer, helps): "


def _finished(
    what: str,
    body: bytes,
    content_type: str,
    headers: dict[str, str],
    compress: str | Compression | None,
    limits: Limits,
) -> Encoded:
    check_size(what, len(body), limits.decompressed, "decompressed")
    how = Compression(compress) if isinstance(compress, str) else compress
    if how is not None and (smaller := compressed(body, how)) is not None:
        body = smaller
        headers["content-encoding"] = how.algorithm
    check_size(what, len(body), limits.size, "size")
    return Encoded(body, content_type, headers)
