"""Which of a handler's parameters carry its message, by what its dialect says of them."""

from __future__ import annotations

from collections.abc import Iterator

from pubsub_devtools_analysis.dialect import Message
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    CallRef,
    Either,
    FileFacts,
    Lit,
    Name,
    Param,
    Scope,
    Seq,
    Sub,
    Typed,
)


def own(facts: FileFacts, scope: Scope) -> list[Param]:
    """The parameters that a framework fills: all but the object that a method belongs to."""
    params = list(scope.params)
    in_class = scope.parent >= 0 and facts.scopes[scope.parent].kind == "class"
    static = any(isinstance(d.value, Name) and d.value.id == "staticmethod" for d in scope.decorators)
    return params[1:] if in_class and not static else params


def payload(facts: FileFacts, params: list[Param], message: Message) -> list[Param]:
    """The parameters that are not the framework's own."""
    return [
        param
        for index, param in enumerate(params)
        if index not in message.skip
        and param.name not in message.skip
        and not mentioned(facts, param).intersection(message.injected)
    ]


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


def mentioned(facts: FileFacts, param: Param) -> set[str]:
    """The last names in a parameter's annotation and default, an alias of the file laid open."""
    found: set[str] = set()
    for expr in (param.annotation, param.default):
        for name in names(facts, expr):
            found.add(name)
            for binding in facts.scopes[0].names.get(name, ()):
                found.update(names(facts, binding.value))
    return found


def names(facts: FileFacts, expr: AnyExpr | None) -> Iterator[str]:
    """The last names in an expression."""
    match expr:
        case Name(id=name) | Attr(name=name):
            yield name
        case Lit(value=str(text)):
            yield text.rpartition(".")[2]
        case CallRef(index=index):
            yield facts.calls[index].name
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
