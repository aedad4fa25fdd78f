"""Buses that keep pairs in a list: `callbacks.append((type, callback))`, and call those whose type an event is of."""

from __future__ import annotations

from pubsub_devtools_analysis.facts import AnyExpr, Attr, Call, CallRef, Element, Item, Loop, Name, Seq, Typed
from pubsub_devtools_analysis.shapes.queued import Queued
from pubsub_devtools_analysis.shapes.words import ADDERS, COPIES, NO_VERBS
from pubsub_devtools_analysis.values import Value


class Pairs(Queued):
    """Lists of pairs that are gone through for an event of each pair's type."""

    def pairs(self) -> None:
        """`for type, callback in callbacks: if isinstance(event, type): callback(event)`."""
        for loop in self.facts.loops:
            table = self.listed(loop.value, loop.scope)
            if table is None or NO_VERBS.match(self.facts.scopes[self.function(loop.scope)].name):
                continue
            places = self.places(loop)
            tested = self.tested(loop, places)
            called = {
                places[call.func.id]
                for call in self.facts.calls
                if isinstance(call.func, Name) and call.func.id in places and call.scope == loop.scope
            }
            if tested is not None and called - {tested[0]}:
                self.paired(table, loop, *tested)

    def paired(self, table: tuple[str, str], loop: Loop, place: int, event: Value) -> None:
        """Both halves of a bus, where some function adds pairs to the list."""
        for call in self.facts.calls:
            pair = call.args[-1] if call.name in ADDERS and call.args else None
            if (
                not isinstance(pair, Seq)
                or not isinstance(call.func, Attr)
                or place >= len(pair.items)
                or self.listed(call.func.base, call.scope) != table
            ):
                continue
            key = self.open_value(pair.items[place], call.scope)
            others = (self.parameter(item, call.scope) for item in pair.items if item != pair.items[place])
            handler = next((other for other in others if other is not None), None)
            if key is not None and handler is not None:
                self.stored.setdefault(table, []).append(
                    self.draft("handle", key, handler, call.scope, call.span)
                )
        if table in self.stored:
            draft = self.draft("publish", event, None, loop.scope, loop.span)
            self.called.setdefault(table, []).append((draft, True, True))

    def places(self, loop: Loop) -> dict[str, int]:
        """What a loop calls the parts of an element, each with its position."""
        return {
            name: binding.value.index
            for name, bindings in self.facts.scopes[loop.scope].names.items()
            for binding in bindings
            if isinstance(binding.value, Item) and binding.value.value == Element(loop.value)
        }

    def tested(self, loop: Loop, places: dict[str, int]) -> tuple[int, Value] | None:
        """Which part of an element something is tested to be an instance of, and what that is."""
        for case in self.facts.cases:
            if case.scope == loop.scope and isinstance(case.cls, Name) and case.cls.id in places:
                event = self.open_value(case.subject, case.scope)
                if event is not None:
                    return places[case.cls.id], event
        return None

    def listed(self, value: AnyExpr, scope: int) -> tuple[str, str] | None:
        """The list that a loop runs over, or that something is added to: an attribute, or a variable of the module."""
        if isinstance(value, CallRef):
            call = self.facts.calls[value.index]
            return self.listed(call.args[0], scope) if call.name in COPIES and call.args else None
        if isinstance(value, Attr):
            return self.table(value, scope)
        if isinstance(value, Name) and value.id not in self.facts.scopes[self.function(scope)].names:
            bindings = self.facts.scopes[0].names.get(value.id, [])
            return ("", value.id) if any(self.is_list(b.value) for b in bindings) else None
        return None

    def is_list(self, value: AnyExpr) -> bool:
        """Whether a variable starts as a list."""
        if isinstance(value, Typed) and value.value is not None:
            value = value.value
        made: Call | None = self.facts.calls[value.index] if isinstance(value, CallRef) else None
        return isinstance(value, Seq) or (made is not None and made.name in ("list", "deque"))
