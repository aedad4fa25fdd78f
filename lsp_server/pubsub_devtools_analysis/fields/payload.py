"""The shape of a payload, from the expression that gives it."""

from __future__ import annotations

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    CallRef,
    Either,
    Element,
    Entered,
    Item,
    Lit,
    Map,
    Name,
    ParamRef,
    ScopeRef,
    Seq,
    Star,
    Sub,
    Typed,
)
from pubsub_devtools_analysis.fields.calls import Calls
from pubsub_devtools_analysis.fields.shape import EMPTY, OPAQUE, Part, Shape, merged
from pubsub_devtools_analysis.fields.spot import Filled, Spot, origin
from pubsub_devtools_analysis.fields.types import type_of
from pubsub_devtools_analysis.values import Class, Instance, Table

DEEPEST = 40
MOST_STEPS = 3000


class Payloads(Calls):
    """The shape of a payload, from the expression that gives it."""

    def shape(self, spot: Spot, expr: AnyExpr) -> Shape:
        """The shape of what an expression gives."""
        if self.depth > DEEPEST or self.steps > MOST_STEPS:
            return OPAQUE
        self.depth += 1
        self.steps += 1
        try:
            return self._shape(spot, expr)
        finally:
            self.depth -= 1

    def _shape(self, spot: Spot, expr: AnyExpr) -> Shape:
        match expr:
            case Map():
                return self.display(spot, expr)
            case Name(id=name):
                return self.name(spot, name)
            case CallRef(index=index):
                return self.call(spot, index)
            case Attr():
                return self.attribute(spot, expr)
            case Typed(annotation=annotation, value=value):
                found = OPAQUE if value is None else self.shape(spot, value)
                return (
                    found
                    if found != OPAQUE
                    else self.instances(self.evaluator.annotated(spot.at, annotation))
                )
            case Either(options=options):
                return merged(self.shape(spot, option) for option in options)
            case Seq(items=items):
                return merged(self.shape(spot, item) for item in items)
            case Star(value=value):
                return self.shape(spot, value)
            case Element(value=value):
                return self.element(spot, value)
            case Item(value=value, index=index):
                return self.item(spot, value, index)
            case Sub(base=base, key=key):
                return self.subscript(spot, base, key)
            case Lit(value=None):
                return EMPTY
            case ParamRef(name=name):
                return self.parameter(spot, name)
            case ScopeRef(index=index) if spot.at.facts.scopes[index].kind == "comp":
                return self.comprehension(spot, index)
            case Entered():
                return self.instances(self.evaluator.eval(spot.at, expr))
            case _:
                return OPAQUE

    def display(self, spot: Spot, display: Map) -> Shape:
        """A dict that is written out."""
        lines = spot.at.facts.displays[display.place]
        found: list[Shape] = []
        outer, self.wanted = self.wanted, ""
        for key, value, line in zip(display.keys, display.values, lines, strict=True):
            if key is None:
                found.append(self.shape(spot, value))
                continue
            names = self.texts(spot, key)
            place = Place(spot.at.path, line, 0, line, 0)
            kind = type_of(self.evaluator, spot, value)
            inner = self.nested(Filled(spot, value))
            found.append(Shape(tuple(Part(n, place, kind, inner) for n in names), open=not names))
        self.wanted = outer
        return merged(found)

    def attribute(self, spot: Spot, expr: Attr) -> Shape:
        """`self.payload`, `module.PAYLOAD`, a field of a message that is known."""
        values = self.evaluator.eval(spot.at, expr)
        if any(isinstance(v, Instance) for v in values):
            return self.instances(values)
        for owner in self.evaluator.eval(spot.at, expr.base):
            if isinstance(owner, Instance | Class):
                cls = owner.cls if isinstance(owner, Instance) else owner
                return self.member(cls, expr.name)
        if isinstance(expr.base, Name):
            part = self.shape(spot, expr.base).part(expr.name)
            return OPAQUE if part is None or part.inner is None else part.inner
        return OPAQUE

    def member(self, cls: Class, name: str) -> Shape:
        """What a class keeps under a name; more may be put into it elsewhere."""
        found: list[Shape] = []
        for base in self.evaluator.ancestors(cls):
            facts = self.workspace.facts(base.path) if isinstance(base, Class) else None
            if not isinstance(base, Class) or facts is None:
                continue
            scope = self.workspace.get(base.path, base.key)
            for member in scope.attrs.get(name, ()):
                at = At(base.path, facts, member.scope, member.block, member.line)
                found.append(self.shape(Spot(at, {}), member.value))
            index = self.workspace.scope(base.path, base.key)
            for binding in scope.names.get(name, ()):
                at = At(base.path, facts, index, binding.block, binding.line)
                found.append(self.shape(Spot(at, {}), binding.value))
            if found:
                break
        return merged(found)._replace(open=True) if found else OPAQUE

    def element(self, spot: Spot, expr: AnyExpr) -> Shape:
        """An element of what is looped over: a message of a batch, never the key of a dict."""
        if isinstance(expr, Map) or any(isinstance(v, Table) for v in self.evaluator.eval(spot.at, expr)):
            return OPAQUE
        return self.shape(spot, expr)

    def item(self, spot: Spot, expr: AnyExpr, index: int) -> Shape:
        """A part of what is unpacked: `for number, message in enumerate(messages)`."""
        if isinstance(expr, Element) and isinstance(expr.value, CallRef):
            call = spot.at.facts.calls[expr.value.index]
            numbers = {"enumerate": index - 1, "zip": index}
            sources = [arg for i, arg in enumerate(call.args) if i == numbers.get(call.name)]
            if sources:
                return self.element(spot, sources[0])
        return self.instances(self.evaluator.eval(spot.at, Item(expr, index)))

    def subscript(self, spot: Spot, base: AnyExpr, key: AnyExpr) -> Shape:
        """An element of a list, or an entry of a dict that is written out."""
        if isinstance(key, Lit) and isinstance(key.value, int):
            return self.element(spot, base)
        values = self.evaluator.eval(spot.at, Sub(base, key))
        if any(isinstance(v, Instance) for v in values):
            return self.instances(values)
        names = self.texts(spot, key)
        found = self.shape(spot, base)
        parts = [part for name in names if (part := found.part(name)) is not None]
        return merged(part.inner or OPAQUE for part in parts) if parts else OPAQUE

    def comprehension(self, spot: Spot, index: int) -> Shape:
        """The messages that a comprehension makes."""
        at = spot.at
        inner = Spot(At(at.path, at.facts, index, at.block, at.line), spot.given)
        return merged(self.shape(inner, value) for value in at.facts.scopes[index].returns)

    def written_out(self, spot: Spot, expr: AnyExpr) -> Shape | None:
        """The shape of an expression that is a dict or a constructor's call, directly or through one variable."""
        match expr:
            case Map():
                return self.shape(spot, expr)
            case CallRef(index=index):
                call = spot.at.facts.calls[index]
                callees = self.evaluator.callees(spot.at.path, spot.at.facts, call)
                is_made = any(isinstance(v, Class) and self.is_record(v) for v in callees)
                return self.shape(spot, expr) if is_made or call.func == Name("dict") else None
            case Name():
                found = origin(Filled(spot, expr))
                is_one = isinstance(found.expr, Map | CallRef)
                if is_one and found.expr is not None and self.written_out(found.spot, found.expr) is not None:
                    return self.shape(spot, expr)
                return None
            case _:
                return None
