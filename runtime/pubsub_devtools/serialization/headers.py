"""Binary mode: attributes as a transport's headers, the body is the payload alone.

Source: the HTTP, Kafka and AMQP protocol bindings of CloudEvents 1.0.2. NATS spells as HTTP does. What is read may be spelled as in
any of them, so that a message can go from one transport to another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias
from urllib.parse import quote, unquote_to_bytes

from pubsub_devtools.serialization.errors import DecodingError

__all__ = ["Binding", "Headers", "attributes_in", "header", "headers_of"]

Binding: TypeAlias = Literal["http", "kafka", "amqp"]
"""How headers are spelled: ``ce-id`` and percent-encoded, ``ce_id``, ``cloudEvents:id``."""

Headers: TypeAlias = Mapping[str, object]
"""Headers as a transport gives them: text or ``bytes``; AMQP also knows booleans, whole numbers and times."""

_PREFIXES: dict[Binding, str] = {"http": "ce-", "kafka": "ce_", "amqp": "cloudEvents:"}
_SPELLINGS = ("ce-", "ce_", "cloudevents:", "cloudevents_")
_PLAIN = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def headers_of(attributes: Mapping[str, str], binding: Binding) -> dict[str, str]:
    """Return attributes as headers.

    Example:
        >>> headers_of({"id": "1", "source": "the shop"}, "http")
        {'ce-id': '1', 'ce-source': 'the%20shop'}
        >>> headers_of({"id": "1", "source": "the shop"}, "kafka")
        {'ce_id': '1', 'ce_source': 'the shop'}
    """
    prefix = _PREFIXES[binding]
    if binding == "http":
        return {prefix + name: quote(value, safe=_PLAIN) for name, value in attributes.items()}
    return {prefix + name: value for name, value in attributes.items()}


def attributes_in(headers: Headers) -> dict[str, str]:
    """Return the attributes among headers. Headers of others, and empty ones, are passed over.

    Raises:
        DecodingError: A value is no text.

    Example:
        >>> attributes_in({"CE-Id": "1", "ce_source": b"shop", "Host": "localhost"})
        {'id': '1', 'source': 'shop'}
    """
    found: dict[str, str] = {}
    for spelled, value in headers.items():
        lower = spelled.lower()
        prefix = next((prefix for prefix in _SPELLINGS if lower.startswith(prefix)), None)
        if prefix is None:
            continue
        text = _text(spelled, value)
        plain = _decoded(spelled, text) if prefix == "ce-" else text
        if plain:
            found[lower.removeprefix(prefix)] = plain
    return found


def header(headers: Headers, name: str) -> str:
    """Return a header whatever its case, or nothing.

    Raises:
        DecodingError: It is no text.
    """
    for spelled, value in headers.items():
        if spelled.lower() == name:
            return _text(spelled, value)
    return ""


def _text(name: str, value: object) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case datetime():
            return value.isoformat()
        case bytes():
            try:
                return value.decode()
            except UnicodeDecodeError as error:
                raise DecodingError(f"header {name} is no UTF-8: {error}") from error
        case _:
            raise DecodingError(f"header {name} is a {type(value).__name__}, which no attribute can be")


def _decoded(name: str, text: str) -> str:
    """Undo quotes, which older senders use, and percent-encoding."""
    if quoted := _QUOTED.fullmatch(text.strip(" \t")):
        text = re.sub(r"\\(.)", r"\1", quoted[1], flags=re.DOTALL)
    if "%" not in text:
        return text
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeError as error:
        raise DecodingError(f"header {name} is no percent-encoded UTF-8: {error}") from error
