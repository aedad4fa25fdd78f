"""What a handler's parameters ask for: the type of event it takes, and where it wants the envelope.

Annotations may be text (``from __future__ import annotations``) and may name what only a type checker imports. What cannot
be resolved is taken for "any event": a check that guesses would refuse correct programs.
"""

from __future__ import annotations

import functools
import inspect
import sys
import types
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ForwardRef, Union, get_args, get_origin

import msgspec

from pubsub_devtools.model.envelope import Envelope

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Signature(msgspec.Struct, frozen=True):
    """The event classes that a handler takes (None: any event) and its parameters that take the envelope."""

    accepts: tuple[type, ...] | None
    envelopes: tuple[str, ...]


def signature_of(handler: Callable[..., Any]) -> Signature:
    """Read what a handler asks for.

    Args:
        handler: A function, bound method or other callable, without ``self``.

    Raises:
        TypeError: It cannot be called with an event, or has a parameter that nothing fills.

    Example:
        >>> def on_any(event, envelope: Envelope): ...
        >>> signature_of(on_any)
        Signature(accepts=None, envelopes=('envelope',))
    """
    parameters = list(_signature(handler).parameters.values())
    names = _namespace(handler)
    if not parameters or parameters[0].kind not in (*_POSITIONAL, inspect.Parameter.VAR_POSITIONAL):
        raise TypeError(f"{name_of(handler)} must take the event as its first parameter")
    kinds = {parameter.name: _resolved(parameter.annotation, names) for parameter in parameters}
    first, *others = parameters
    if _is_envelope(kinds[first.name]):
        raise TypeError(f"{name_of(handler)} must take the event first; the envelope comes after it")
    return Signature(
        accepts=_classes(kinds[first.name]),
        envelopes=tuple(p.name for p in others if _takes_envelope(p, kinds[p.name], handler)),
    )


def name_of(handler: Callable[..., Any]) -> str:
    """Return the handler's dotted name: module and qualified name."""
    function = _function(handler)
    return f"{function.__module__}.{function.__qualname__}"


def _takes_envelope(parameter: inspect.Parameter, annotation: object, handler: Callable[..., Any]) -> bool:
    if _is_envelope(annotation) and parameter.kind is not inspect.Parameter.POSITIONAL_ONLY:
        return True
    if parameter.default is inspect.Parameter.empty and parameter.kind not in _VARIADIC:
        raise TypeError(
            f"{name_of(handler)}: nothing fills the parameter {parameter.name!r}; give it a default, "
            "or annotate it with Envelope and let it be passed by name"
        )
    return False


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


def _is_envelope(annotation: object) -> bool:
    if isinstance(annotation, str):
        return annotation.rpartition(".")[2] == Envelope.__name__
    return annotation is Envelope


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
