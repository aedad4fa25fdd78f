"""An event's identity and envelope as CloudEvents attributes, and back. Both are then written as headers or as JSON.

Source: CloudEvents 1.0.2, https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md, and its documented
extensions ``correlationid`` and ``causationid``, ``traceparent`` and ``tracestate``, ``partitionkey``. The event's version is our
``dataversion``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import msgspec

from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.serialization.errors import DecodingError, EncodingError

if TYPE_CHECKING:
    from pubsub_devtools.schema.event_metadata import EventMetadata

__all__ = ["UNNAMED", "Identity", "attributes_of", "described", "envelope_from", "identity_from"]

UNNAMED = "urn:pubsub-devtools:unnamed"
"""The source of events whose publisher has no name: CloudEvents wants one of every event."""

_EXTENSIONS = {
    "dataversion": "version",
    "correlationid": "correlation_id",
    "causationid": "causation_id",
    "traceparent": "traceparent",
    "tracestate": "tracestate",
    "partitionkey": "key",
}
_OTHERS = "envelopeheaders"
"""Holds, as a JSON object, those of the publisher's headers that cannot be attributes."""

_RESERVED = frozenset(
    (
        "specversion",
        "id",
        "type",
        "source",
        "time",
        "datacontenttype",
        "data",
        "database64",
        _OTHERS,
        *_EXTENSIONS,
    )
)
_NAME = re.compile(r"[a-z0-9]+", re.ASCII)
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))
    + "]"
)
_IN_A_URI = "!#$%&'()*+,/:;=?@[]~"


class Identity(NamedTuple):
    """What a message says it is, before its payload is read."""

    id: str
    type: str
    version: str


def described(type: str, version: str) -> str:
    """Return an event as messages name it."""
    return f"{type} {version}".rstrip()


def attributes_of(about: EventMetadata, envelope: Envelope | None) -> dict[str, str]:
    """Return the attributes of an event, each with its value as text.

    Raises:
        EncodingError: A value holds what no attribute may: a control character, half a surrogate pair.
    """
    source = quote(envelope.source, safe=_IN_A_URI) if envelope else ""
    found = {"specversion": "1.0", "id": about.id, "type": about.type, "source": source or UNNAMED}
    if about.version:
        found["dataversion"] = about.version
    if envelope:
        found["time"] = _written(envelope.time)
        for name, field in _EXTENSIONS.items():
            if field != "version" and (value := getattr(envelope, field)):
                found[name] = value
    for name, value in found.items():
        if not value or _FORBIDDEN.search(value):
            raise EncodingError(
                f"{described(about.type, about.version)}: {name} is {value!r}; CloudEvents wants text without control characters"
            )
    if envelope and envelope.headers:
        _add_headers(found, envelope.headers)
    return found


def identity_from(attributes: Mapping[str, str]) -> Identity:
    """Return what the attributes say the event is.

    Raises:
        DecodingError: They are not those of an event of CloudEvents 1.0.
    """
    for name in ("specversion", "id", "type", "source"):
        if not attributes.get(name):
            raise DecodingError(f"the message is no CloudEvent: it has no {name!r}")
    if attributes["specversion"] != "1.0":
        raise DecodingError(
            f"the message is of CloudEvents {attributes['specversion']!r}; what is read is '1.0'"
        )
    return Identity(attributes["id"], attributes["type"], attributes.get("dataversion", ""))


def envelope_from(
    identity: Identity, attributes: Mapping[str, str], clock: Callable[[], float]
) -> Envelope | None:
    """Return the envelope, or None where the event was written without one.

    Args:
        identity: What ``identity_from`` found.
        attributes: All attributes; those that are not ours become headers.
        clock: Gives the time (seconds since 1970) where the sender gave none.

    Raises:
        DecodingError: The time or the further headers cannot be read.
    """
    source, time = attributes["source"], attributes.get("time")
    if source == UNNAMED and time is None:
        return None
    headers = {name: value for name, value in attributes.items() if name not in _RESERVED}
    headers.update(_other_headers(attributes.get(_OTHERS), identity))
    return Envelope(
        id=identity.id,
        type=identity.type,
        version=identity.version,
        source="" if source == UNNAMED else source,
        time=_read(time, identity) if time is not None else datetime.fromtimestamp(clock(), UTC),
        correlation_id=attributes.get("correlationid") or identity.id,
        causation_id=attributes.get("causationid", ""),
        traceparent=attributes.get("traceparent", ""),
        tracestate=attributes.get("tracestate", ""),
        key=attributes.get("partitionkey", ""),
        headers=headers,
    )


def _add_headers(found: dict[str, str], headers: Mapping[str, str]) -> None:
    others: dict[str, str] = {}
    for name, value in headers.items():
        fits = name not in _RESERVED and _NAME.fullmatch(name) and value and not _FORBIDDEN.search(value)
        (found if fits else others)[name] = value
    if others:
        found[_OTHERS] = json.dumps(others)  # in ASCII, whatever the values hold


def _other_headers(text: str | None, identity: Identity) -> dict[str, str]:
    if text is None:
        return {}
    try:
        found = json.loads(text)
        return msgspec.convert(found, dict[str, str])
    except (ValueError, RecursionError) as error:
        raise DecodingError(
            f"{described(identity.type, identity.version)}: {_OTHERS} cannot be read: {error}"
        ) from error


def _written(time: datetime) -> str:
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read(time: str, identity: Identity) -> datetime:
    try:
        return msgspec.convert(time, datetime).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DecodingError(
            f"{described(identity.type, identity.version)}: time is {time!r}, which is not of the form 2030-01-31T12:00:00Z"
        ) from error
