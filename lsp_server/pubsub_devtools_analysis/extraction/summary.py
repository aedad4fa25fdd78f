"""What is asked of every file, from its scopes and calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Call,
    CallRef,
    Either,
    Import,
    Lit,
    Name,
    Opaque,
    ParamRef,
    Scope,
    ScopeRef,
    Summary,
    Typed,
)


def by_name(calls: Sequence[Call], order: Iterable[int]) -> dict[str, list[int]]:
    """The indexes of calls by the name that they call, each in this order."""
    found: dict[str, list[int]] = {}
    for index in order:
        name = calls[index].name
        if name:
            found.setdefault(name, []).append(index)
    return found


def summary(scopes: Sequence[Scope], calls: Sequence[Call]) -> Summary:
    """The summary of a file."""
    decorators = {d.value.index for s in scopes for d in s.decorators if isinstance(d.value, CallRef)}
    return Summary(
        keys=[scope.key for scope in scopes],
        parents=[scope.parent for scope in scopes],
        within=[call.scope for call in calls],
        marked=[i for i, scope in enumerate(scopes) if scope.decorators or scope.kind == "class"],
        decorators=sorted(decorators),
        chained=[i for i, call in enumerate(calls) if type(call.func) is CallRef],
        handed=_handed(calls),
        renamed=_renamed(scopes, calls),
    )


def _handed(calls: Sequence[Call]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, call in enumerate(calls):
        for value in (*call.args, *[value for _, value in call.keywords]):
            if type(value) is Attr:
                found.setdefault(value.name, []).append(index)
    return found


_NO_NAMES = frozenset((Lit, Opaque, ParamRef, ScopeRef))


def _renamed(scopes: Sequence[Scope], calls: Sequence[Call]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}

    def put(name: str, value: AnyExpr) -> None:
        if type(value) not in _NO_NAMES:
            for source in _sources(calls, value):
                if source != name:
                    found.setdefault(source, {})[name] = None

    for scope in scopes:
        for name, bindings in scope.names.items():
            for binding in bindings:
                put(name, binding.value)
        for name, members in scope.attrs.items():
            for member in members:
                put(name, member.value)
    for call in calls:
        for name, value in call.keywords:
            put(name, value)
    return {source: [*names] for source, names in found.items()}


def _sources(calls: Sequence[Call], value: AnyExpr) -> list[str]:
    match value:
        case Name(id=name) | Attr(name=name) | Import(name=name):
            return [name] if name else []
        case Typed(value=inner) if inner is not None:
            return _sources(calls, inner)
        case Either(options=options):
            return [name for option in options for name in _sources(calls, option)]
        case CallRef(index=index):
            call = calls[index]
            return _sources(calls, call.args[0]) if call.name == "partial" and call.args else []
        case _:
            return []
