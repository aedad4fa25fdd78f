"""`FieldType`: the type of a payload or of one of its fields, as a value.

The static analysis makes it from annotations, the runtime from pydantic models, and both make the same from the same
source, so that the rules of ``schema.compatibility`` are written once. It says what data can be written and read: kinds,
limits, names and presence of fields. It leaves out what no rule can compare: validators and serializers, the defaults'
values, docstrings, type parameters, limits that are not plain numbers, and whether a message is dumped by alias. The names
of records serve for words and for recursion alone; two records of different names can be the same contract.

The JSON form is small and stable: every part carries ``kind`` and omits what is at its default.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

__all__ = [
    "Anything",
    "Array",
    "Choice",
    "ChoiceValue",
    "Collection",
    "Extra",
    "FieldType",
    "Limits",
    "Map",
    "Record",
    "RecordField",
    "Ref",
    "Scalar",
    "ScalarName",
    "Tuple",
    "Union",
    "Unknown",
]

ScalarName: TypeAlias = Literal[
    "null",
    "bool",
    "int",
    "float",
    "decimal",
    "str",
    "bytes",
    "date",
    "datetime",
    "time",
    "timedelta",
    "uuid",
]

Collection: TypeAlias = Literal["list", "set", "tuple"]

ChoiceValue: TypeAlias = bool | int | float | str

Extra: TypeAlias = Literal["ignore", "forbid", "allow"]
"""What a record does with fields that it does not name: drop them, refuse them, keep them (``**kwargs``)."""


class Limits(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a value must satisfy beyond its kind, named as in pydantic and annotated-types."""

    ge: int | float | None = None
    gt: int | float | None = None
    le: int | float | None = None
    lt: int | float | None = None
    multiple_of: int | float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


class _Part(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind"):
    """The form that all parts of a type share."""


class Anything(_Part, frozen=True, tag="any"):
    """``Any`` or ``object``: every value, by declaration."""


class Unknown(_Part, frozen=True, tag="unknown"):
    """A type that could not be told, or that this language cannot express. ``name`` is its name in the code."""

    name: str = ""


class Scalar(_Part, frozen=True, tag="scalar"):
    """A single value."""

    name: ScalarName
    limits: Limits = Limits()


class Choice(_Part, frozen=True, tag="choice"):
    """An enum or ``Literal``: the values as they are written in JSON, sorted, each once. ``None`` stands beside it in a union."""

    values: tuple[ChoiceValue, ...]


class Array(_Part, frozen=True, tag="array"):
    """Any number of items of one type. ``of`` is what Python code gets: a list (any sequence), a set, a tuple."""

    of: Collection
    items: FieldType
    limits: Limits = Limits()


class Tuple(_Part, frozen=True, tag="tuple"):
    """A fixed number of items, each of its own type."""

    items: tuple[FieldType, ...]


class Map(_Part, frozen=True, tag="map"):
    """Any number of keys of one type to values of one type."""

    key: FieldType
    value: FieldType
    limits: Limits = Limits()


class Union(_Part, frozen=True, tag="union"):
    """A value of any of these types. ``X | None`` is a union with the scalar ``null``. Made by ``schema.unions.union_of``."""

    members: tuple[FieldType, ...]


class RecordField(msgspec.Struct, frozen=True, omit_defaults=True):
    """One named field of a record.

    ``required``: a reader refuses a message without it. A field with ``default`` is filled in by a reader where it is
    missing, and usually written by a writer; one with neither may be absent on both sides (``NotRequired``). ``aliases``
    are other names under which a reader takes it.
    """

    name: str
    type: FieldType
    required: bool = True
    default: bool = False
    aliases: tuple[str, ...] = ()


class Record(_Part, frozen=True, tag="record"):
    """Named fields: a model, a dataclass, a ``TypedDict``, the parameters of a function.

    ``positional`` tells a ``NamedTuple``, whose fields have names in code and places alone in a message.

    Example:
        >>> order = Record("Order", (RecordField("total", Scalar("int", Limits(ge=0))),))
        >>> msgspec.json.encode(order).decode()
        '{"kind":"record","name":"Order","fields":[{"name":"total","type":{"kind":"scalar","name":"int","limits":{"ge":0}}}]}'
        >>> msgspec.json.decode(msgspec.json.encode(order), type=FieldType) == order
        True
    """

    name: str
    fields: tuple[RecordField, ...] = ()
    extra: Extra = "ignore"
    positional: bool = False

    @property
    def open(self) -> bool:
        """Whether it keeps fields that it does not name."""
        return self.extra == "allow"


class Ref(_Part, frozen=True, tag="ref"):
    """The nearest enclosing record of this name: how a recursive type refers to itself."""

    name: str


FieldType: TypeAlias = Anything | Unknown | Scalar | Choice | Array | Tuple | Map | Union | Record | Ref
"""The type of a payload or field. A value of it stands alone: every ``Ref`` refers to a record around it."""
