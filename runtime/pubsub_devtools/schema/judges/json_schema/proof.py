"""The proof that a reader takes all that a writer may write, keyword by keyword; what cannot be proved is a finding.

A writer's schema is taken apart into alternatives (`expanding.py`), a reader's is walked as it stands: each of its keywords
must hold for each alternative. A pair that is met again inside itself holds if nothing else in it fails, so that recursion
ends; what was proved without such an assumption is remembered.
"""

from __future__ import annotations

from collections.abc import Sequence

from pubsub_devtools.schema.judges.difference import Finding, Place
from pubsub_devtools.schema.judges.json_schema.branch import Branch
from pubsub_devtools.schema.judges.json_schema.documents import Node
from pubsub_devtools.schema.judges.json_schema.expanding import TooMuch, expanded
from pubsub_devtools.schema.judges.json_schema.values import key

__all__: list[str] = []

STEPS = 20_000
"""Pairs of schemas that one comparison looks at; beyond them it is given up, and says so."""


class Proof:
    """What the layers above share: the words, what is being proved, and what has been."""

    def __init__(self, *, old_writes: bool) -> None:
        self.w, self.r = ("old", "new") if old_writes else ("new", "old")
        self.steps = 0
        self.inside: dict[object, int] = {}
        self.assumed = len(self.inside)
        self.known: dict[object, list[Finding]] = {}
        self.same_document = False

    def proved(self, written: Sequence[Node], read: Node, place: Place) -> list[Finding]:
        """Return what keeps the reader's schema from taking all that meets the writer's schemas."""
        if read.schema is True or read.schema == {} or any(self.same(node, read) for node in written):
            return []
        pair = frozenset(node.key for node in written), read.key, place.pointer
        mark = pair[:2]
        if mark in self.inside:
            self.assumed = min(self.assumed, self.inside[mark])
            return []
        if pair in self.known:
            return self.known[pair]
        return self._entered(mark, pair, written, read, place)

    def _entered(
        self, mark: object, pair: object, written: Sequence[Node], read: Node, place: Place
    ) -> list[Finding]:
        depth, before = len(self.inside), self.assumed
        self.inside[mark] = self.assumed = depth
        try:
            found = self.alternatives(expanded(written), read, place)
        finally:
            del self.inside[mark]
        if found or self.assumed >= depth:
            self.known[pair] = found
        self.assumed = min(before, self.assumed) if self.assumed < depth else before
        return found

    def alternatives(self, branches: list[Branch], read: Node, place: Place) -> list[Finding]:
        """Return the findings of all alternatives, each once."""
        found: dict[Finding, None] = {}
        for branch in branches:
            found.update(dict.fromkeys(self.taken(branch, read, place)))
        return list(found)

    def taken(self, branch: Branch, read: Node, place: Place) -> list[Finding]:
        """Return what keeps the reader's schema from taking one alternative; the highest layer does."""
        raise NotImplementedError

    def step(self) -> None:
        self.steps += 1
        if self.steps > STEPS:
            raise TooMuch("its schemas refer to each other in too many ways")

    def same(self, written: Node, read: Node) -> bool:
        """Tell whether two schemas are one, references included."""
        if written.key == read.key and written.document is read.document:
            return True
        if not isinstance(read.schema, dict) or not isinstance(written.schema, dict):
            return written.schema is read.schema
        return (self.same_document or not _refers(read.schema)) and key(written.schema) == key(read.schema)

    def impossible(self, nodes: Sequence[Node]) -> bool:
        """Tell whether no value can meet all these schemas."""
        return not expanded(nodes)


def _refers(schema: object) -> bool:
    text = key(schema)
    return any(f'"{word}"' in text for word in ("$ref", "$dynamicRef", "$recursiveRef"))
