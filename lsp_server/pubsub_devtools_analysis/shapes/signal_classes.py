"""Classes whose every instance is an event of its own: `class Hook: subscribe(f), fire()`.

They become a dialect, the same form that a user would configure.
"""

from __future__ import annotations

import re

from pubsub_devtools_analysis.dialect import Dialect, EventSpec, Pattern, Type
from pubsub_devtools_analysis.evaluation import Evaluator
from pubsub_devtools_analysis.facts import AnyExpr, Attr, Call, CallRef, FileFacts, Name
from pubsub_devtools_analysis.shapes.elements import holds_element, inside
from pubsub_devtools_analysis.shapes.words import ADDERS, COPIES, DIALECT

_SIGNALS = re.compile(
    r"(?i)event|signal|hook|observable|dispatcher|notifier|emitter|publisher|subject|broadcast"
)


def signal_classes(
    evaluator: Evaluator, path: str, facts: FileFacts
) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Classes whose every instance is an event of its own: they keep callables in a list, and call them all.

    Returns:
        For each its dotted path, the methods that add a handler, and the methods that call them.
    """
    found: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
    for index, scope in enumerate(facts.scopes):
        if scope.kind != "class" or not _SIGNALS.search(scope.name):
            continue
        methods = {i: s for i, s in enumerate(facts.scopes) if s.kind == "function" and s.parent == index}
        adds: dict[str, set[str]] = {}
        for call in facts.calls:
            method = methods.get(call.scope)
            base = call.func.base if isinstance(call.func, Attr) else None
            if (
                method is None
                or call.name not in ADDERS
                or not isinstance(base, Attr)
                or base.base != Name("self")
            ):
                continue
            params = {p.name for p in method.params[1:]}
            if any(isinstance(a, Name) and a.id in params for a in call.args):
                adds.setdefault(base.name, set()).add(method.name)
        for loop in facts.loops:
            method = methods.get(loop.scope)
            listed = _listed(facts, loop.value, loop.scope)
            if method is not None and listed in adds and method.name not in adds[listed]:
                called = any(
                    isinstance(c.func, Name | Attr)
                    and inside(facts, c.scope, loop.scope)
                    and _calls_item(facts, c, loop.value)
                    for c in facts.calls
                )
                if called:
                    found.append(
                        (
                            evaluator.workspace.symbol(path, scope.key),
                            tuple(sorted(adds[listed])),
                            (method.name,),
                        )
                    )
    return found


def signal_dialect(
    classes: list[tuple[str, tuple[str, ...], tuple[str, ...]]], decorators: list[tuple[str, str]]
) -> Dialect:
    """Recognised signal classes and decorators as a dialect: the same form that a user would configure."""
    types: dict[str, Type] = {}
    handle: list[Pattern] = []
    publish: list[Pattern] = []
    declare: list[Pattern] = []
    own = EventSpec(otherwise="variable.path")
    of = EventSpec(receiver=True)
    for number, (path, adding, calling) in enumerate(classes):
        name = f"signal{number}"
        types[name] = Type(is_=(path,), event=own)
        adds = tuple(f"{name}.{method}" for method in adding)
        handle.append(Pattern(call=adds, decorator=adds, event=of, handler=(0, 1)))
        calls = tuple(f"{name}.{method}" for method in calling)
        publish.append(Pattern(call=calls, event=of, payload=(0,), payload_form="objects"))
        declare.append(Pattern(call=(path,), event=own, makes=name))
    for path, prefix in decorators:
        named = EventSpec(otherwise="function.name", strip=prefix)
        handle.append(Pattern(decorator=(path,), event=named))
    return Dialect(
        DIALECT,
        "Hand-written bus",
        certainty="likely",
        types=types,
        handle=tuple(handle),
        publish=tuple(publish),
        declare=tuple(declare),
    )


def _listed(facts: FileFacts, value: AnyExpr, scope: int) -> str:
    """The attribute of `self` that a loop runs over, also through a copy or a local variable."""
    for _ in range(4):
        if isinstance(value, Name):
            bindings = facts.scopes[scope].names.get(value.id, [])
            value = bindings[-1].value if bindings else value
        elif isinstance(value, CallRef):
            call = facts.calls[value.index]
            if call.name not in COPIES:
                return ""
            value = call.args[0] if call.args else call.func.base if isinstance(call.func, Attr) else Name("")
    return value.name if isinstance(value, Attr) and value.base == Name("self") else ""


def _calls_item(facts: FileFacts, call: Call, looped: AnyExpr) -> bool:
    base = call.func
    while isinstance(base, Attr):
        base = base.base
    names = [base, *call.args]
    bindings = facts.scopes[call.scope].names
    return any(
        isinstance(n, Name) and any(holds_element(b.value, looped) for b in bindings.get(n.id, ()))
        for n in names
    )
