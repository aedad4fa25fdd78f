"""The body of a class as a type: a record of its fields, or the values of an enum."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import get_args

from pubsub_devtools.model.field_type import (
    Choice,
    ChoiceValue,
    Extra,
    FieldType,
    Record,
    RecordField,
    Unknown,
)
from pubsub_devtools.schema.from_annotations.annotation import Resolve, nothing_known
from pubsub_devtools.schema.from_annotations.fields import field_of
from pubsub_devtools.schema.from_annotations.reading import choice_value, constant, dotted, keywords
from pubsub_devtools.schema.unions import choice_of

__all__ = ["class_type", "enum_members"]

_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "ReprEnum"})
_ROOTS = _ENUMS | {
    "ABC",
    "BaseEvent",
    "BaseModel",
    "Generic",
    "NamedTuple",
    "Protocol",
    "Struct",
    "TypedDict",
    "object",
}
"""Bases that bring no fields of their own."""


def class_type(node: ast.ClassDef, resolve: Resolve = nothing_known) -> FieldType:
    """Return the type of the values of a class: an enum's choice, else a record of the annotated names.

    Args:
        node: The class: a pydantic model, a dataclass, a ``TypedDict``, a ``NamedTuple``, an enum.
        resolve: Tells what names mean, those of the bases included: the fields of a base's record are inherited.

    Returns:
        The type. A record with a base that cannot be told is open, for it may have more fields.

    Example:
        >>> tree = ast.parse("class Paid(BaseEvent):\\n  order: str\\n  total: int = 0")
        >>> [(field.name, field.required) for field in class_type(tree.body[0]).fields]
        [('order', True), ('total', False)]
        >>> tree = ast.parse("class Status(str, Enum):\\n  NEW = 'new'\\n  PAID = 'paid'")
        >>> class_type(tree.body[0])
        Choice(values=('new', 'paid'))
    """
    meanings = [(_meaning(base, resolve)) for base in node.bases]
    if _is_enum(meanings):
        members = enum_members(node)
        return Unknown(node.name) if members is None else choice_of(members.values())
    bases = [base for base in meanings if isinstance(base, Record)]
    fields: dict[str, RecordField] = {}
    for base in reversed(bases):
        fields.update((field.name, field) for field in base.fields)
    for name, field in _own(node, resolve):
        if field is None:
            fields.pop(name, None)
        else:
            fields[name] = field
    positional = any(dotted(base).endswith("NamedTuple") for base in node.bases)
    return Record(node.name, tuple(fields.values()), _extra(node, meanings, bases), positional)


def enum_members(node: ast.ClassDef) -> dict[str, ChoiceValue] | None:
    """Return the values of an enum's members by name; nothing where one of them cannot be told.

    Example:
        >>> enum_members(ast.parse("class Size(Enum):\\n  S = 1\\n  M = auto()").body[0])
        {'S': 1, 'M': 2}
    """
    members: dict[str, ChoiceValue] = {}
    base = dotted(node.bases[-1]).rpartition(".")[2] if node.bases else ""
    for name, value in _assigned(node.body):
        if isinstance(value, ast.Call) and dotted(value.func).rpartition(".")[2] == "auto":
            found: ChoiceValue | None = _auto(name, base, members.values()) if len(node.bases) == 1 else None
        else:
            found = choice_value(value)
        if found is None:
            return None
        members[name] = found
    return members


def _meaning(base: ast.expr, resolve: Resolve) -> FieldType | str:
    path = dotted(base.value if isinstance(base, ast.Subscript) else base)
    return (resolve(path) if path else None) or path


def _is_enum(meanings: list[FieldType | str]) -> bool:
    return any(
        isinstance(base, Choice) or (isinstance(base, str) and base.rpartition(".")[2] in _ENUMS)
        for base in meanings
    )


def _own(node: ast.ClassDef, resolve: Resolve) -> Iterator[tuple[str, RecordField | None]]:
    total = not _is_false(keywords_of(node).get("total"))
    typed_dict = any(dotted(base).endswith("TypedDict") for base in node.bases)
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                if name != "model_config" and (typed_dict or not name.startswith("_")):
                    yield name, field_of(name, annotation, value, resolve=resolve, total=total)
            case _:
                pass


def _extra(node: ast.ClassDef, meanings: list[FieldType | str], bases: list[Record]) -> Extra:
    configured = [*_configured(node.body), keywords_of(node).get("extra")]
    for value in configured:
        if value is not None and (extra := _as_extra(constant(value))):
            return extra
    if any(isinstance(base, Unknown) or (isinstance(base, str) and _unheard(base)) for base in meanings):
        return "allow"
    return bases[0].extra if bases else "ignore"


def _unheard(base: str) -> bool:
    return base.rpartition(".")[2] not in _ROOTS


def _configured(body: Iterable[ast.stmt]) -> Iterator[ast.expr | None]:
    for statement in body:
        match statement:
            case ast.ClassDef(name="Config", body=inner):
                yield dict(_assigned(inner)).get("extra")
            case (
                ast.Assign(targets=[ast.Name(id="model_config")], value=value)
                | ast.AnnAssign(target=ast.Name(id="model_config"), value=value)
            ):
                yield _entry(value, "extra")
            case _:
                pass


def _entry(node: ast.expr | None, key: str) -> ast.expr | None:
    if isinstance(node, ast.Call):
        return keywords(node).get(key)
    if isinstance(node, ast.Dict):
        return next(
            (v for k, v in zip(node.keys, node.values, strict=True) if k is not None and constant(k) == key),
            None,
        )
    return None


def _as_extra(value: object) -> Extra | None:
    return next((extra for extra in get_args(Extra) if extra == value), None)


def keywords_of(node: ast.ClassDef) -> dict[str, ast.expr]:
    """Return the arguments of a class statement that have a name."""
    return {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}


def _is_false(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def _assigned(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not name.startswith("_"):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if not name.startswith(
                "_"
            ):
                yield name, value
            case _:
                pass


def _auto(name: str, base: str, before: Iterable[ChoiceValue]) -> ChoiceValue | None:
    if base == "StrEnum":
        return name.lower()
    numbers = [value for value in before if isinstance(value, int)]
    return max(numbers, default=0) + 1
