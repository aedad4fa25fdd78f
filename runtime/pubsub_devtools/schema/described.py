"""An event class as a `Description`: its type, its declared name and version, its docstring, defaults and descriptions."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticSerializationError, PydanticUndefined, to_jsonable_python

from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent
from pubsub_devtools.schema.formats.description import Description
from pubsub_devtools.schema.formats.walking import joined
from pubsub_devtools.schema.from_pydantic import model_type

__all__ = ["describe"]


def describe(cls: type[BaseEvent]) -> Description:
    """Return an event class as schemas in other languages describe it.

    Example:
        >>> class Paid(BaseEvent):
        ...     '''Money came in.'''
        ...     total: int = 0
        >>> describe(Paid).doc, dict(describe(Paid).defaults)
        ('Money came in.', {'total': 0})
    """
    about = schema_of(cls)
    defaults, docs = dict[str, Any](), dict[str, str]()
    for path, info in _fields(cls, "", ()):
        if info.description:
            docs[path] = info.description
        if (default := _default(info)) is not PydanticUndefined:
            defaults[path] = default
    return Description(model_type(cls), about.name, about.version, _doc(cls), defaults, docs)


def _fields(model: type[BaseModel], path: str, around: tuple[type, ...]) -> Iterator[tuple[str, FieldInfo]]:
    for name, info in model.model_fields.items():
        here = joined(path, name)
        yield here, info
        for inner in _models(info.annotation):
            if inner not in (*around, model):
                yield from _fields(inner, here, (*around, model))


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def _default(info: FieldInfo) -> Any:
    """Return the default as JSON holds it; of factories only those of empty collections are called: they do the same each time."""
    try:
        if info.default_factory in (list, dict, set, tuple):
            return to_jsonable_python(info.get_default(call_default_factory=True))
        return to_jsonable_python(info.default) if info.default is not PydanticUndefined else info.default
    except PydanticSerializationError:
        return PydanticUndefined


def _doc(cls: type[BaseEvent]) -> str:
    """Return the class's own docstring, which is not that of a parent."""
    own = cls.__dict__.get("__doc__")
    return inspect.cleandoc(own) if isinstance(own, str) else ""
