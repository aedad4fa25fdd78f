"""Small questions about calls and their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pubsub_devtools_analysis.matching.layer import Layer

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.facts import (
    Call,
    CallRef,
    FileFacts,
    Star,
)
from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    Function,
    Method,
    Partial,
    Str,
    Unknown,
    Value,
    Values,
)


def around(facts: FileFacts, index: int) -> list[int]:
    """The functions around a scope, this one included."""
    found: list[int] = []
    while index > 0:
        if facts.scopes[index].kind == "function":
            found.append(index)
        index = facts.scopes[index].parent
    return found


def is_nameless(name: Value) -> bool:
    """Whether a name says nothing: unknown, or empty as for a queue that the broker names."""
    return isinstance(name, Unknown) or (isinstance(name, Str) and not name.text)


def forwards(call: Call) -> bool:
    """Whether a call hands on whatever arguments came: `func(*args, **kwargs)`."""
    return any(isinstance(a, Star) for a in call.args) or any(k == "**" for k, _ in call.keywords)


def applied_calls(facts: FileFacts) -> dict[int, int]:
    """Calls whose result is called at once with one argument: `decorate(x)(function)`."""
    chained = ((index, facts.calls[index]) for index in facts.summary.chained)
    return {
        call.func.index: index
        for index, call in chained
        if isinstance(call.func, CallRef) and len(call.args) == 1
    }


def target_of(callee: Value) -> tuple[Function | None, Value | None]:
    """The workspace function behind a callee, and the object it is bound to."""
    match callee:
        case Function():
            return callee, None
        case Bound(function=function, owner=owner):
            return function, owner
        case Partial(function=function):
            return target_of(function)
        case Method(owner=Function() as function, name="?"):
            return function, None
        case _:
            return None, None


def partial_arguments(finder: Layer, partial: Partial, function: Function) -> dict[Argument, Values]:
    """What a partial has already given."""
    params = finder.evaluator.head(function.path, function.key).params
    positional = [p for p in params if p.kind == "p"]
    if isinstance(partial.function, Bound):
        positional = positional[1:]
    found = {
        Argument(function.path, function.key, p.name): v
        for p, v in zip(positional, partial.args, strict=False)
    }
    found.update({Argument(function.path, function.key, k): v for k, v in partial.keywords})
    return found
