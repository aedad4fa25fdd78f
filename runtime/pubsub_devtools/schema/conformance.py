"""Whether a value, as JSON holds it, is of a type: what is wrong with it, by field. Pure."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple, cast
from uuid import UUID

from pubsub_devtools.model.field_type import (
    Anything,
    Array,
    Choice,
    FieldType,
    Limits,
    Map,
    Record,
    RecordField,
    Ref,
    Scalar,
    ScalarName,
    Tuple,
    Union,
    Unknown,
)
from pubsub_devtools.schema.formats.walking import joined
from pubsub_devtools.schema.spelling import spell

__all__ = ["Violation", "violations"]

_DURATION = re.compile(
    r"[-+]?P(?!$)(\d+W)?(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?", re.ASCII
)


class Violation(NamedTuple):
    """One thing that is wrong. ``path`` holds indexes too: ``lines.0.item``."""

    path: str
    text: str


def violations(type_: FieldType, value: object) -> tuple[Violation, ...]:
    """Return what keeps a value from being of a type; nothing where it is.

    Args:
        type_: The type.
        value: What JSON gives: None, bool, int, float, str, list, dict.

    Example:
        >>> order = Record("Order", (RecordField("total", Scalar("int", Limits(ge=0))), RecordField("note", Scalar("str"), False)))
        >>> [str(found.text) for found in violations(order, {"total": -1})]
        ['`total` must be ge=0, not -1']
        >>> violations(order, {"total": 1.5, "note": None})[1]
        Violation(path='note', text='`note` must be str, not None')
    """
    return tuple(_Checking().of(type_, value, ""))


class _Checking:
    """One check; it knows the records around it, which references mean."""

    def __init__(self) -> None:
        self.around: list[Record] = []

    def of(self, type_: FieldType, value: Any, path: str) -> Iterator[Violation]:
        match type_:
            case Anything() | Unknown():
                return
            case Scalar(name=name, limits=limits):
                if not _is(name, value):
                    yield _wrong(type_, value, path)
                else:
                    yield from _limits(limits, _measured(name, value), value, path)
            case Choice(values=values):
                if not any(type(value) is type(known) and value == known for known in values):
                    yield Violation(
                        path, f"{_at(path)} must be one of {', '.join(map(repr, values))}, not {_said(value)}"
                    )
            case Union(members=members):
                yield from self.union(members, type_, value, path)
            case Ref(name=name):
                yield from self.reference(name, value, path)
            case Record(positional=False):
                yield from self.record(type_, value, path)
            case _:
                yield from self.collection(type_, value, path)

    def union(
        self, members: tuple[FieldType, ...], type_: FieldType, value: Any, path: str
    ) -> Iterator[Violation]:
        found = [list(self.of(member, value, path)) for member in members]
        if all(found):
            inner = [each for each in found if all(violation.path != path for violation in each)]
            yield from inner[0] if len(inner) == 1 else [_wrong(type_, value, path)]

    def reference(self, name: str, value: Any, path: str) -> Iterator[Violation]:
        index = max(index for index, record in enumerate(self.around) if record.name == name)
        record, inside = self.around[index], self.around
        self.around = inside[:index]
        yield from self.of(record, value, path)
        self.around = inside

    def record(self, record: Record, value: Any, path: str) -> Iterator[Violation]:
        if not isinstance(value, dict):
            yield _wrong(record, value, path)
            return
        given = cast("dict[str, Any]", value)
        self.around.append(record)
        known: set[str] = set()
        for field in record.fields:
            names = [name for name in (*field.aliases, field.name) if name in given]
            known.update(names[:1])
            yield from self.field(
                field, given[names[0]] if names else None, joined(path, field.name), missing=not names
            )
        self.around.pop()
        if record.extra == "forbid":
            for name in sorted(given.keys() - known):
                yield Violation(
                    joined(path, name), f"`{joined(path, name)}` is not among the fields of {record.name}"
                )

    def field(self, field: RecordField, value: Any, path: str, *, missing: bool) -> Iterator[Violation]:
        if not missing:
            yield from self.of(field.type, value, path)
        elif field.required:
            yield Violation(path, f"`{path}` is missing")

    def collection(self, type_: FieldType, value: Any, path: str) -> Iterator[Violation]:
        match type_, value:
            case Array(items=items, limits=limits, of=of), list():
                values = cast("list[object]", value)
                if of == "set" and len({repr(item) for item in values}) < len(values):
                    yield Violation(path, f"{_at(path)} must hold each item once")
                yield from _limits(limits, len(values), values, path)
                for index, item in enumerate(values):
                    yield from self.of(items, item, joined(path, str(index)))
            case Map(value=of_value, limits=limits), dict():
                mapped = cast("dict[str, object]", value)
                yield from _limits(limits, len(mapped), mapped, path)
                for key, item in mapped.items():
                    yield from self.of(of_value, item, joined(path, key))
            case Tuple(items=items), list():
                yield from self.places(type_, items, len(items), cast("list[object]", value), path)
            case Record(fields=fields), list():
                self.around.append(type_)
                types = tuple(field.type for field in fields)
                least = max((place for place, field in enumerate(fields, 1) if field.required), default=0)
                yield from self.places(type_, types, least, cast("list[object]", value), path)
                self.around.pop()
            case _:
                yield _wrong(type_, value, path)

    def places(
        self, type_: FieldType, types: tuple[FieldType, ...], least: int, values: list[object], path: str
    ) -> Iterator[Violation]:
        if not least <= len(values) <= len(types):
            yield _wrong(type_, values, path)
        for index, (inner, item) in enumerate(zip(types, values, strict=False)):
            yield from self.of(inner, item, joined(path, str(index)))


def _at(path: str) -> str:
    return f"`{path}`" if path else "the payload"


def _wrong(type_: FieldType, value: object, path: str) -> Violation:
    return Violation(path, f"{_at(path)} must be {spell(type_)}, not {_said(value)}")


def _said(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _is(name: ScalarName, value: Any) -> bool:
    match name:
        case "null":
            return value is None
        case "bool":
            return isinstance(value, bool)
        case "int" | "float":
            return isinstance(value, int if name == "int" else int | float) and not isinstance(value, bool)
        case "str" | "bytes":
            return isinstance(value, str)
        case _:
            return isinstance(value, str) and _reads(_READERS[name], value)


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        return bool(read(text))
    except (ValueError, ArithmeticError):
        return False


_READERS: dict[str, Callable[[str], object]] = {
    "decimal": lambda text: Decimal(text).is_finite(),
    "date": lambda text: (date.fromisoformat(text), True),
    "datetime": lambda text: (datetime.fromisoformat(text), True),
    "time": lambda text: (time.fromisoformat(text), True),
    "timedelta": _DURATION.fullmatch,
    "uuid": lambda text: (UUID(text), True),
}


def _measured(name: ScalarName, value: Any) -> Any:
    if name == "decimal":
        return Decimal(value)
    return len(value.encode()) if name == "bytes" else len(value) if name == "str" else value


def _limits(limits: Limits, size: Any, value: object, path: str) -> Iterator[Violation]:
    """Compare what a value measures with each limit: itself, or its length."""
    for name in limits.__struct_fields__:
        bound: Any = getattr(limits, name)
        if bound is not None and not (
            _matches(bound, value) if name == "pattern" else _HOLDS[name](size, bound)
        ):
            yield Violation(path, f"{_at(path)} must be {name}={bound!r}, not {_said(value)}")


def _is_multiple(size: Any, of: Any) -> bool:
    return bool(size % of == 0)


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
    "multiple_of": _is_multiple,
    "min_length": operator.ge,
    "max_length": operator.le,
}


def _matches(pattern: str, value: object) -> bool:
    """Search, as pydantic does. A pattern that Python cannot read decides nothing."""
    try:
        return re.search(pattern, str(value)) is not None
    except re.error:
        return True
