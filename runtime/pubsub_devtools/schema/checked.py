"""The check of one event class, compiled: what cannot go wrong in this class is not looked at.

The constructor has checked the fields of an event, which is frozen. What is left: events that came by another way, texts
and floats that JSON cannot carry, and values that may have changed inside, such as lists. A class with none of the last
costs a look at each text and float; any other is written as JSON and read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isfinite
from typing import TypeAlias

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from pubsub_devtools.model.field_type import Choice, FieldType, Scalar, Tuple, Union
from pubsub_devtools.schema.event import UNCHECKED, BaseEvent
from pubsub_devtools.schema.from_pydantic import model_type
from pubsub_devtools.schema.invalid import of_not_finite, of_serialization, of_validation

__all__ = ["Check", "compile_check"]

Check: TypeAlias = Callable[[BaseEvent], None]


def compile_check(cls: type[BaseEvent]) -> Check:
    """Return a function that raises `EventInvalid` for events of a class that are not what the class says.

    Example:
        >>> class Paid(BaseEvent):
        ...     total: int
        >>> check = compile_check(Paid)
        >>> check(Paid(3))
        >>> check(Paid.model_construct(total="three"))
        Traceback (most recent call last):
        ...
        pubsub_devtools.schema.invalid.EventInvalid: Paid is not valid: `total`: holds 'three', ...
    """
    whole = _whole(cls)
    fields = list(model_type(cls).fields)
    if _writes_otherwise(cls) or not all(_is_settled(field.type) for field in fields):
        return whole
    looked_at = tuple(
        field.name for field in fields if any(_needs_a_look(part) for part in _scalars(field.type))
    )

    def quick(event: BaseEvent) -> None:
        state = vars(event)
        if UNCHECKED in state or event.__class__ is not cls:
            whole(event)
            return
        for name in looked_at:
            value = state[name]
            if value.__class__ is str:
                if not value.isascii() and not _is_text(value):
                    whole(event)
            elif value.__class__ is float and not isfinite(value):
                whole(event)

    return quick


def _whole(cls: type[BaseEvent]) -> Check:
    serializer, validator = cls.__pydantic_serializer__, cls.__pydantic_validator__

    def whole(event: BaseEvent) -> None:
        try:
            raw = serializer.to_json(event, warnings="error")
        except (PydanticSerializationError, ValueError, TypeError) as error:
            raise of_serialization(event, error) from None
        if b"null" in raw and (lost := of_not_finite(event)):
            raise lost
        try:
            validator.validate_json(raw)
        except ValidationError as error:
            raise of_validation(cls, error, received=False) from None

    return whole


def _writes_otherwise(cls: type[BaseEvent]) -> bool:
    """Tell whether the class says itself how it is written: then only trying tells."""
    decorators = cls.__pydantic_decorators__
    return bool(decorators.field_serializers or decorators.model_serializers or decorators.computed_fields)


def _is_settled(type_: FieldType) -> bool:
    """Tell whether a value of this type stays what the constructor checked, and JSON can carry it but for its text."""
    match type_:
        case Scalar(name=name):
            return name != "bytes"
        case Choice():
            return True
        case Union(members=members):
            return all(_is_settled(member) and not isinstance(member, Tuple) for member in members)
        case _:
            return False


def _scalars(type_: FieldType) -> Iterator[FieldType]:
    yield from type_.members if isinstance(type_, Union) else (type_,)


def _needs_a_look(type_: FieldType) -> bool:
    return isinstance(type_, Scalar) and type_.name in ("str", "float")


def _is_text(value: str) -> bool:
    """Tell whether a text is one that UTF-8 can carry: half of a surrogate pair is not."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
