"""Whether a decorator of the workspace leaves a function's parameters alone: its wrapper hands on all that it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.facts import Attr, Import, Name, Star

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import AnyExpr, FileFacts, Scope


def hands_on(context: Context, path: str, facts: FileFacts, decorator: AnyExpr) -> bool:
    """Whether a decorator is a function here, whose wrappers take `*args, **kwargs` and give them on as they are.

    Args:
        context: the files.
        path: the file of the decorated function.
        facts: that file's facts.
        decorator: what decorates it, without the call that makes it.
    """
    found = _function(context, path, facts, decorator)
    if found is None:
        return False
    there, index = found
    wrappers = [
        each for each in _inside(there, index) if any(p.kind == "*" for p in there.scopes[each].params)
    ]
    return bool(wrappers) and all(_gives_all(there, each) for each in wrappers)


def _function(context: Context, path: str, facts: FileFacts, expr: AnyExpr) -> tuple[FileFacts, int] | None:
    """The function that a name of a file, or of a module that it imports, stands for."""
    if isinstance(expr, Attr) and isinstance(expr.base, Name):
        module = _bound(facts, expr.base.id)
        target = None if module is None else ".".join(filter(None, (module.module, module.name)))
        return _in_module(context, path, target or "", expr.name) if target else None
    if not isinstance(expr, Name):
        return None
    bound = _bound(facts, expr.id)
    return _top(facts, expr.id) if bound is None else _in_module(context, path, bound.module, bound.name)


def _bound(facts: FileFacts, name: str) -> Import | None:
    bindings = facts.scopes[0].names.get(name, [])
    value = bindings[0].value if len(bindings) == 1 else None
    return value if isinstance(value, Import) and not value.level else None


def _in_module(context: Context, path: str, module: str, name: str) -> tuple[FileFacts, int] | None:
    target = context.modules.resolve(module, path) if module else None
    facts = context.facts(target) if target is not None and not target.endswith("/") else None
    return _top(facts, name) if facts is not None else None


def _top(facts: FileFacts, name: str) -> tuple[FileFacts, int] | None:
    found = [
        i for i, s in enumerate(facts.scopes) if s.kind == "function" and s.parent == 0 and s.name == name
    ]
    return (facts, found[0]) if len(found) == 1 else None


def _inside(facts: FileFacts, index: int) -> Iterator[int]:
    """The functions inside a function."""
    for number, scope in enumerate(facts.scopes):
        if scope.parent == index and scope.kind == "function":
            yield number
            yield from _inside(facts, number)


def _gives_all(facts: FileFacts, index: int) -> bool:
    """Whether a wrapper takes anything, calls something with just that, and nothing with more or less of it."""
    scope = facts.scopes[index]
    if [param.kind for param in scope.params] != ["*", "**"]:
        return False
    rest, options = (param.name for param in scope.params)
    calls = [call for call in facts.calls if call.scope == index]
    given = [c for c in calls if any(isinstance(a, Star) for a in c.args) or "**" in dict(c.keywords)]
    whole = ((Star(Name(rest)),), (("**", Name(options)),))
    return (
        bool(given) and all((c.args, c.keywords) == whole for c in given) and not _is_changed(scope, options)
    )


def _is_changed(scope: Scope, name: str) -> bool:
    """Whether the wrapper binds the name anew."""
    return len(scope.names.get(name, ())) > 1
