"""The proof that a reader takes all that a writer may write, keyword by keyword; what cannot be proved is a finding.

A writer's schema is taken apart into alternatives (`expanding.py`), a reader's is walked as it stands: each of its keywords
must hold for each alternative.
"""

from __future__ import annotations

from collections.abc import Sequence

from pubsub_devtools.schema.judges.difference import Finding, Place
from pubsub_devtools.schema.judges.json_schema.branch import Branch
from pubsub_devtools.schema.judges.json_schema.documents import Node
from pubsub_devtools.schema.judges.json_schema.expanding import expanded
from pubsub_devtools.schema.judges.json_schema.values import key, members
from pubsub_devtools.schema.judges.recursion import Recursion

__all__: list[str] = []


class Proof:
    """What the layers above share: the words, what is being proved, and what has been."""

    def __init__(self, *, old_writes: bool) -> None:
        self.w, self.r = ("old", "new") if old_writes else ("new", "old")
        self.recursion = Recursion()
        self.same_document = False

    def proved(self, written: Sequence[Node], read: Node, place: Place) -> list[Finding]:
        """Return what keeps the reader's schema from taking all that meets the writer's schemas."""
        if read.schema is True or read.schema == {} or any(self.same(node, read) for node in written):
            return []
        pair = frozenset(node.key for node in written), read.key
        return self.recursion.entered(
            pair, place.pointer, lambda: self.alternatives(expanded(written), read, place)
        )

    def alternatives(self, branches: list[Branch], read: Node, place: Place) -> list[Finding]:
        """Return the findings of all alternatives, each once."""
        found: dict[Finding, None] = {}
        for branch in branches:
            found.update(dict.fromkeys(self.taken(branch, read, place)))
        return list(found)

    def taken(self, branch: Branch, read: Node, place: Place) -> list[Finding]:
        """Return what keeps the reader's schema from taking one alternative; the highest layer does."""
        raise NotImplementedError

    def same(self, written: Node, read: Node) -> bool:
        """Tell whether two schemas are one, references included."""
        if written.key == read.key and written.document is read.document:
            return True
        if not members(read.schema) or not members(written.schema):
            return written.schema == read.schema
        return (self.same_document or not _refers(read.schema)) and key(written.schema) == key(read.schema)

    def impossible(self, nodes: Sequence[Node]) -> bool:
        """Tell whether no value can meet all these schemas."""
        return not expanded(nodes)


def _refers(schema: object) -> bool:
    text = key(schema)
    return any(f'"{word}"' in text for word in ("$ref", "$dynamicRef", "$recursiveRef"))
