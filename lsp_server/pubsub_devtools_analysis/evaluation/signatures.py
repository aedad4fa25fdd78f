"""Calls and definitions side by side: arguments, decorators, fixtures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pubsub_devtools_analysis.evaluation.layer import Layer

from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Call,
    CallRef,
    FileFacts,
    Item,
    Name,
    Param,
    Scope,
    Seq,
    Star,
    Sub,
)
from pubsub_devtools_analysis.values import (
    Bound,
    Class,
    Function,
    Instance,
    Made,
    Value,
)


def last_name(expr: AnyExpr) -> str:
    """The last name of a dotted expression; of a generic base, that of its origin."""
    match expr:
        case Attr(name=name) | Name(id=name):
            return name
        case Sub(base=base):
            return last_name(base)
        case _:
            return ""


def owner_of(facts: FileFacts, scope: int) -> int:
    """The class around a scope, the module where there is none."""
    while scope > 0 and facts.scopes[scope].kind != "class":
        scope = facts.scopes[scope].parent
    return max(scope, 0)


class Head(NamedTuple):
    """What the callers of a function need know of it: edits of its body leave it as it is."""

    name: str
    params: tuple[Param, ...]
    decorators: frozenset[str]
    in_class: bool


def head_of(facts: FileFacts, index: int) -> Head:
    """The head of a function."""
    scope = facts.scopes[index]
    in_class = scope.parent >= 0 and facts.scopes[scope.parent].kind == "class"
    return Head(scope.name, scope.params, frozenset(decorator_names(scope)), in_class)


def is_object(value: Value) -> bool:
    """Whether a caller's argument tells what kind of object a parameter is, without naming an event."""
    return isinstance(value, Instance | Class | Function | Bound) or (
        isinstance(value, Made) and not value.names
    )


def decorator_names(scope: Scope) -> set[str]:
    """The last names of a function's bare decorators."""
    return {
        d.value.name if isinstance(d.value, Attr) else d.value.id
        for d in scope.decorators
        if isinstance(d.value, Attr | Name)
    }


def called_decorators(evaluator: Layer, path: str, scope: Scope) -> set[str]:
    """The last names of a function's decorators that are calls."""
    facts = evaluator.workspace.facts(path)
    if facts is None:
        return set()
    return {facts.calls[d.value.index].name for d in scope.decorators if isinstance(d.value, CallRef)}


def fixture_files(path: str) -> list[str]:
    """Where a test looks for its fixtures: its own file, then `conftest.py` of each folder around it."""
    found = [path]
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        found.append(f"{folder}/conftest.py".lstrip("/"))
    return found


def argument_of(call: Call, params: tuple[Param, ...], name: str, method: bool) -> AnyExpr | None:
    """The expression that a call gives for a parameter; `method` when the first parameter is already bound."""
    for keyword, value in call.keywords:
        if keyword == name:
            return value
    positional = [p for p in params if p.kind == "p"]
    if method:
        positional = positional[1:]
    for index, param in enumerate(positional):
        if param.name == name:
            for place, given in enumerate(call.args[: index + 1]):
                if isinstance(given, Star):
                    return Item(given.value, index - place)
            return call.args[index] if index < len(call.args) else None
    rest = next((p for p in params if p.kind == "*" and p.name == name), None)
    if rest is not None:
        return Seq(call.args[len(positional) :])
    return None


def is_class_name(facts: FileFacts, scope: Scope, value: AnyExpr) -> bool:
    """`self.__class__.__name__` or `type(self).__name__`, in a method."""
    if not isinstance(value, Attr) or value.name not in ("__name__", "__qualname__") or not scope.params:
        return False
    own = Name(scope.params[0].name)
    of = value.base
    if isinstance(of, CallRef):
        call = facts.calls[of.index]
        return call.name == "type" and call.args == (own,)
    return of == Attr(own, "__class__")


def takes_self(head: Head, call: Call) -> bool:
    """Whether a call of this function gives its first parameter through the object it is taken from."""
    if not head.params or head.params[0].name not in ("self", "cls"):
        return False
    return head.name == "__init__" or isinstance(call.func, Attr)
