"""The graph and its explanations as JSON, and back: deterministic, and honest about the format.

``format`` stands in every document. It is read first, so that a file from a newer version is refused in one sentence
instead of failing somewhere inside; a reader is kept for every format there ever was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import msgspec

from pubsub_devtools.model import FORMAT, EventGraph

if TYPE_CHECKING:
    from collections.abc import Callable


class FormatError(Exception):
    """What was read is no event graph of a format known here."""


class _Head(msgspec.Struct):
    format: int


def encode(value: msgspec.Struct, *, indent: int = 2) -> str:
    """A graph or any other value of the analysis as JSON text that ends in a newline; without indent, in one line."""
    try:
        text = msgspec.json.encode(value)
    except UnicodeEncodeError:
        text = msgspec.json.encode(_encodable(msgspec.to_builtins(value)))
    return (msgspec.json.format(text, indent=indent) if indent else text).decode() + "\n"


def decode(text: str | bytes) -> EventGraph:
    """The graph that was encoded. Raises FormatError for anything else."""
    try:
        reader = _READERS.get(msgspec.json.decode(text, type=_Head).format)
        if reader is not None:
            return reader(text)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise FormatError(f"this is no event graph: {error}") from None
    raise FormatError(
        f"this graph has a format unknown here (known: up to {FORMAT}): update pubsub-devtools, or write the graph again"
    )


def _encodable(value: Any) -> Any:
    """Python allows half a surrogate pair in a string and in a file name, JSON does not: show what it was."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_encodable(item) for item in cast("list[Any]", value)]
    return value


def _read_1(text: str | bytes) -> EventGraph:
    return msgspec.json.decode(text, type=EventGraph)


_READERS: dict[int, Callable[[str | bytes], EventGraph]] = {1: _read_1}
