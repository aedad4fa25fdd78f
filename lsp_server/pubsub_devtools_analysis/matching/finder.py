"""All sites of a file: of its calls, decorators, classes, tables and values."""

from __future__ import annotations

import msgspec

from pubsub_devtools_analysis.dialect import EventSpec
from pubsub_devtools_analysis.evaluation import At, last_name
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Call,
    CallRef,
    FileFacts,
    Lit,
    Map,
    Name,
    Seq,
    Typed,
)
from pubsub_devtools_analysis.known import Rule
from pubsub_devtools_analysis.matching.class_sites import ClassSites
from pubsub_devtools_analysis.matching.draft import Draft, Given
from pubsub_devtools_analysis.matching.shapes_of_calls import applied_calls
from pubsub_devtools_analysis.values import (
    Function,
    Made,
    Method,
)


class Finder(ClassSites):
    """All sites of a file: of its calls, decorators, classes, tables and values."""

    def drafts(self, path: str) -> tuple[Draft, ...]:
        """Every site of a file, those with parameters still open included."""
        return self.memo.get(("drafts", path, ""), lambda: self._drafts(path), ())

    def _drafts(self, path: str) -> tuple[Draft, ...]:
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        found: list[Draft] = []
        decorators = set(facts.summary.decorators)
        applied = applied_calls(facts)
        for name in self.workspace.call_names(path):
            if name in self.hot:
                for index in self.workspace.calls(path, name):
                    if index not in decorators and index not in applied:
                        found.extend(self.of_call(path, index))
        for outer in applied.values():
            found.extend(self.of_call(path, outer))
        for scope in map(facts.scopes.__getitem__, facts.summary.marked):
            if scope.decorators and scope.kind != "class":
                found.extend(self.of_decorated(path, scope.key))
            if scope.kind == "class":
                found.extend(self.of_class(path, facts, scope))
        found.extend(self.of_tables(path, facts))
        found.extend(self.of_arguments(path, facts))
        found.extend(self.seeds.get(path, ()))
        return tuple(found)

    def of_tables(self, path: str, facts: FileFacts) -> list[Draft]:
        """Assigned dicts whose entries name events: beat schedules."""
        found: list[Draft] = []
        giving = [call for call in facts.calls if call.keywords or call.name == "update"]
        for name, rules in self.known.tables.items():
            for index, scope in enumerate(facts.scopes):
                for binding in scope.names.get(name, ()):
                    at = At(path, facts, index, binding.block, binding.line)
                    found.extend(self.in_table(rules, at, binding.value))
                for member in scope.attrs.get(name, ()):
                    found.extend(self.in_table(rules, At(path, facts, member.scope), member.value))
            for store in facts.stores:
                if store.attr == name:
                    at = At(path, facts, store.scope, -1, store.span[0])
                    found.extend(self.in_table(rules, at, store.value))
                elif store.key is not None and last_name(store.base) == name:
                    at = At(path, facts, store.scope, -1, store.span[0])
                    found.extend(self.in_entry(rules, at, store.value))
            for call in giving:
                for value in handed_to(name, call):
                    found.extend(self.in_table(rules, self.evaluator.at_call(path, facts, call), value))
        return found

    def in_table(self, rules: list[Rule], at: At, value: AnyExpr) -> list[Draft]:
        """The named entries of a dict of dicts, or of those that a workspace function puts together."""
        while isinstance(value, Typed) and value.value is not None:
            value = value.value
        if isinstance(value, Map):
            return [d for entry in value.values for d in self.in_entry(rules, at, entry)]
        if isinstance(value, CallRef):
            return self.in_function(rules, at, value)
        return []

    def in_function(self, rules: list[Rule], at: At, ref: CallRef) -> list[Draft]:
        """`beat_schedule = schedule()`: the entries that are written out in that function."""
        found: list[Draft] = []
        for callee in self.evaluator.callees(at.path, at.facts, at.facts.calls[ref.index]):
            facts = self.workspace.facts(callee.path) if isinstance(callee, Function) else None
            if not isinstance(callee, Function) or facts is None:
                continue
            index = self.workspace.scope(callee.path, callee.key)
            scope = facts.scopes[index]
            inner = At(callee.path, facts, index)
            written = [b.value for bindings in scope.names.values() for b in bindings]
            written += [s.value for s in facts.stores if s.scope == index]
            for expr in (*written, *scope.returns):
                for entry in displays(expr):
                    plain = [
                        r
                        for r in rules
                        if any(
                            k == Lit(r.pattern.entry) and isinstance(v, Lit | Name | Attr)
                            for k, v in zip(entry.keys, entry.values, strict=True)
                        )
                    ]
                    found.extend(self.in_entry(plain, inner, entry))
        return list(dict.fromkeys(found))

    def in_entry(self, rules: list[Rule], at: At, entry: AnyExpr) -> list[Draft]:
        """One entry: a dict that names an event."""
        found: list[Draft] = []
        pairs: list[tuple[AnyExpr, AnyExpr, int]] = []
        if isinstance(entry, Map):
            pairs = [
                (k, v, n)
                for k, v, n in zip(entry.keys, entry.values, at.facts.displays[entry.place], strict=True)
                if k is not None
            ]
        elif isinstance(entry, CallRef) and at.facts.calls[entry.index].name == "dict":
            made = at.facts.calls[entry.index]
            pairs = [(Lit(k), v, made.span[0]) for k, v in made.keywords]
        for key, inner, line in pairs:
            for rule in rules:
                if key == Lit(rule.pattern.entry):
                    names = [
                        n
                        for v in self.evaluator.eval(at, inner)
                        for n in self.name_of(v, EventSpec(receiver=True, unresolved="path"))
                    ]
                    scope = at.facts.scopes[at.scope].key
                    found.extend(
                        Draft(rule.kind, rule.dialect.name, rule.dialect.carrier, n, at.path, (line, 0, line, 0), scope,
                              reason="table")
                        for n in names
                    )  # fmt: skip
        return found

    def of_arguments(self, path: str, facts: FileFacts) -> list[Draft]:
        """Publishing methods that are passed on uncalled: `run(task.delay)`, `partial(task.delay, 1)`."""
        found: list[Draft] = []
        hot = self.hot
        handed = facts.summary.handed
        indexes = {index for name in hot.intersection(handed) for index in handed[name]}
        passed = [
            (call, expr)
            for call in map(facts.calls.__getitem__, sorted(indexes))
            for expr in (*call.args, *[value for _, value in call.keywords])
            if type(expr) is Attr and expr.name in hot
        ]
        for call, expr in passed:
            at = self.evaluator.at_call(path, facts, call)
            for value in self.evaluator.eval(at, expr):
                if not isinstance(value, Method) or not isinstance(value.owner, Made):
                    continue
                scope = facts.scopes[call.scope].key
                given = Given(path, facts, None, at, call.span, scope, value.owner, "")
                for rule in self.rules(value):
                    if rule.kind == "publish" and rule.pattern.event.receiver:
                        found.extend(
                            msgspec.structs.replace(d, reason="passed-on") for d in self.apply(rule, given)
                        )
        return found


def handed_to(name: str, call: Call) -> list[AnyExpr]:
    """What a call gives to a table: `f(name={...})`, `name.update({...})`."""
    found = [value for keyword, value in call.keywords if keyword == name]
    if call.name == "update" and isinstance(call.func, Attr) and last_name(call.func.base) == name:
        found.extend(call.args)
    return found


def displays(expr: AnyExpr) -> list[Map]:
    """The dicts written out in an expression, inner ones included."""
    match expr:
        case Map(values=values):
            return [expr, *(m for v in values for m in displays(v))]
        case Seq(items=items):
            return [m for v in items for m in displays(v)]
        case Typed(value=value) if value is not None:
            return displays(value)
        case _:
            return []
