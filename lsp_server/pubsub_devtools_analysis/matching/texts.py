"""Values as names, handlers and options."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pubsub_devtools_analysis.matching.class_names import ClassNames
    from pubsub_devtools_analysis.matching.layer import Layer

from typing import TYPE_CHECKING, cast

from pubsub_devtools_analysis.dialect import EventSpec, Strategy
from pubsub_devtools_analysis.evaluation import join, mentions
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Name,
    Star,
)
from pubsub_devtools_analysis.matching.draft import (
    Given,
)
from pubsub_devtools_analysis.matching.shapes_of_calls import partial_arguments, target_of
from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    Class,
    External,
    Function,
    Instance,
    Items,
    Joined,
    Made,
    Method,
    Number,
    Partial,
    Str,
    Unknown,
    Value,
    Values,
    union,
)
from pubsub_devtools_analysis.values import Pattern as TextPattern


def flat(finder: ClassNames, values: Values, form: EventSpec | None = None) -> Values:
    """Names, with lists laid open and objects turned into the names of their events."""
    found: list[Value] = []
    form = form or EventSpec(class_="path")
    for value in values:
        match value:
            case Items(items=items):
                found.extend(flat(finder, union(*items), form))
            case Made(names=names):
                found.extend(names)
            case Instance(cls=cls) if not finder.evaluator.is_enum(cls):
                found.append(finder.class_name(cls, form))
            case Class():
                found.append(finder.class_name(value, form))
            case Method(owner=Function() as function, name=strategy) if strategy.startswith("function."):
                found.extend(finder.function_name(function, EventSpec(otherwise=cast("Strategy", strategy))))
            case Method(owner=owner) if mentions(owner):
                found.append(value)
            case Method(owner=owner, name=name) if not isinstance(owner, Method):
                inner = finder.evaluator.attribute(owner, name)
                texts = tuple(v for v in inner if isinstance(v, Str | TextPattern | Joined | Argument))
                found.extend(texts or (value if mentions(owner) else Unknown("dynamic"),))
            case Method() | External():
                found.append(Unknown("dynamic"))
            case _:
                found.append(value)
    return union(tuple(found))


def handlers_in(finder: Layer, values: Values) -> Values:
    """The handlers among values: functions, bound methods, partials, callables; parameters stay."""
    found: list[Value] = []
    for value in values:
        match value:
            case Function(bound=bound) if bound and (inner := wrapped_in(finder, value)):
                found.extend(handlers_in(finder, inner))
            case Function() | Argument():
                found.append(value)
            case Bound(function=function):
                found.append(function)
            case Partial(function=function):
                handed = handed_in(finder, value)
                found.extend(handlers_in(finder, handed or (function,)))
            case Made(function=Function() as function):
                found.append(function)
            case Items(items=items):
                found.extend(handlers_in(finder, union(*items)))
            case Instance() | Class():
                cls = value.cls if isinstance(value, Instance) else value
                members = finder.evaluator.member(cls, "__call__") or ()
                if isinstance(value, Class):
                    members = members or finder.evaluator.member(cls, "__init__") or ()
                found.extend(v for v in members if isinstance(v, Function))
            case External():
                found.append(value)
            case Method(owner=Argument(), name=name) if name.startswith("["):
                found.append(value)
            case Method(owner=owner):
                found.append(Unknown("handler") if not mentions(owner) else Unknown("parameter"))
            case _:
                pass
    return union(tuple(found))


def handed_in(finder: Layer, partial: Partial) -> Values:
    """The function that a partial gives to another one to call: `partial(on_message, handler)`."""
    function, _ = target_of(partial)
    facts = finder.workspace.facts(function.path) if function is not None else None
    if function is None or facts is None:
        return ()
    scope = finder.workspace.scope(function.path, function.key)
    called = {c.func.id for c in facts.calls if c.scope == scope and isinstance(c.func, Name)}
    given = partial_arguments(finder, partial, function)
    return union(*(values for argument, values in given.items() if argument.name in called))


def wrapped_in(finder: Layer, function: Function) -> Values:
    """The function that a nested one only hands all its arguments on to: `async def wrapper(*args): handler(*args)`."""
    facts = finder.workspace.facts(function.path)
    if facts is None:
        return ()
    scope = finder.workspace.scope(function.path, function.key)
    given = {argument.name: values for argument, values in function.bound}
    handed = {
        expr.id
        for call in facts.calls
        if call.scope == scope and any(isinstance(a, Star) for a in call.args)
        for expr in (call.func, *call.args)
        if isinstance(expr, Name)
    }
    return union(*(given[name] for name in sorted(handed & given.keys())))


def shaped(name: Value, spec: EventSpec) -> Value:
    """A name in the form that the event's spec asks for."""
    if isinstance(name, Str):
        text = name.text
        if spec.last:
            for mark in spec.last:
                text = text.rpartition(mark)[2] or text
        if spec.strip:
            text = text.removeprefix(spec.strip)
        if spec.template:
            text = spec.template.replace("{}", text)
        return name if text == name.text else Str(text, name.origin)
    if isinstance(name, TextPattern):
        text = name.text
        if spec.last:
            for mark in spec.last:
                text = text.rpartition(mark)[2] or text
        if spec.template:
            text = spec.template.replace("{}", text)
        if not text.strip("*"):
            return Unknown("dynamic")
        return TextPattern(text)
    if isinstance(name, Argument) and spec.template:
        before, _, after = spec.template.partition("{}")
        return join(tuple(part for part in (Str(before), name, Str(after)) if part != Str("")))
    return name


def is_bare(name: Value) -> bool:
    """Whether nothing is known of a name but that an exchange has it."""
    return isinstance(name, Str | TextPattern) and name.text in ("exchange:", "exchange:*")


def written(finder: Layer, given: Given, expr: AnyExpr) -> str:
    """An option as text: its value where that is known, else the name that stands for it."""
    values = finder.evaluator.eval(given.at, expr)
    for value in values:
        if isinstance(value, Number | Str):
            return value.text
    if isinstance(expr, Attr):
        return expr.name
    return expr.id if isinstance(expr, Name) else "set"
