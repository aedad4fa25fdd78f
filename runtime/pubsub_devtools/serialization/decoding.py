"""`decode`: messages to events with their envelopes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

from pydantic import ValidationError
from pydantic_core import to_json

from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent, adopt_id
from pubsub_devtools.schema.known import UnknownEventError, event_class, event_classes
from pubsub_devtools.serialization.attributes import Identity, described, envelope_from, identity_from
from pubsub_devtools.serialization.codec import Buffer, codec_for
from pubsub_devtools.serialization.compression import decompressed
from pubsub_devtools.serialization.content_type import is_structured
from pubsub_devtools.serialization.errors import (
    DecodingError,
    InvalidPayloadError,
    LimitExceededError,
    SerializationError,
    UnknownMessageError,
)
from pubsub_devtools.serialization.headers import Headers, attributes_in, header
from pubsub_devtools.serialization.limits import Limits, check_size
from pubsub_devtools.serialization.structured import Parts, part, part_many

__all__ = ["EventClasses", "Upcaster", "decode", "decode_batch"]

_LIMITS = Limits()


class EventClasses(Protocol):
    """Knows which class an event is built as."""

    def event_class(self, type: str, version: str, /) -> type[BaseEvent]:
        """Return the class, or raise a ``LookupError`` that says what is known."""
        ...


class Upcaster(Protocol):
    """Brings payloads to later versions: an ``EventMigrator``."""

    def upcast_payload(
        self, payload: Mapping[str, Any], from_version: str, to_version: str, *, event: str
    ) -> Mapping[str, Any]:
        """Return the payload as one of ``to_version``, or raise where no migrations lead there."""
        ...


def decode(
    body: Buffer,
    content_type: str,
    headers: Headers | None = None,
    *,
    registry: EventClasses | None = None,
    migrator: Upcaster | None = None,
    limits: Limits = _LIMITS,
    clock: Callable[[], float] = time.time,
) -> tuple[BaseEvent, Envelope | None]:
    """Return the event of a message, with the id that it was published with, and its envelope.

    Args:
        body: The bytes; of a ``memoryview`` only what is needed is copied.
        content_type: What the bytes are; with ``application/cloudevents+json`` they hold the attributes as well.
        headers: Attributes in any of the bindings' spellings, and ``content-encoding``; others are passed over.
        registry: Says which class an event is; otherwise every loaded class is known.
        migrator: Brings an event of a version that no class has to the newest class of its name.
        limits: Checked before a cost arises.
        clock: Gives the envelope's time, in seconds since 1970, where the sender gave none.

    Returns:
        The event, and None for the envelope where it was encoded without one.

    Raises:
        DecodingError: In its kinds ``InvalidPayloadError``, ``LimitExceededError`` and ``UnknownMessageError``, or itself: the bytes are not
            what they should be. Whatever is given, nothing else is raised for it.
        ModuleNotFoundError: The codec or the compression is in an extra that is not installed.

    Example:
        >>> from pubsub_devtools.serialization import encode
        >>> class Dropped(BaseEvent):
        ...     number: int
        >>> dropped = Dropped(3)
        >>> encoded = encode(dropped, content_type="application/msgpack")
        >>> event, envelope = decode(memoryview(encoded.body), encoded.content_type, encoded.headers)
        >>> event == dropped, event.id == dropped.id, envelope
        (True, True, None)
    """
    given = headers or {}
    data = _unpacked(body, given, limits)
    parts = (
        part(data, content_type)
        if is_structured(content_type)
        else Parts(attributes_in(given), content_type, data)
    )
    return _event(parts, registry, migrator, limits, clock)


def decode_batch(
    body: Buffer,
    content_type: str,
    headers: Headers | None = None,
    *,
    registry: EventClasses | None = None,
    migrator: Upcaster | None = None,
    limits: Limits = _LIMITS,
    clock: Callable[[], float] = time.time,
) -> list[tuple[BaseEvent, Envelope | None]]:
    """Return the events of a batch in its order. Arguments and errors are those of ``decode``; one bad event spoils it.

    Example:
        >>> from pubsub_devtools.serialization import encode_batch
        >>> class Dropped(BaseEvent):
        ...     number: int
        >>> encoded = encode_batch([(Dropped(1), None), (Dropped(2), None)])
        >>> [event.number for event, _ in decode_batch(encoded.body, encoded.content_type)]
        [1, 2]
    """
    data = _unpacked(body, headers or {}, limits)
    return [_event(parts, registry, migrator, limits, clock) for parts in part_many(data, content_type)]


def _unpacked(body: Buffer, headers: Headers, limits: Limits) -> Buffer:
    what = attributes_in(headers).get("type") or "the message"
    check_size(what, memoryview(body).nbytes, limits.size, "size")
    encoding = header(headers, "content-encoding")
    try:
        return decompressed(body, encoding, limits, what) if encoding else body
    except DecodingError:
        raise
    except SerializationError as error:
        raise DecodingError(f"{what}: {error}") from error


def _event(
    parts: Parts,
    registry: EventClasses | None,
    migrator: Upcaster | None,
    limits: Limits,
    clock: Callable[[], float],
) -> tuple[BaseEvent, Envelope | None]:
    identity = identity_from(parts.attributes)
    envelope = envelope_from(identity, parts.attributes, clock)
    find = registry.event_class if registry else event_class
    try:
        cls = find(identity.type, identity.version)
    except LookupError as error:
        newest = _newest(identity.type) if migrator else None
        if newest is None or migrator is None:
            raise UnknownMessageError(f"{error} (message {identity.id})") from error
        event = _built(identity, newest, lambda: _migrated(identity, newest, parts, migrator, limits))
    else:
        event = _built(identity, cls, lambda: codec_for(parts.content_type).decode(cls, parts.data, limits))
    adopt_id(event, identity.id)
    return event, envelope


def _built(identity: Identity, cls: type[BaseEvent], build: Callable[[], BaseEvent]) -> BaseEvent:
    what = f"{described(identity.type, identity.version)} (id {identity.id})"
    try:
        return build()
    except ModuleNotFoundError:
        raise
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)
        told = "; ".join(_told(problem) for problem in problems[:3])
        if problems[0]["type"] == "json_invalid":
            raise DecodingError(f"{what}: {told}") from error
        more = f"; and {len(problems) - 3} more" if len(problems) > 3 else ""
        raise InvalidPayloadError(
            f"{what} does not fit {cls.__module__}.{cls.__qualname__}: {told}{more}"
        ) from error
    except LimitExceededError as error:
        raise LimitExceededError(f"{what}: {error}") from error
    except Exception as error:
        raise DecodingError(f"{what} cannot be read: {type(error).__name__}: {error}") from error


def _told(problem: Mapping[str, Any]) -> str:
    place = ".".join(map(str, problem["loc"]))
    return f"{place}: {problem['msg']}" if place else str(problem["msg"])


def _migrated(
    identity: Identity, cls: type[BaseEvent], parts: Parts, migrator: Upcaster, limits: Limits
) -> BaseEvent:
    payload: object = codec_for(parts.content_type).payload(parts.data, limits)
    if not isinstance(payload, dict):
        raise DecodingError("the payload is no object, so it cannot be migrated")
    fields, wanted = cast("dict[str, Any]", payload), schema_of(cls).version
    migrated = migrator.upcast_payload(fields, identity.version, wanted, event=identity.type)
    return cls.model_validate_json(to_json(migrated))


def _newest(type: str) -> type[BaseEvent] | None:
    try:
        return max(event_classes(type), key=_rank, default=None)
    except UnknownEventError as error:
        raise UnknownMessageError(str(error)) from error


def _rank(cls: type[BaseEvent]) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", schema_of(cls).version)[:3]]
