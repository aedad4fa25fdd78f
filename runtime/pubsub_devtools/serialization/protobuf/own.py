"""The user's own message classes: fields are matched by name, well-known types become Python's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from pydantic_core import to_jsonable_python

from pubsub_devtools.model.field_type import Array, Choice, FieldType, Map, Record
from pubsub_devtools.serialization.errors import EncodingError
from pubsub_devtools.serialization.protobuf.forms import without_null

__all__ = ["read_message", "write_message"]

_WRAPPERS = frozenset(
    f"google.protobuf.{name}Value"
    for name in ("Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes")
)
_JSON_LIKE = frozenset(f"google.protobuf.{name}" for name in ("Struct", "Value", "ListValue"))


def write_message(message: Message, values: Mapping[str, Any]) -> None:
    """Set the fields of a message. None leaves a field unset.

    Raises:
        EncodingError: The message has no such field, or the field cannot hold the value.
    """
    fields: Mapping[str, Any] = message.DESCRIPTOR.fields_by_name
    for name, value in values.items():
        if name not in fields:
            raise EncodingError(f"message {message.DESCRIPTOR.full_name} has no field {name}")
        if value is None:
            continue
        try:
            _set(message, fields[name], value)
        except EncodingError:
            raise
        except Exception as error:
            raise EncodingError(f"{name}: {error}") from error


def read_message(message: Message, type_: FieldType | None) -> dict[str, Any]:
    """Return the fields of a message. A field that can be unset and is so is left out, or None where it is required.

    Args:
        message: The message.
        type_: The record that it becomes, which says whether an enum is its name or its number.
    """
    known = {field.name: field for field in type_.fields} if isinstance(type_, Record) else {}
    found: dict[str, Any] = {}
    fields: Iterable[Any] = message.DESCRIPTOR.fields
    for field in fields:
        wanted = known.get(field.name)
        if field.has_presence and not message.HasField(field.name):
            if wanted and wanted.required:
                found[field.name] = None
            continue
        found[field.name] = _get(
            field, getattr(message, field.name), without_null(wanted.type)[0] if wanted else None
        )
    return found


def _set(message: Any, field: Any, value: Any) -> None:
    target = getattr(message, field.name)
    if _is_map(field):
        held = field.message_type.fields_by_name["value"]
        for key, item in value.items():
            if held.message_type:
                _fill(target[to_jsonable_python(key)], item)
            else:
                target[to_jsonable_python(key)] = _single(held, item)
    elif field.is_repeated:
        for item in value:
            if field.message_type:
                _fill(target.add(), item)
            else:
                target.append(_single(field, item))
    elif field.message_type:
        target.SetInParent()
        _fill(target, value)
    else:
        setattr(message, field.name, _single(field, value))


def _fill(message: Any, value: Any) -> None:
    name: str = message.DESCRIPTOR.full_name
    if name == "google.protobuf.Timestamp":
        message.FromDatetime(value)
    elif name == "google.protobuf.Duration":
        message.FromTimedelta(value)
    elif name in _WRAPPERS:
        message.value = value
    elif name in _JSON_LIKE:
        json_format.ParseDict(to_jsonable_python(value), message)
    else:
        write_message(message, value)


def _single(field: Any, value: Any) -> Any:
    if isinstance(value, bytes):
        return value
    plain = to_jsonable_python(value)
    return (
        field.enum_type.values_by_name[plain].number if field.enum_type and isinstance(plain, str) else plain
    )


def _get(field: Any, value: Any, type_: FieldType | None) -> Any:
    if _is_map(field):
        held = field.message_type.fields_by_name["value"]
        inner = type_.value if isinstance(type_, Map) else None
        return {key: _plain(held, value[key], inner) for key in value}
    if field.is_repeated:
        inner = type_.items if isinstance(type_, Array) else None
        return [_plain(field, item, inner) for item in value]
    return _plain(field, value, type_)


def _plain(field: Any, value: Any, type_: FieldType | None) -> Any:
    if field.message_type:
        return _READ.get(field.message_type.full_name, _other)(value, type_)
    if field.enum_type and isinstance(type_, Choice) and isinstance(type_.values[0], str):
        named = field.enum_type.values_by_number.get(value)
        return named.name if named else value
    return value


def _other(message: Any, type_: FieldType | None) -> Any:
    return read_message(message, type_)


def _from_timestamp(message: Any, _: FieldType | None) -> Any:
    return message.ToDatetime(tzinfo=UTC)


_READ: dict[str, Callable[[Any, FieldType | None], Any]] = {
    "google.protobuf.Timestamp": _from_timestamp,
    "google.protobuf.Duration": lambda message, _: message.ToTimedelta(),
    **{name: lambda message, _: message.value for name in _WRAPPERS},
    **{name: lambda message, _: json_format.MessageToDict(message) for name in _JSON_LIKE},
}


def _is_map(field: Any) -> bool:
    return bool(field.message_type and field.message_type.GetOptions().map_entry)
