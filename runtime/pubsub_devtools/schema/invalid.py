"""`EventInvalid`: what is wrong with an event or a payload, by field, with the way out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

import msgspec
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent

__all__ = [
    "EventInvalid",
    "Problem",
    "of_not_finite",
    "of_serialization",
    "of_validation",
    "unwritable_field",
]

_BUILT_WRONG = "Build it with its constructor: model_construct and model_copy(update=) check nothing"
_NOT_SENT = (
    "Have the publisher send it as the class says, or register a migration if it sends an older version"
)


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong. ``path`` names the field (``lines.0.item``), empty for the whole payload."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"`{self.path}`: {self.text}" if self.path else self.text


class EventInvalid(ValueError):  # noqa: N818 (it says what is so)
    """An event, or a payload that should become one, is not what its class says.

    ``event`` and ``version`` name it, ``problems`` hold what is wrong, one by field.

    Example:
        >>> print(EventInvalid("Paid", "1.0.0", [Problem("total", "must be a number")], "Send one"))
        Paid 1.0.0 is not valid: `total`: must be a number. Send one
    """

    def __init__(self, event: str, version: str, problems: Sequence[Problem], way_out: str) -> None:
        told = "; ".join(map(str, problems))
        super().__init__(f"{f'{event} {version}'.rstrip()} is not valid: {told}. {way_out}")
        self.event = event
        self.version = version
        self.problems = tuple(problems)
        self._way_out = way_out

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.event, self.version, self.problems, self._way_out)


def of_validation(cls: type[BaseEvent], error: ValidationError, *, received: bool) -> EventInvalid:
    """Return what pydantic has against a payload."""
    problems = [
        Problem(".".join(map(str, found["loc"])), found["msg"]) for found in error.errors(include_url=False)
    ]
    about = schema_of(cls)
    return EventInvalid(about.name, about.version, problems, _NOT_SENT if received else _BUILT_WRONG)


def of_serialization(event: BaseEvent, error: Exception) -> EventInvalid:
    """Return which field keeps an event from being written as JSON."""
    cls = type(event)
    about = schema_of(cls)
    path, value = unwritable_field(event)
    if path:
        what = f"holds {_shown(value)}, which JSON cannot carry as this field"
        way_out = f"Give `{path}` another type in {cls.__module__}.{cls.__qualname__}, or a @field_serializer"
    else:
        what, way_out = str(error), f"See the serializers of {cls.__module__}.{cls.__qualname__}"
    return EventInvalid(about.name, about.version, [Problem(path, what)], way_out)


def of_not_finite(event: BaseEvent) -> EventInvalid | None:
    """Return the floats that pydantic writes as ``null``, where there are any: a reader would take them for None."""
    wrong = [(path, value) for name, inner in _fields(event) for path, value in _not_finite(str(name), inner)]
    problems = [Problem(path, f"holds {value}, which JSON cannot carry") for path, value in wrong]
    about = schema_of(type(event))
    way_out = "Give a finite number, or None where the field allows it"
    return EventInvalid(about.name, about.version, problems, way_out) if problems else None


def _not_finite(path: str, value: object) -> Iterator[tuple[str, float]]:
    if isinstance(value, float) and not isfinite(value):
        yield path, value
    for key, inner in _inside(value):
        yield from _not_finite(f"{path}.{key}", inner)


def _fields(model: BaseModel) -> list[tuple[object, object]]:
    return [(name, value) for name, value in vars(model).items() if name in type(model).model_fields]


def unwritable_field(event: BaseEvent) -> tuple[str, object]:
    """Return the path and value of what cannot be written, as deep as it lies; ``""`` where no single field is to blame."""
    state = vars(event)
    for name in type(event).model_fields:
        if name in state and not _writes_field(event, name):
            return _deepest(name, state[name])
    return "", None


def _writes_field(event: BaseEvent, name: str) -> bool:
    try:
        type(event).__pydantic_serializer__.to_json(event, include={name}, warnings="error")
    except (PydanticSerializationError, ValueError, TypeError, UnicodeError):
        return False
    return True


def _deepest(path: str, value: object) -> tuple[str, object]:
    for key, inner in _inside(value):
        if not _writes(inner):
            return _deepest(f"{path}.{key}", inner)
    return path, value


def _inside(value: Any) -> list[tuple[object, object]]:
    if isinstance(value, BaseModel):
        return _fields(value)
    if isinstance(value, dict):
        return list(value.items())  # pyright: ignore[reportUnknownArgumentType]
    return list(enumerate(value)) if isinstance(value, list | tuple | set | frozenset) else []  # pyright: ignore[reportUnknownArgumentType]


def _writes(value: object) -> bool:
    try:
        to_json(value)
    except (PydanticSerializationError, ValueError, TypeError):
        return False
    return True


def _shown(value: object) -> str:
    if isinstance(value, int | float | str | bytes):
        text = ascii(value)
        return text if len(text) <= 60 else f"{text[:57]}..."
    return f"a {type(value).__qualname__}"
