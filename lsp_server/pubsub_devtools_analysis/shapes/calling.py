"""The half of a hand-written bus that calls handlers."""

from __future__ import annotations

from pubsub_devtools_analysis.evaluation import Evaluator
from pubsub_devtools_analysis.facts import AnyExpr, Attr, CallRef, Element, FileFacts, Name, Span, Sub
from pubsub_devtools_analysis.matching import Draft
from pubsub_devtools_analysis.shapes.elements import holds_element
from pubsub_devtools_analysis.shapes.reader import Lookup
from pubsub_devtools_analysis.shapes.storing import Storing
from pubsub_devtools_analysis.shapes.words import NO_VERBS
from pubsub_devtools_analysis.workspace import Workspace


class Calling(Storing):
    """The functions of a file that look a key up and call what they find."""

    def __init__(self, evaluator: Evaluator, workspace: Workspace, path: str, facts: FileFacts) -> None:
        super().__init__(evaluator, workspace, path, facts)
        self.called: dict[tuple[str, str], list[tuple[Draft, bool, bool]]] = {}

    def loops(self) -> None:
        """`for handler in table[key]: handler(event)`, also in comprehensions."""
        for loop in self.facts.loops:
            self.looped(loop.value, loop.scope, loop.span)
        for index, scope in enumerate(self.facts.scopes):
            if scope.kind == "comp":
                for bindings in scope.names.values():
                    for binding in bindings:
                        if isinstance(binding.value, Element):
                            self.looped(binding.value.value, scope.parent, scope.span, index)

    def looped(self, value: AnyExpr, scope: int, span: Span, inner: int = -1) -> None:
        """One loop over a looked-up list of handlers."""
        found = self.lookup(value, scope)
        if found is None or not self.calls_element(value, scope, inner):
            return
        self.calling(found, scope, span, looped=True)

    def calls_element(self, value: AnyExpr, scope: int, inner: int) -> bool:
        """Whether what the loop binds is called, or handed to something that calls."""
        names: set[str] = set()
        for index in (scope, inner):
            if index < 0:
                continue
            for name, bindings in self.facts.scopes[index].names.items():
                if any(holds_element(b.value, value) for b in bindings):
                    names.add(name)
        for call in self.facts.calls:
            if self.within(call.scope, scope):
                base = call.func
                while isinstance(base, Attr):
                    base = base.base
                if isinstance(base, Name) and base.id in names:
                    return True
                if any(isinstance(a, Name) and a.id in names for a in call.args):
                    return True
        return False

    def direct(self) -> None:
        """`table[key](event)` and `handler = table.get(key); handler(event)`."""
        for call in self.facts.calls:
            if isinstance(call.func, Sub | CallRef | Name):
                found = self.lookup(call.func, call.scope)
                if found is not None:
                    self.calling(found, call.scope, call.span, looped=False)

    def handed(self) -> None:
        """`self._call(event, table[key])` and `submit(self._call, event, table[key])`: another function calls them all."""
        callers = self.calling_a_parameter()
        for call in self.facts.calls if callers else ():
            named = {_last_name(expr) for expr in (call.func, *call.args)}
            if callers & named:
                for arg in call.args:
                    found = self.lookup(arg, call.scope) if isinstance(arg, Name) else None
                    if found is not None:
                        self.calling(found, call.scope, call.span, looped=True)

    def calling_a_parameter(self) -> set[str]:
        """The names of functions that call each of the handlers that they are given."""
        found: set[str] = set()
        for loop in self.facts.loops:
            scope = self.facts.scopes[self.function(loop.scope)]
            names = {param.name for param in scope.params}
            if _last_name(loop.value) in names and self.calls_element(loop.value, loop.scope, -1):
                found.add(scope.name)
        return found

    def calling(self, found: Lookup, scope: int, span: Span, looped: bool) -> None:
        """One calling place, if the key is a parameter or the type of one."""
        table = self.table(found.table, scope)
        key = self.key_of(found, scope)
        if table is None or key is None or NO_VERBS.match(self.facts.scopes[self.function(scope)].name):
            return
        self.called.setdefault(table, []).append(
            (self.draft("publish", key, None, scope, span), self.is_by_type(found), looped)
        )


def _last_name(expr: AnyExpr) -> str:
    """The name that a variable or an attribute is called by."""
    return expr.id if isinstance(expr, Name) else expr.name if isinstance(expr, Attr) else ""
