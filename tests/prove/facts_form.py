"""Facts in a form that does not depend on where in the tables they lie, so that two ways to them can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from pubsub_devtools_analysis.extraction.splice import Edited
from pubsub_devtools_analysis.facts import CallRef, Expr, FileFacts, Map, Scope, ScopeRef


def form(text: Edited) -> dict[str, Any]:
    """All that facts say, each scope by its key and each call by its place."""
    facts, seen = text.facts, Form(text.facts)
    return {
        "scopes": [seen.scope(facts.scopes[i]) for i in text.scopes],
        "calls": [seen.plain(facts.calls[i]) | {"in": seen.key(facts.calls[i].scope)} for i in text.calls],
        "called": {name: [facts.calls[i].span for i in indexes] for name, indexes in facts.called.items()},
        "stores": seen.all(facts.stores),
        "cases": seen.all(facts.cases),
        "loops": seen.all(facts.loops),
        "rest": (facts.stars, facts.exports, facts.imports, facts.problems, facts.dropped),
    }


class Form:
    """The form of the parts of one file's facts."""

    def __init__(self, facts: FileFacts) -> None:
        self.facts = facts

    def key(self, scope: int) -> str:
        return self.facts.scopes[scope].key if scope >= 0 else ""

    def depth(self, block: int) -> int:
        """How deep a block lies: its number depends on what was read before it."""
        depth = 0
        while block > 0:
            block, depth = self.facts.blocks[block], depth + 1
        return depth

    def scope(self, scope: Scope) -> dict[str, Any]:
        found = self.plain(scope)
        found["parent"] = self.key(scope.parent)
        found["body"] = [(first, last, self.key(inner)) for first, last, inner in scope.body]
        return found

    def all(self, found: Iterable[Any]) -> list[dict[str, Any]]:
        return [self.plain(each) | {"in": self.key(each.scope)} for each in found]

    def plain(self, value: Any) -> Any:
        if isinstance(value, CallRef):
            return ("call", self.facts.calls[value.index].span, self.facts.calls[value.index].name)
        if isinstance(value, ScopeRef):
            return ("scope", self.key(value.index))
        if isinstance(value, msgspec.Struct):
            return self.fields(value)
        if isinstance(value, str) or not isinstance(value, Sequence | dict):
            return value
        if isinstance(value, dict):
            return {name: self.plain(each) for name, each in value.items()}
        return [self.plain(each) for each in value]

    def fields(self, value: msgspec.Struct) -> dict[str, Any]:
        found: dict[str, Any] = {"type": type(value).__name__}
        for name in value.__struct_fields__:
            each = getattr(value, name)
            if name == "block":
                found[name] = self.depth(each)
            elif name == "place" and isinstance(value, Map):
                found[name] = self.facts.displays[each]
            elif name not in ("scope", "parent", "body") or isinstance(value, Expr):
                found[name] = self.plain(each)
        return found
