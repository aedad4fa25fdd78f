"""The elements of a loop, as the bindings of names say."""

from __future__ import annotations

from pubsub_devtools_analysis.facts import AnyExpr, Element, FileFacts


def holds_element(value: AnyExpr, of: AnyExpr) -> bool:
    """Whether a binding is an element of a looped value, or a part of one."""
    while not isinstance(value, Element):
        inner = getattr(value, "value", None)
        if inner is None or isinstance(inner, str | int | float | bool):
            return False
        value = inner
    return value.value == of


def inside(facts: FileFacts, scope: int, outer: int) -> bool:
    """Whether a scope is another one or stands in it."""
    while scope > outer:
        scope = facts.scopes[scope].parent
    return scope == outer
