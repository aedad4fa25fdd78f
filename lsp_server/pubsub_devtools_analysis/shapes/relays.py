"""Buses over somebody else's: they read the mark of a handler, and hand events on to an object of a library."""

from __future__ import annotations

from pubsub_devtools_analysis.facts import AnyExpr, Attr, Call, Element, Lit, Name
from pubsub_devtools_analysis.matching import Draft
from pubsub_devtools_analysis.shapes.pairs import Pairs
from pubsub_devtools_analysis.shapes.words import EVENTS, VERBS
from pubsub_devtools_analysis.values import Argument, External, Method


class Relays(Pairs):
    """Classes that ask handlers for a mark, and whose publishing method is one of the object that they keep."""

    def relays(self) -> dict[tuple[str, str], list[Draft]]:
        """By class and kept object, the methods like `handle(self, *events)` that call `self._events.handle(event)`."""
        asking = {self.method_owner(call.scope) for call in self.facts.calls if asked(call)}
        found: dict[tuple[str, str], list[Draft]] = {}
        for call in self.facts.calls:
            owner = self.method_owner(call.scope)
            scope = self.facts.scopes[call.scope]
            if owner is None or owner not in asking or not VERBS.match(scope.name):
                continue
            name, kept = self.handed_on(call), self.kept(call)
            if name is not None and kept and name in {p.name for p in scope.params[1:]}:
                draft = self.draft(
                    "publish", Argument(self.path, scope.key, name), None, call.scope, call.span
                )
                found.setdefault((owner, kept), []).append(draft)
        return found

    def handed_on(self, call: Call) -> str | None:
        """The name that a call of a publishing method gives first, or the name of what that is an element of."""
        first = call.args[0] if call.args and VERBS.match(call.name) else None
        if not isinstance(first, Name):
            return None
        for binding in self.facts.scopes[call.scope].names.get(first.id, ()):
            if isinstance(binding.value, Element) and isinstance(binding.value.value, Name):
                return binding.value.value.id
        return first.id

    def kept(self, call: Call) -> str:
        """The attribute with a library's object whose method is called: `self._events.handle(event)`."""
        base: AnyExpr | None = call.func.base if isinstance(call.func, Attr) else None
        if not isinstance(base, Attr) or base.base != Name("self"):
            return ""
        callees = self.evaluator.callees(self.path, self.facts, call)
        is_foreign = any(isinstance(c.owner if isinstance(c, Method) else c, External) for c in callees)
        return base.name if is_foreign else ""


def asked(call: Call) -> str:
    """The attribute by which a call asks whether a function is marked as a handler, or nothing."""
    mark = call.args[1] if call.name in ("getattr", "hasattr", "get") and len(call.args) > 1 else None
    text = mark.value if isinstance(mark, Lit) and isinstance(mark.value, str) else ""
    return text if text.isidentifier() and EVENTS.search(text) else ""
