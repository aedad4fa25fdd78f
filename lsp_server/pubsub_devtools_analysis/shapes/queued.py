"""The methods of a hand-written bus that only take an event in: another one hands it over."""

from __future__ import annotations

from functools import cached_property

from pubsub_devtools_analysis.facts import Attr, Name, Seq
from pubsub_devtools_analysis.matching import Draft
from pubsub_devtools_analysis.shapes.calling import Calling
from pubsub_devtools_analysis.shapes.words import EMITS, NO_EVENTS
from pubsub_devtools_analysis.values import Argument, Method, Value


class Queued(Calling):
    """The methods of a bus that take an event to be handed over later."""

    def queued(
        self, table: tuple[str, str], storing: list[Draft], calling: list[tuple[Draft, bool, bool]]
    ) -> list[tuple[Draft, bool, bool]]:
        """Methods beside the storing one that take an event to be handed over later: `emit(event)`, `queue.put(event)`.

        The event goes by what the calling method looks up: itself, or the same attribute of it.
        """
        found: list[tuple[Draft, bool, bool]] = []
        known = {draft.scope for draft, _, _ in calling}
        attribute = next((d.name.name for d, _, _ in calling if isinstance(d.name, Method)), "")
        for index, scope in enumerate(self.facts.scopes):
            parent = self.facts.scopes[scope.parent] if scope.parent >= 0 else scope
            if scope.kind != "function" or parent.key != table[0] or scope.key in known:
                continue
            params = [p for p in scope.params if p.kind == "p" and p.name not in NO_EVENTS]
            if not params or scope.key in {d.scope for d in storing}:
                continue
            if (storing and EMITS.match(scope.name)) or self.enqueues(index, params[0].name):
                name: Value = Argument(self.path, scope.key, params[0].name)
                name = Method(name, attribute) if attribute else name
                found.append((self.draft("publish", name, None, index, scope.span), False, False))
        return found

    def enqueues(self, scope: int, name: str) -> bool:
        """Whether a method puts its parameter into a queue that the object takes its events from."""
        starts = Seq((Name(name),))
        owner = self.facts.scopes[self.facts.scopes[scope].parent]
        return any(
            member.scope == scope and member.value == starts
            for attribute in self.drained & owner.attrs.keys()
            for member in owner.attrs[attribute]
        ) or any(
            call.scope == scope
            and call.name in ("put", "put_nowait", "append", "appendleft")
            and isinstance(call.func, Attr)
            and isinstance(call.func.base, Attr)
            and call.args[:1] == (Name(name),)
            and call.func.base.name in self.drained
            for call in self.facts.calls
        )

    @cached_property
    def drained(self) -> set[str]:
        """The attributes that something is taken from."""
        found = {
            call.func.base.name
            for call in self.facts.calls
            if call.name in ("get", "get_nowait", "pop", "popleft")
            and isinstance(call.func, Attr)
            and isinstance(call.func.base, Attr)
        }
        return found | {loop.value.name for loop in self.facts.loops if isinstance(loop.value, Attr)}
