"""Buses that keep their handlers in a table: the two halves of one put together."""

from __future__ import annotations

import msgspec

from pubsub_devtools_analysis.evaluation import Evaluator, fill
from pubsub_devtools_analysis.facts import FileFacts
from pubsub_devtools_analysis.matching import Draft
from pubsub_devtools_analysis.shapes.relays import Relays
from pubsub_devtools_analysis.shapes.words import EVENTS, HANDLERS, SETTINGS, VERBS
from pubsub_devtools_analysis.values import Argument, Class, Function
from pubsub_devtools_analysis.workspace import Workspace


class Bus(msgspec.Struct, frozen=True):
    """A recognised bus: the table, and the functions that store in it and call from it, by scope key."""

    path: str
    owner: str
    table: str
    line: int
    stores: tuple[str, ...]
    calls: tuple[str, ...]


class Shapes(Relays):
    """What one file shows of hand-written buses."""

    def __init__(
        self, evaluator: Evaluator, workspace: Workspace, path: str, facts: FileFacts, marks: bool = False
    ) -> None:
        super().__init__(evaluator, workspace, path, facts)
        self.marks = marks

    def find(self) -> tuple[list[Draft], list[Bus]]:
        """The seeds and the buses of the file."""
        self.stores()
        self.loops()
        self.direct()
        self.handed()
        self.pairs()
        seeds: list[Draft] = []
        buses: list[Bus] = []
        for table in {**self.stored, **self.called}:
            storing = self.stored.get(table, [])
            calling = self.called.get(table, [])
            classes = any(by_class for _, by_class, _ in calling)
            looped = any(loop for _, _, loop in calling)
            if table[0] and (storing or classes):
                calling = [*calling, *self.queued(table, storing, calling)]
            verb = any(VERBS.match(draft.scope.rpartition(".")[2]) for draft, _, _ in calling)
            paired = bool(storing and calling) and (looped or classes or verb)
            alone = bool(calling) and (classes or (self.marks and verb)) and HANDLERS.search(table[1])
            if SETTINGS.search(table[0]):
                continue
            names = [table[0], table[1], *(d.scope for d in storing), *(d.scope for d, _, _ in calling)]
            if (paired or alone) and any(EVENTS.search(name) for name in names):
                seeds.extend(self.with_overridden([*storing, *(draft for draft, _, _ in calling)]))
                buses.append(self.bus(table, storing, [draft for draft, _, _ in calling]))
        for table, relaying in self.relays().items() if self.marks else ():
            seeds.extend(self.with_overridden(relaying))
            buses.append(self.bus(table, [], relaying))
        return seeds, buses

    def bus(self, table: tuple[str, str], storing: list[Draft], calling: list[Draft]) -> Bus:
        """What is told of a bus."""
        return Bus(
            self.path,
            *table,
            min(draft.span[0] for draft in (*storing, *calling)),
            tuple(sorted({draft.scope for draft in storing})),
            tuple(sorted({draft.scope for draft in calling})),
        )

    def with_overridden(self, drafts: list[Draft]) -> list[Draft]:
        """Seeds, with those at the methods of base classes that theirs override."""
        return [*drafts, *(other for draft in drafts for other in self.overridden(draft))]

    def overridden(self, draft: Draft) -> list[Draft]:
        """The same seed at the method of a base class that the seed's method overrides."""
        owner, _, method = draft.scope.rpartition(".")
        if not owner or self.method_owner(self.workspace.scope(self.path, draft.scope)) != owner:
            return []
        own = self.workspace.get(self.path, draft.scope)
        found: list[Draft] = []
        for base in self.evaluator.ancestors(Class(self.path, owner))[1:]:
            facts = self.workspace.facts(base.path) if isinstance(base, Class) else None
            if not isinstance(base, Class) or facts is None:
                continue
            for function in self.evaluator.own_member(base, method) or ():
                if isinstance(function, Function):
                    other = self.workspace.get(function.path, function.key)
                    names = {
                        Argument(self.path, draft.scope, a.name): (
                            Argument(function.path, function.key, b.name),
                        )
                        for a, b in zip(own.params, other.params, strict=False)
                    }
                    found.append(
                        msgspec.structs.replace(
                            draft, path=function.path, span=other.span, scope=function.key, name=fill(draft.name, dict(names)),
                            handler=fill(draft.handler, dict(names)) if draft.handler is not None else None,
                        )
                    )  # fmt: skip
        return found
