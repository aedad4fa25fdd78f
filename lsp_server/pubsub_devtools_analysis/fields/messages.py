"""Which of a handler's parameters carry its message, by what its dialect says of them."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pubsub_devtools_analysis.dialect import Message
from pubsub_devtools_analysis.evaluation import Evaluator
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    CallRef,
    Either,
    FileFacts,
    Import,
    Lit,
    Name,
    Param,
    Scope,
    Seq,
    Sub,
    Typed,
)

DEEPEST_ALIAS = 6


def own(facts: FileFacts, scope: Scope) -> list[Param]:
    """The parameters that a framework fills: all but the object that a method belongs to."""
    params = list(scope.params)
    in_class = scope.parent >= 0 and facts.scopes[scope.parent].kind == "class"
    static = any(isinstance(d.value, Name) and d.value.id == "staticmethod" for d in scope.decorators)
    return params[1:] if in_class and not static else params


def payload(evaluator: Evaluator, path: str, params: list[Param], message: Message) -> list[Param]:
    """The parameters that are not the framework's own."""
    return [
        param
        for index, param in enumerate(params)
        if index not in message.skip
        and param.name not in message.skip
        and not is_named(evaluator, path, param, message.injected)
    ]


def is_named(evaluator: Evaluator, path: str, param: Param, globs: tuple[str, ...]) -> bool:
    """Whether a parameter's annotation or default names one of these."""
    if not globs:
        return False
    return any(fnmatchcase(name, glob) for name in mentioned(evaluator, path, param) for glob in globs)


def carrier(params: list[Param], message: Message) -> Param | None:
    """The parameter that carries the message."""
    by_name = {param.name: param for param in params if param.kind != "**"}
    plain = [param for param in params if param.kind == "p"]
    for wanted in message.parameter or (0,):
        if isinstance(wanted, str) and wanted in by_name:
            return by_name[wanted]
        if isinstance(wanted, int) and wanted < len(plain):
            return plain[wanted]
    return next((param for param in params if param.kind == "*"), None)


def mentioned(evaluator: Evaluator, path: str, param: Param) -> Iterator[str]:
    """The dotted names in a parameter's annotation and default, aliases of the workspace laid open."""
    for expr in (param.annotation, param.default):
        yield from laid_open(evaluator, path, expr, DEEPEST_ALIAS)


def laid_open(evaluator: Evaluator, path: str, expr: AnyExpr | None, deep: int) -> Iterator[str]:
    """The dotted names in an expression at the top of a file, and in what those of the workspace stand for."""
    facts = evaluator.workspace.facts(path)
    if facts is None or expr is None or not deep:
        return
    for name in names(facts, expr):
        yield name
        head, dot, rest = name.partition(".")
        for binding in facts.scopes[0].names.get(head, ()):
            value = binding.value
            if not isinstance(value, Import):
                yield from laid_open(evaluator, path, value, deep - 1)
                continue
            yield ".".join(filter(None, (value.module, value.name))) + dot + rest
            target = evaluator.find_module(path, value.module, value.level)
            if target is not None and not target.endswith("/") and value.name:
                yield from laid_open(evaluator, target, Name(value.name), deep - 1)


def names(facts: FileFacts, expr: AnyExpr | None) -> Iterator[str]:
    """The dotted names in an expression."""
    match expr:
        case Name(id=name):
            yield name
        case Attr(base=base, name=name):
            yield from (f"{each}.{name}" for each in names(facts, base))
        case Lit(value=str(text)):
            yield text
        case CallRef(index=index):
            yield from names(facts, facts.calls[index].func)
        case Sub(base=base, key=key):
            yield from names(facts, base)
            yield from names(facts, key)
        case Seq(items=items) | Either(options=items):
            for item in items:
                yield from names(facts, item)
        case Typed(annotation=annotation, value=value):
            yield from names(facts, annotation)
            yield from names(facts, value)
        case _:
            pass
