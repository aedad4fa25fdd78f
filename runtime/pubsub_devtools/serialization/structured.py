"""Structured mode: attributes and payload together in one JSON object, or many of them in an array.

Source: JSON Event Format for CloudEvents 1.0.2.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from pubsub_devtools.serialization.buffers import as_bytes
from pubsub_devtools.serialization.codec import Buffer
from pubsub_devtools.serialization.content_type import is_json, media_type
from pubsub_devtools.serialization.errors import DecodingError, EncodingError

__all__ = ["BATCH", "STRUCTURED", "Parts", "join", "join_many", "part", "part_many"]

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"

Member = bool | int | str | None
_JSON = "application/json"


class Parts(NamedTuple):
    """A message taken apart: the attributes, and the payload with its content type."""

    attributes: dict[str, str]
    content_type: str
    data: Buffer


def join(parts: Parts) -> bytes:
    """Return the JSON object of one event. A payload of JSON stands in it as it is, any other as base64.

    Example:
        >>> join(Parts({"id": "1"}, "application/json", b'{"a":2}'))
        b'{"id":"1","datacontenttype":"application/json","data":{"a":2}}'
        >>> join(Parts({"id": "1"}, "application/msgpack", b"\\x80"))
        b'{"id":"1","datacontenttype":"application/msgpack","data_base64":"gA=="}'
    """
    members: dict[str, object] = {**parts.attributes, "datacontenttype": parts.content_type}
    if is_json(parts.content_type):
        members["data"] = msgspec.Raw(parts.data)
    else:
        members["data_base64"] = base64.b64encode(parts.data).decode()
    try:
        return msgspec.json.encode(members)
    except UnicodeEncodeError as error:
        raise EncodingError(f"an attribute is no text: {error}") from error


def join_many(messages: list[Parts]) -> bytes:
    """Return the JSON array of several events."""
    return b"[" + b",".join(map(join, messages)) + b"]"


def part(text: Buffer, content_type: str) -> Parts:
    """Take one JSON object apart.

    Raises:
        DecodingError: It is no CloudEvent in JSON.

    Example:
        >>> part(b'{"id": "1", "data": {"a": 2}}', "application/cloudevents+json")
        Parts(attributes={'id': '1'}, content_type='application/json', data=b'{"a": 2}')
    """
    if media_type(content_type) != STRUCTURED:
        other = (
            ": decode_batch reads it"
            if media_type(content_type) == BATCH
            else f", what is read is {STRUCTURED}"
        )
        raise DecodingError(f"the message is {content_type}{other}")
    return _parts(_read(text, dict[str, msgspec.Raw]))


def part_many(text: Buffer, content_type: str) -> list[Parts]:
    """Take a JSON array of events apart.

    Raises:
        DecodingError: It is no batch, or one in it is no CloudEvent.
    """
    if media_type(content_type) != BATCH:
        raise DecodingError(f"the message is {content_type}, what is read as a batch is {BATCH}")
    return [_parts(members) for members in _read(text, list[dict[str, msgspec.Raw]])]


def _parts(members: Mapping[str, msgspec.Raw]) -> Parts:
    attributes: dict[str, str] = {}
    for name, raw in members.items():
        if name not in ("data", "data_base64") and (value := _attribute(name, raw)):
            attributes[name] = value
    content_type = attributes.pop("datacontenttype", _JSON)
    return Parts(attributes, content_type, _data(members, content_type))


def _attribute(name: str, raw: msgspec.Raw) -> str:
    """Return an attribute as text; nothing stands for one that is null or empty."""
    value = _read(raw, Member, f"attribute {name}")
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _data(members: Mapping[str, msgspec.Raw], content_type: str) -> bytes:
    encoded, plain = members.get("data_base64"), members.get("data")
    if encoded is not None and plain is not None:
        raise DecodingError("the message has both 'data' and 'data_base64', of which it may have one")
    if encoded is not None:
        text = _read(encoded, str | None, "data_base64") or ""
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise DecodingError(f"data_base64 is no base64: {error}") from error
    if plain is None or bytes(plain) == b"null":
        return b""
    return as_bytes(memoryview(plain)) if is_json(content_type) else _read(plain, str, "data").encode()


def _read(text: Buffer | msgspec.Raw, type_: object, what: str = "the message") -> Any:
    try:
        return msgspec.json.decode(text, type=type_)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise DecodingError(f"{what} is no CloudEvent in JSON: {error}") from error
