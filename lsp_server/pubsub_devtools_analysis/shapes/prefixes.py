"""Handlers by the prefix of their name: `@listener def on_event_saved(self)`, where the decorator checks for `on_event_`."""

from __future__ import annotations

from pubsub_devtools_analysis.evaluation import Evaluator
from pubsub_devtools_analysis.facts import AnyExpr, Attr, CallRef, FileFacts, Item, Lit, Name, ParamRef
from pubsub_devtools_analysis.shapes.words import ADDERS, EVENTS

_CHECKS = frozenset({"startswith", "removeprefix"})


def prefix_decorators(evaluator: Evaluator, path: str, facts: FileFacts) -> list[tuple[str, str]]:
    """Decorators that keep functions whose name begins with something: the dotted path of each, and that beginning."""
    found: list[tuple[str, str]] = []
    for call in facts.calls:
        scope = facts.scopes[call.scope]
        prefix = call.args[0] if call.name in _CHECKS and len(call.args) == 1 else None
        if (
            scope.kind != "function"
            or scope.parent != 0
            or len(scope.params) != 1
            or not isinstance(prefix, Lit)
            or not isinstance(prefix.value, str)
            or not EVENTS.search(scope.name)
            or not isinstance(call.func, Attr)
        ):
            continue
        own = scope.params[0].name
        keeps = any(c.scope == call.scope and c.name in ADDERS for c in facts.calls)
        is_same = all(value == Name(own) for value in scope.returns) and bool(scope.returns)
        if keeps and is_same and _is_name_of(facts, call.scope, call.func.base, own):
            found.append((evaluator.workspace.symbol(path, scope.key), prefix.value))
    return found


def _is_name_of(facts: FileFacts, scope: int, expr: AnyExpr, function: str, depth: int = 0) -> bool:
    """Whether an expression is a function's name, or a part of its qualified one."""
    match expr:
        case Attr(base=base, name="__name__" | "__qualname__"):
            return base == Name(function)
        case Name(id=name) if depth < 3:
            values = [b.value for b in facts.scopes[scope].names.get(name, ())]
            return any(
                _is_name_of(facts, scope, v, function, depth + 1)
                for v in values
                if not isinstance(v, ParamRef)
            )
        case Item(value=value):
            return _is_name_of(facts, scope, value, function, depth)
        case CallRef(index=index):
            call = facts.calls[index]
            is_part = call.name in ("split", "rpartition", "partition", "rsplit")
            return (
                is_part
                and isinstance(call.func, Attr)
                and _is_name_of(facts, scope, call.func.base, function, depth)
            )
        case _:
            return False
