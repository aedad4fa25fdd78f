"""A pydantic model, or any annotation that exists at run time, to `FieldType`: the same value that its source gives.

What `model.field_type` cannot express is left out. A parametrized generic model is told in full here and is `Unknown`
to the static reading; otherwise a test proves both equal.
"""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Iterable, Iterator
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Final, Literal, NotRequired, Required, get_args, get_origin

import msgspec
from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo
from typing_extensions import ReadOnly, TypeAliasType, is_typeddict

from pubsub_devtools.model.field_type import (
    Anything,
    Array,
    ChoiceValue,
    Extra,
    FieldType,
    Limits,
    Map,
    Record,
    RecordField,
    Ref,
    Scalar,
    Tuple,
    Unknown,
)
from pubsub_devtools.schema.from_annotations.names import COLLECTIONS, FORMS, PLAIN
from pubsub_devtools.schema.limiting import limited, limits_from
from pubsub_devtools.schema.unions import NULL, choice_of, literal_of, union_of

__all__ = ["model_type", "python_type"]

_TRANSPARENT = (ClassVar, Final, Required, NotRequired, ReadOnly)


def model_type(model: type[BaseModel]) -> Record:
    """Return the type of a model's messages.

    Args:
        model: A pydantic model, events included, with its forward references resolved.

    Returns:
        The record of its fields.

    Raises:
        pydantic.errors.PydanticUndefinedAnnotation: A forward reference of the model cannot be resolved.

    Example:
        >>> from pubsub_devtools import BaseEvent
        >>> class Paid(BaseEvent):
        ...     order: str
        ...     total: int = 0
        >>> [(field.name, field.required) for field in model_type(Paid).fields]
        [('order', True), ('total', False)]
    """
    return _Walk().record(model, _model_fields(model), _extra(model))


def python_type(annotation: object) -> FieldType:
    """Return the type that a run-time annotation stands for.

    Example:
        >>> python_type(list[int] | None) == union_of([Array("list", Scalar("int")), NULL])
        True
    """
    return _Walk().read(annotation)


class _Walk:
    """One walk over annotations. It knows which records it is inside, for recursion."""

    def __init__(self) -> None:
        self.inside: list[type] = []

    def read(self, annotation: Any) -> FieldType:
        origin, args = get_origin(annotation), get_args(annotation)
        if origin is None:
            return self.plain(annotation)
        if origin is Annotated:
            return limited(self.read(args[0]), limits_of(args[1:]))
        if origin is typing.Union or origin is UnionType:
            return union_of(map(self.read, args))
        if origin is Literal:
            return literal_of(_value(arg) for arg in args)
        if origin in _TRANSPARENT:
            return self.read(args[0])
        return self.generic(getattr(origin, "__name__", ""), args)

    def generic(self, name: str, args: tuple[Any, ...]) -> FieldType:
        if collection := COLLECTIONS.get(name):
            return Array(collection, self.nth(args, 0))
        match FORMS.get(name):
            case "map":
                return Map(self.nth(args, 0), self.nth(args, 1))
            case "counter":
                return Map(self.nth(args, 0), Scalar("int"))
            case "tuple":
                return self.tuple(args)
            case "class":
                return Unknown("type")
            case _:
                return Unknown(name)

    def nth(self, args: tuple[Any, ...], index: int) -> FieldType:
        return self.read(args[index]) if index < len(args) else Anything()

    def tuple(self, args: tuple[Any, ...]) -> FieldType:
        if len(args) == 2 and args[1] is ...:
            return Array("tuple", self.read(args[0]))
        return Tuple(tuple(map(self.read, args)))

    def plain(self, annotation: Any) -> FieldType:
        """Return the type of an annotation without arguments."""
        if annotation is None or annotation is NoneType:
            return NULL
        if annotation is Any or annotation is object:
            return Anything()
        if isinstance(annotation, TypeAliasType):
            return self.read(annotation.__value__)
        if (base := getattr(annotation, "__supertype__", None)) is not None:
            return self.read(base)
        if not inspect.isclass(annotation):
            return self.bare(getattr(annotation, "__name__", "") or str(annotation))
        if issubclass(annotation, Enum):
            return _enum(annotation)
        if issubclass(annotation, BaseModel):
            return self.entered(annotation, _model_fields(annotation), _extra(annotation))
        return self.named(annotation)

    def named(self, cls: Any) -> FieldType:
        """Return the type of a class that is neither an enum nor a model."""
        if _has_fields(cls):
            return self.entered(cls, _fields(cls), positional=issubclass(cls, tuple))
        return self.bare(cls.__name__)

    def bare(self, name: str) -> FieldType:
        if name in COLLECTIONS or (name in FORMS and FORMS[name] != "tuple"):
            return self.generic(name, ())
        return Array("tuple", Anything()) if name == "tuple" else PLAIN.get(name, Unknown(name))

    def entered(
        self, cls: type, fields: Iterable[_Declared], extra: Extra = "ignore", *, positional: bool = False
    ) -> FieldType:
        if cls not in self.inside:
            return self.record(cls, fields, extra, positional=positional)
        nearest = next(other for other in reversed(self.inside) if other.__name__ == cls.__name__)
        # A name that means another record here cannot refer to this one.
        return Ref(cls.__name__) if nearest is cls else Unknown(cls.__name__)

    def record(
        self, cls: type, fields: Iterable[_Declared], extra: Extra, *, positional: bool = False
    ) -> Record:
        self.inside.append(cls)
        try:
            return Record(cls.__name__, tuple(self.field(declared) for declared in fields), extra, positional)
        finally:
            self.inside.pop()

    def field(self, declared: _Declared) -> RecordField:
        return RecordField(
            declared.name,
            limited(self.read(declared.annotation), declared.limits),
            declared.required,
            declared.default,
            declared.aliases,
        )


class _Declared(msgspec.Struct, frozen=True):
    """What a class of any sort says of one field."""

    name: str
    annotation: Any
    required: bool
    default: bool
    limits: Limits = Limits()
    aliases: tuple[str, ...] = ()


def limits_of(metadata: Iterable[object]) -> Limits:
    """Return the limits that metadata objects carry: pydantic's, those of annotated-types, and those inside ``Field``."""
    return limits_from(pair for item in metadata for pair in _named_limits(item))


def _named_limits(item: object) -> Iterator[tuple[str, object]]:
    if isinstance(item, FieldInfo):
        for inner in item.metadata:
            yield from _named_limits(inner)
    else:
        for name in Limits.__struct_fields__:
            yield name, getattr(item, name, None)


def _extra(model: type[BaseModel]) -> Extra:
    return model.model_config.get("extra") or "ignore"


def _model_fields(model: type[BaseModel]) -> Iterator[_Declared]:
    model.model_rebuild()  # what it refers to may have been defined after it
    for name, info in model.model_fields.items():
        required = info.is_required()
        yield _Declared(
            name, info.annotation, required, not required, limits_of(info.metadata), _aliases(info)
        )


def _aliases(info: FieldInfo) -> tuple[str, ...]:
    match info.validation_alias or info.alias:
        case str(alias):
            return (alias,)
        case AliasChoices(choices=choices):
            return tuple(choice for choice in choices if isinstance(choice, str))
        case _:
            return ()


def _has_fields(cls: Any) -> bool:
    return is_typeddict(cls) or dataclasses.is_dataclass(cls) or hasattr(cls, "_fields")


def _fields(cls: Any) -> Iterator[_Declared]:
    hints = typing.get_type_hints(cls, include_extras=True)
    if is_typeddict(cls):
        for name, hint in hints.items():
            yield _Declared(name, hint, _must_be_given(hint, name in cls.__required_keys__), default=False)
    elif dataclasses.is_dataclass(cls):
        for field in dataclasses.fields(cls):
            missing = field.default is field.default_factory is dataclasses.MISSING
            if field.init:
                yield _Declared(field.name, hints[field.name], missing, not missing)
    else:
        for name in cls._fields:
            default = name in cls._field_defaults
            yield _Declared(name, hints.get(name, Any), not default, default)


def _must_be_given(hint: Any, otherwise: bool) -> bool:
    """Whether a key is required. The class cannot tell where its annotations were texts when it was made."""
    while (origin := get_origin(hint)) in (Annotated, ReadOnly, Required, NotRequired):
        if origin in (Required, NotRequired):
            return origin is Required
        hint = get_args(hint)[0]
    return otherwise


def _value(value: object) -> ChoiceValue | None:
    plain = value.value if isinstance(value, Enum) else value
    return plain if isinstance(plain, bool | int | float | str) else None


def _enum(cls: type[Enum]) -> FieldType:
    values = [_value(member) for member in cls]
    told = [value for value in values if value is not None]
    return choice_of(told) if len(told) == len(values) else Unknown(cls.__name__)
