"""Events as an AsyncAPI 3.0 document: a channel and a message for each event, its payload as JSON Schema.

Source: https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

from pubsub_devtools.schema.formats.description import Description
from pubsub_devtools.schema.formats.error import SchemaError
from pubsub_devtools.schema.formats.json_schema import from_json_schema, to_json_schema
from pubsub_devtools.schema.formats.notes import Note

__all__ = ["from_asyncapi", "to_asyncapi"]


def to_asyncapi(
    events: Sequence[Description],
    *,
    title: str,
    version: str,
    sends: Iterable[str] = (),
    receives: Iterable[str] = (),
) -> tuple[dict[str, Any], tuple[Note, ...]]:
    """Return the document, and what it cannot say.

    Args:
        events: The events, each at most once.
        title: The application's name.
        version: The application's version.
        sends: Names of events that it publishes.
        receives: Names of events that it handles.

    Raises:
        SchemaError: Two events have one name, or a name that is sent or received is not among them.

    Example:
        >>> from pubsub_devtools.model.field_type import Record
        >>> document, _ = to_asyncapi([Description(Record("Paid"), "orders.paid")], title="Shop", version="1.0.0", sends=["orders.paid"])
        >>> document["operations"]["send_orders_paid"]["channel"]
        {'$ref': '#/channels/orders_paid'}
    """
    keys = {event.title: re.sub(r"[^A-Za-z0-9_-]", "_", event.title) for event in events}
    if len(set(keys.values())) < len(events):
        raise SchemaError("two events have one name: give the newest version of each")
    unknown = sorted({*sends, *receives} - keys.keys())
    if unknown:
        raise SchemaError(f"{', '.join(unknown)} is sent or received, but not among the events")
    channels, messages, notes = dict[str, Any](), dict[str, Any](), list[Note]()
    for event in sorted(events, key=lambda event: event.title):
        key = keys[event.title]
        channels[key] = {
            "address": event.title,
            "messages": {key: {"$ref": f"#/components/messages/{key}"}},
        }
        messages[key], found = _message(event)
        notes += [Note(f"{event.title}.{note.path}".rstrip("."), note.text) for note in found]
    operations = {
        f"{action}_{keys[name]}": {"action": action, "channel": {"$ref": f"#/channels/{keys[name]}"}}
        for action, names in (("send", sends), ("receive", receives))
        for name in sorted(names)
    }
    document = {
        "asyncapi": "3.0.0",
        "info": {"title": title, "version": version},
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }
    return document, tuple(notes)


def from_asyncapi(document: Any) -> tuple[tuple[Description, ...], tuple[Note, ...]]:
    """Return the events of a document, by the addresses of their channels, and the messages that could not be read.

    Raises:
        SchemaError: It is no AsyncAPI 3 document.
    """
    if not isinstance(document, dict) or not str(
        cast("dict[str, Any]", document).get("asyncapi", "")
    ).startswith("3."):
        raise SchemaError("it is no AsyncAPI document of version 3: `asyncapi` says which")
    whole = cast("dict[str, Any]", document)
    found, notes = list[Description](), list[Note]()
    for key, channel in _entries(whole.get("channels")):
        address = str(channel.get("address") or key)
        for name, message in _entries(channel.get("messages")):
            try:
                found.append(_description(_followed(whole, message), address))
            except SchemaError as error:
                notes.append(Note(f"{address}.{name}", str(error)))
    return tuple(found), tuple(notes)


def _message(event: Description) -> tuple[dict[str, Any], tuple[Note, ...]]:
    payload, notes = to_json_schema(event)
    message: dict[str, Any] = {
        "name": event.title,
        "title": event.type.name,
        "contentType": "application/json",
    }
    if event.doc:
        message["summary"] = event.doc.partition("\n")[0]
        message["description"] = event.doc
    # The schema is a document of its own: its references are written from the root of this one.
    place = f"#/components/messages/{re.sub(r'[^A-Za-z0-9_-]', '_', event.title)}/payload"
    message["payload"] = _moved(payload, place)
    if event.version:
        message["x-event-version"] = event.version
    return message, notes


def _moved(value: Any, place: str) -> Any:
    """Return a schema whose references lead to it at another place."""
    if isinstance(value, list):
        return [_moved(each, place) for each in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    given = cast("dict[str, Any]", value)
    moved = {key: _moved(each, place) for key, each in given.items()}
    if isinstance(given.get("$ref"), str) and given["$ref"].startswith("#"):
        moved["$ref"] = place + given["$ref"][1:]
    return moved


def _description(message: dict[str, Any], address: str) -> Description:
    payload = message.get("payload")
    if isinstance(payload, dict) and "schema" in payload and "schemaFormat" in payload:
        raise SchemaError(
            f"its payload is written in {payload['schemaFormat']}: only JSON Schema is read here"
        )
    described = from_json_schema(_at_home(payload), address.rpartition(".")[2])
    version = described.version or str(message.get("x-event-version", ""))
    doc = described.doc or str(message.get("description", ""))
    return Description(
        described.type, described.name or address, version, doc, described.defaults, described.docs
    )


def _at_home(payload: Any) -> Any:
    """Return a schema whose references into itself lead from its own root."""
    if isinstance(payload, list):
        return [_at_home(each) for each in cast("list[object]", payload)]
    if not isinstance(payload, dict):
        return payload
    given = cast("dict[str, Any]", payload)
    home = {key: _at_home(each) for key, each in given.items()}
    if isinstance(given.get("$ref"), str) and "/payload" in given["$ref"]:
        home["$ref"] = "#" + given["$ref"].partition("/payload")[2]
    return home


def _followed(document: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    at: Any = message
    for _ in range(10):
        if not isinstance(at, dict) or "$ref" not in at:
            break
        start, *keys = str(cast("dict[str, Any]", at)["$ref"]).split("/")
        at = document if start == "#" else None
        for key in keys:
            at = cast("dict[str, Any]", at).get(key) if isinstance(at, dict) else None
    if not isinstance(at, dict):
        raise SchemaError("its message is in another file, or nowhere")
    return cast("dict[str, Any]", at)


def _entries(value: Any) -> list[tuple[str, dict[str, Any]]]:
    given = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    return [(key, cast("dict[str, Any]", each)) for key, each in given.items() if isinstance(each, dict)]
