"""What a graph tells of a shape, as the record that the rules of compatibility are written for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pubsub_devtools.model import Field, Record, RecordField
from pubsub_devtools.model.field_type import Anything, FieldType
from pubsub_devtools.schema.from_annotations import ModuleNames, annotation_type

_NAMES = ModuleNames(
    "import datetime, decimal, enum, typing, uuid\n"
    "from datetime import date, datetime, time, timedelta\n"
    "from decimal import Decimal\n"
    "from typing import *\n"
    "from typing import Any, Dict, List, Literal, Optional, Sequence, Set, Tuple, Union\n"
    "from uuid import UUID\n"
)
"""What the usual names mean; a class of the workspace stays a name, which is equal to itself alone."""


def record(name: str, fields: Iterable[Field]) -> Record:
    """A schema's fields or a handler's parameters as a record: parameters are refused where no ``**`` takes them.

    Args:
        name: the record's.
        fields: its fields; one with stars takes any number.
    """
    known = list(fields)
    named = tuple(
        RecordField(field.name, type_of(field.type), field.required, default=not field.required)
        for field in known
        if not field.name.startswith("*")
    )
    return Record(name, named, "allow" if any(field.name.startswith("*") for field in known) else "ignore")


def parameters(name: str, fields: Iterable[Field]) -> Record:
    """A handler's parameters as a record, which refuses what it does not name."""
    found = record(name, fields)
    return found if found.open else Record(found.name, found.fields, "forbid")


@cache
def type_of(text: str) -> FieldType:
    """A type as written in the code; anything where none is written."""
    return annotation_type(text, _NAMES) if text else Anything()


def is_known(text: str) -> bool:
    """Whether a written type is one that can be compared: builtins and what is made of them."""
    return bool(text) and "Unknown" not in repr(type_of(text))


def without_types(fields: Iterable[Field]) -> tuple[Field, ...]:
    """The fields by their names alone."""
    return tuple(Field(field.name, "", field.required, field.default) for field in fields)


def alike(old: Iterable[Field], new: Iterable[Field]) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """Both without the types of those fields that only one of them types: an annotation is no new contract."""
    before, now = tuple(old), tuple(new)
    half = {f.name for f in before} & {f.name for f in now} & {f.name for f in (*before, *now) if not f.type}

    def kept(field: Field) -> Field:
        return field if field.name not in half else Field(field.name, "", field.required, field.default)

    return tuple(map(kept, before)), tuple(map(kept, now))
