"""The half of a hand-written bus that stores handlers."""

from __future__ import annotations

from pubsub_devtools_analysis.evaluation import Evaluator
from pubsub_devtools_analysis.facts import AnyExpr, Attr, FileFacts, Span
from pubsub_devtools_analysis.matching import Draft
from pubsub_devtools_analysis.shapes.reader import Lookup, Reader
from pubsub_devtools_analysis.shapes.words import ADDERS, RANKS
from pubsub_devtools_analysis.workspace import Workspace


class Storing(Reader):
    """The functions of a file that store a handler that they are given, in a table under a key that they are given."""

    def __init__(self, evaluator: Evaluator, workspace: Workspace, path: str, facts: FileFacts) -> None:
        super().__init__(evaluator, workspace, path, facts)
        self.stored: dict[tuple[str, str], list[Draft]] = {}

    def stores(self) -> None:
        """`table[key] = handler`, `table[key].append(handler)`, `table.setdefault(key, []).append(handler)`."""
        for store in self.facts.stores:
            if store.key is not None:
                self.stored_at(Lookup(store.base, store.key), store.value, store.scope, store.span)
        for call in self.facts.calls:
            if call.name in ADDERS and isinstance(call.func, Attr) and call.args:
                found = self.lookup(call.func.base, call.scope)
                if found is not None:
                    self.stored_at(found, call.args[-1], call.scope, call.span)

    def stored_at(self, found: Lookup, value: AnyExpr, scope: int, span: Span) -> None:
        """One storing place, if key and handler are parameters."""
        table = self.table(found.table, scope)
        if table is None:
            return
        key = self.open_value(found.key, scope)
        given = (self.parameter(part, scope) for part in self.parts(value, scope))
        handlers = [h for h in given if h is not None and h != key]
        handler = next((h for h in handlers if not RANKS.match(h.name)), None)
        if key is None or handler is None:
            return
        self.stored.setdefault(table, []).append(self.draft("handle", key, handler, scope, span))
