"""How one value stands in a protobuf message: its type there, and how it is written and read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Proto
from pydantic_core import from_json, to_json, to_jsonable_python

from pubsub_devtools.model.field_type import Choice, FieldType, Scalar, Union
from pubsub_devtools.schema.unions import NULL
from pubsub_devtools.serialization.errors import EncodingError

__all__ = ["Form", "json_text", "plain_form", "without_null"]

_INT64 = 1 << 63


class Form(NamedTuple):
    """One type of protobuf; ``message`` names it where it is a message, ``entry`` holds key and value of a map."""

    type: Any
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    message: str = ""
    repeated: bool = False
    entry: tuple[Form, Form] | None = None


def _same(value: Any) -> Any:
    return value


def _whole(value: Any) -> Any:
    plain = to_jsonable_python(value)
    if isinstance(plain, int) and not -_INT64 <= plain < _INT64:
        raise EncodingError(f"int64 cannot hold {plain}: declare the field as Decimal or str")
    return plain


def _json(value: Any) -> str:
    return to_json(value, inf_nan_mode="strings", round_trip=True).decode()


def plain_form(type_: FieldType) -> Form | None:
    """Return the form of a single value, or None where it is none.

    Example:
        >>> plain_form(Scalar("uuid")) == plain_form(Scalar("decimal"))
        True
    """
    match type_:
        case Scalar(name="bool"):
            return Form(Proto.TYPE_BOOL, _same, _same)
        case Scalar(name="int"):
            return Form(Proto.TYPE_INT64, _whole, _same)
        case Scalar(name="float"):
            return Form(Proto.TYPE_DOUBLE, float, _same)
        case Scalar(name="bytes"):
            return Form(Proto.TYPE_BYTES, _same, _same)
        case Scalar(name="null"):
            return json_text()
        case Scalar():
            return Form(Proto.TYPE_STRING, to_jsonable_python, _same)
        case Choice(values=values) if all(isinstance(value, str) for value in values):
            return Form(Proto.TYPE_STRING, to_jsonable_python, _same)
        case Choice(values=values) if all(type(value) is int for value in values):
            return Form(Proto.TYPE_INT64, _whole, _same)
        case _:
            return None


def json_text() -> Form:
    """Return the form of what protobuf has no type for: the JSON text, in a ``string``."""
    return Form(Proto.TYPE_STRING, _json, from_json)


def without_null(type_: FieldType) -> tuple[FieldType, bool]:
    """Return a type without ``None``, and whether it allowed it.

    Example:
        >>> without_null(Union((Scalar("int"), NULL)))[1]
        True
    """
    if isinstance(type_, Union) and NULL in type_.members:
        rest = tuple(member for member in type_.members if member != NULL)
        return (rest[0] if len(rest) == 1 else Union(rest)), True
    return type_, False
