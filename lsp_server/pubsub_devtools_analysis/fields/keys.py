"""The fields that a publish gives, and whether it may give more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pubsub_devtools.model import FieldUse
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.facts import AnyExpr, Attr, Call, FileFacts, Lit, Map, Seq
from pubsub_devtools_analysis.fields.arguments import arguments
from pubsub_devtools_analysis.fields.buses import Buses
from pubsub_devtools_analysis.fields.giving import givings, starts
from pubsub_devtools_analysis.fields.shape import OPAQUE, Shape, merged, uses
from pubsub_devtools_analysis.fields.spot import Filled, Spot
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.values import Function, Instance, Items, Made, Method, Str


class Keys(NamedTuple):
    """The fields that a publish gives; `open` where it may give more."""

    keys: tuple[FieldUse, ...]
    open: bool


NONE = Keys((), open=True)


def keys_of(finder: Finder, draft: Draft, task: Function | None) -> Keys:
    """The fields that a publish gives.

    Args:
        finder: answers what stands in other files.
        draft: the publish.
        task: who handles the event; its parameters name the positional arguments of those who publish a task by its name.
    """
    key = ("keys", draft.path, (draft, task))
    return finder.memo.get(key, lambda: _keys_of(finder, draft, task), NONE)


def _keys_of(finder: Finder, draft: Draft, task: Function | None) -> Keys:
    shape = Publish(finder, draft, task).shape_given()
    return Keys(tuple(uses(shape)), shape.open)


class Publish(Buses):
    """One publish."""

    def __init__(self, finder: Finder, draft: Draft, task: Function | None) -> None:
        super().__init__(finder)
        self.draft = draft
        self.task = task
        self.carrier = (
            draft.name.text if isinstance(draft.name, Str) and draft.name.text in finder.classes else ""
        )

    def shape_given(self) -> Shape:
        """The shape of what the publish gives."""
        facts = self.workspace.facts(self.draft.path)
        if facts is None:
            return OPAQUE
        if self.draft.reason == "table":
            return merged(self.scheduled(facts))
        if self.draft.reason == "passed-on":
            return self.handed_over(facts)
        if self.carrier:
            found = list(self.carried(facts, self.carrier))
            if found:
                return merged(found)
        return self.called_with()

    def called_with(self) -> Shape:
        """What the framework's own call gives, through the wrappers on the way to it."""
        found = [
            self.given(giving if giving.function is not None else giving._replace(function=self.task))
            for giving in givings(self.finder, self.draft)
        ]
        return merged(found) if found else OPAQUE

    # -- messages that are known by their class

    def carried(self, facts: FileFacts, symbol: str) -> Iterator[Shape]:
        """The arguments at the site that are of a class that names the event, by its dotted path."""
        for index in starts(facts, self.draft):
            call = facts.calls[index]
            spot = Spot(self.evaluator.at_call(self.draft.path, facts, call), {})
            for expr in (*call.args, *(value for _, value in call.keywords)):
                if self.holds(spot, expr, symbol):
                    self.wanted, self.is_seen = symbol, False
                    found = self.shape(spot, expr)
                    self.wanted = ""
                    if self.is_seen:
                        yield found

    def holds(self, spot: Spot, expr: AnyExpr, symbol: str) -> bool:
        """Whether an expression can be an instance of a class, or a list with one."""
        values = list(self.evaluator.eval(spot.at, expr))
        values += [v for value in values if isinstance(value, Items) for group in value.items for v in group]
        return any(isinstance(v, Instance) and self.symbol(v.cls) == symbol for v in values)

    # -- schedules

    def scheduled(self, facts: FileFacts) -> Iterator[Shape]:
        """An entry of a table: a dict that names a task, beside its arguments."""
        line = self.draft.span[0]
        for spot, entry in _entries(self.draft.path, facts):
            names = dict(zip(map(_text, entry.keys), entry.values, strict=True))
            lines = dict(zip(map(_text, entry.keys), facts.displays[entry.place], strict=True))
            for rule in [r for rules in self.finder.known.tables.values() for r in rules]:
                if lines.get(rule.pattern.entry) != line or rule.dialect.name != self.draft.dialect:
                    continue
                args, kwargs = (
                    next((Filled(spot, names[str(p)]) for p in places if str(p) in names), None)
                    for places in (rule.pattern.payload, rule.pattern.payload_keywords)
                )
                call = Call(entry, (), (), spot.at.scope, -1, self.draft.span, "", line, ())
                yield self.unpacked(args, kwargs, call, rule.pattern, self.task)
                return

    # -- methods that are passed on

    def handed_over(self, facts: FileFacts) -> Shape:
        """`on_commit(task.delay)`, `partial(task.delay, 1)`: the arguments beside the method are its own."""
        for index in starts(facts, self.draft):
            call = facts.calls[index]
            spot = Spot(self.evaluator.at_call(self.draft.path, facts, call), {})
            for number, expr in enumerate(call.args):
                values = self.evaluator.eval(spot.at, expr) if isinstance(expr, Attr) else ()
                made = [v.owner for v in values if isinstance(v, Method) and isinstance(v.owner, Made)]
                if not made:
                    continue
                rules = [r for v in values for r in self.finder.rules(v) if r.kind == "publish"]
                if rules and rules[0].pattern.payload_form == "arguments":
                    given = arguments(self.evaluator, spot, call).after(number + 1)
                    own = given if call.name == "partial" else given._replace(keywords=())
                    found = self.by_parameters(own, rules[0].pattern, made[0].function or self.task)
                    return merged((found, Shape(open=own is not given and bool(given.keywords))))
        return OPAQUE


def _entries(path: str, facts: FileFacts) -> Iterator[tuple[Spot, Map]]:
    """All dicts of a file that are bound, stored or returned somewhere, inner ones included."""
    for index, scope in enumerate(facts.scopes):
        at = At(path, facts, index)
        written = [b.value for group in scope.names.values() for b in group]
        written += [m.value for group in scope.attrs.values() for m in group]
        for expr in (*written, *scope.returns):
            yield from ((Spot(at, {}), m) for m in _maps(expr))
    for store in facts.stores:
        yield from ((Spot(At(path, facts, store.scope), {}), m) for m in _maps(store.value))
    for call in facts.calls:
        for expr in (*call.args, *(value for _, value in call.keywords)):
            yield from ((Spot(At(path, facts, call.scope), {}), m) for m in _maps(expr))


def _maps(expr: AnyExpr) -> Iterator[Map]:
    match expr:
        case Map(values=values):
            yield expr
            for value in values:
                yield from _maps(value)
        case Seq(items=items):
            for item in items:
                yield from _maps(item)
        case _:
            inner = getattr(expr, "value", None)
            if isinstance(inner, Map | Seq):
                yield from _maps(inner)


def _text(key: AnyExpr | None) -> str:
    return key.value if isinstance(key, Lit) and isinstance(key.value, str) else ""
