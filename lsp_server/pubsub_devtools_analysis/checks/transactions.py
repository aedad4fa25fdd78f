"""Whether code stands inside a database transaction of Django, and where that begins."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.checks.names import dotted, innermost
from pubsub_devtools_analysis.checks.paths import covers, own
from pubsub_devtools_analysis.facts import CallRef
from pubsub_devtools_analysis.layout import is_aside, is_test

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import Call, FileFacts, Scope

_ATOMIC = frozenset({"django.db.transaction.atomic", "django.db.transaction.commit_on_success"})
_WORDS = "django.db.transaction.atomic"
"""What a file says that enters a transaction, in whatever order."""

Begin = tuple[int, bool]
"""The line at which a transaction begins, and whether it is the main database's."""

Way = tuple[Place, Begin]
"""Where code inside a transaction leads to a publisher, and that transaction."""


class Inside(NamedTuple):
    """A call inside a transaction: the dotted path that it calls, by the imports of its file."""

    name: str
    place: Place
    begin: Begin


def mentions_atomic(facts: FileFacts) -> bool:
    """Whether a file imports what transactions are begun with."""
    return any(name.startswith("django.db") for name in facts.imports)


def calls_inside(context: Context, function: str) -> Iterator[Inside]:
    """The calls inside transactions of what bears this name, in files that are neither tests nor aside."""
    none: tuple[Inside, ...] = ()
    for path in context.holding.files(f"{_WORDS} {function}"):
        if not (is_test(path) or is_aside(path)):
            recipe = partial(_in_file, context, path, function)
            yield from context.memo.get(("inside", path, function), recipe, none)


def _in_file(context: Context, path: str, function: str) -> tuple[Inside, ...]:
    facts = context.facts(path)
    if facts is None:
        return ()
    found: list[Inside] = []
    for index in facts.called.get(function, ()):
        call = facts.calls[index]
        at = Place(path, *call.span)
        begin = transaction(context, at, facts, call)
        if begin is not None:
            found.append(Inside(dotted(facts, call.scope, call.func), at, begin))
    return tuple(found)


def transaction(context: Context, place: Place, facts: FileFacts, call: Call) -> Begin | None:
    """The line at which the function around a call enters a transaction, and whether on the main database."""
    scope = innermost(facts, call.scope)
    function = facts.scopes[scope]
    if function.kind != "function":
        return None
    return _decorated(facts, function) or _within(context, place, facts, scope)


def _decorated(facts: FileFacts, function: Scope) -> Begin | None:
    for decorator in function.decorators:
        call = facts.calls[decorator.value.index] if isinstance(decorator.value, CallRef) else None
        inner = call.func if call is not None else decorator.value
        if dotted(facts, function.parent, inner) in _ATOMIC:
            return decorator.span[0], call is None or _is_main(call)
    return None


def _within(context: Context, place: Place, facts: FileFacts, scope: int) -> Begin | None:
    entered = {
        call.span[:2]: call
        for call in facts.calls
        if call.scope == scope and dotted(facts, scope, call.func) in _ATOMIC
    }
    for node in _own_of(context.tree(place.path), facts.scopes[scope].span[:2]) if entered else ():
        if isinstance(node, ast.With | ast.AsyncWith) and any(covers(each, place) for each in node.body):
            for item in node.items:
                start = (item.context_expr.lineno, item.context_expr.col_offset)
                if start in entered:
                    return start[0], _is_main(entered[start])
    return None


def _is_main(call: Call) -> bool:
    """Whether the transaction names no database: one that is named may be a replica, in which nothing is written."""
    return not call.args and all(name != "using" for name, _ in call.keywords)


def _own_of(tree: ast.Module, start: tuple[int, int]) -> Iterator[ast.AST]:
    """All nodes of the function that starts here, without those of functions inside it."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (node.lineno, node.col_offset) == start
        ):
            for statement in node.body:
                yield from own(statement)
