"""What a handler's parameters ask for: the type of event it takes, and what it wants besides.

Annotations may be text (``from __future__ import annotations``) and may name what only a type checker imports. What cannot
be resolved is taken for "any event": a check that guesses would refuse correct programs.
"""

from __future__ import annotations

import functools
import inspect
import sys
import types
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, ForwardRef, Union, get_args, get_origin

import msgspec

from pubsub_devtools.model.envelope import Envelope

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Wanted(msgspec.Struct, frozen=True):
    """A parameter besides the event. ``annotation`` is a value, or text where its names are not there at run time.

    ``by_name`` says that it can be filled at all, ``required`` that it has no default.
    """

    name: str
    annotation: object
    by_name: bool
    required: bool


class Signature(msgspec.Struct, frozen=True):
    """The event classes that a handler takes (None: any event) and its other parameters."""

    accepts: tuple[type, ...] | None
    others: tuple[Wanted, ...]


def signature_of(handler: Callable[..., Any]) -> Signature:
    """Read what a handler asks for.

    Args:
        handler: A function, bound method or other callable, without ``self``.

    Raises:
        TypeError: It cannot be called with an event.

    Example:
        >>> def on_any(event, envelope: Envelope): ...
        >>> [wanted.name for wanted in signature_of(on_any).others]
        ['envelope']
    """
    parameters = list(_signature(handler).parameters.values())
    if not parameters or parameters[0].kind not in (*_POSITIONAL, inspect.Parameter.VAR_POSITIONAL):
        raise TypeError(f"{name_of(handler)} must take the event as its first parameter")
    names = _namespace(handler)
    first = _resolved(parameters[0].annotation, names)
    if names_class(first, Envelope):
        raise TypeError(f"{name_of(handler)} must take the event first; the envelope comes after it")
    return Signature(_classes(first), _wanted(parameters[1:], names))


def parameters_of(function: Callable[..., Any]) -> tuple[Wanted, ...]:
    """Return all parameters of a function that is no handler."""
    return _wanted(_signature(function).parameters.values(), _namespace(function))


def names_class(annotation: object, cls: type) -> bool:
    """Tell whether an annotation means the class, be it only by its name."""
    if isinstance(annotation, str):
        return annotation.rpartition(".")[2] == cls.__name__
    return annotation is cls


def name_of(handler: Callable[..., Any]) -> str:
    """Return the handler's dotted name: module and qualified name.

    It stands in what outlives the process, so a program that is run is named as those name it that import it.
    """
    function = _function(handler)
    module = program() if function.__module__ == "__main__" else function.__module__
    return f"{module}.{function.__qualname__}"


def program() -> str:
    """Return the name under which the program that runs can be imported; ``__main__`` where it cannot be."""
    main = sys.modules.get("__main__")
    if (spec := getattr(main, "__spec__", None)) is not None:  # python -m
        return str(spec.name)
    file = getattr(main, "__file__", None)
    return Path(file).stem if file and file.endswith(".py") else "__main__"


def _wanted(parameters: Iterable[inspect.Parameter], names: Mapping[str, Any]) -> tuple[Wanted, ...]:
    return tuple(
        Wanted(
            name=parameter.name,
            annotation=_resolved(parameter.annotation, names),
            by_name=parameter.kind is not inspect.Parameter.POSITIONAL_ONLY,
            required=parameter.default is inspect.Parameter.empty,
        )
        for parameter in parameters
        if parameter.kind not in _VARIADIC
    )


def _signature(handler: Callable[..., Any]) -> inspect.Signature:
    if sys.version_info >= (3, 14):
        import annotationlib  # noqa: PLC0415 - does not exist before 3.14

        return inspect.signature(handler, annotation_format=annotationlib.Format.FORWARDREF)
    return inspect.signature(handler)


def _function(handler: Callable[..., Any]) -> Any:
    while isinstance(handler, functools.partial):
        handler = handler.func
    if inspect.isroutine(handler):
        return getattr(handler, "__func__", handler)
    return type(handler).__call__


def _namespace(handler: Callable[..., Any]) -> Mapping[str, Any]:
    return getattr(inspect.unwrap(_function(handler)), "__globals__", {})


def _resolved(annotation: object, names: Mapping[str, Any]) -> object:
    """Return the value of an annotation, or its text where a name in it is not there at run time."""
    text = annotation.__forward_arg__ if isinstance(annotation, ForwardRef) else annotation
    if not isinstance(text, str):
        return text
    try:
        return eval(
            text, dict(names)
        )  # the annotation is the user's own code, and Python would evaluate it alike
    except Exception:
        return text


def _classes(annotation: object) -> tuple[type, ...] | None:
    """Return the classes that an annotation allows, or None where it allows any event or cannot be known."""
    if get_origin(annotation) is Annotated:
        return _classes(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        members = [_classes(member) for member in get_args(annotation)]
        known = [member for member in members if member is not None]
        return sum(known, ()) if len(known) == len(members) else None
    if isinstance(annotation, type) and annotation not in (object, inspect.Parameter.empty):
        return (annotation,)
    return None
