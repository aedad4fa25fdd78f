"""What calls give: encoders give their message on, constructors make one, functions of the workspace build one."""

from __future__ import annotations

from pubsub_devtools_analysis.facts import AnyExpr, Attr, Call, Scope
from pubsub_devtools_analysis.fields.arguments import arguments, entering
from pubsub_devtools_analysis.fields.encoders import DICTS, ENCODERS, METHODS
from pubsub_devtools_analysis.fields.shape import OPAQUE, Shape, merged
from pubsub_devtools_analysis.fields.spot import Filled, Spot
from pubsub_devtools_analysis.fields.variables import Variables
from pubsub_devtools_analysis.values import Bound, Class, External, Function, Instance, Value


class Calls(Variables):
    """What calls give."""

    def call(self, spot: Spot, index: int) -> Shape:
        """The shape of a call's result."""
        at = spot.at
        call = at.facts.calls[index]
        callees = self.evaluator.callees(at.path, at.facts, call)
        found = [shape for callee in callees if (shape := self.result(spot, call, callee)) is not None]
        known = merged(found) if found else OPAQUE
        if known != OPAQUE:
            return known
        if isinstance(call.func, Attr) and call.name in METHODS:
            return self.passed_on(spot, call.func.base, call)
        return self.instances(self.evaluator.result(at.path, index)) if not found else known

    def result(self, spot: Spot, call: Call, callee: Value) -> Shape | None:
        """What calling one value gives; nothing where that cannot be told."""
        match callee:
            case Class():
                return self.constructed(spot, callee, call)
            case Function():
                return self.built(spot, call, callee, is_bound=False)
            case Bound(function=function, owner=owner):
                is_bound = isinstance(owner, Instance | Class)
                return self.built(spot, call, function, is_bound=is_bound)
            case External(path=path) if path in ENCODERS:
                name, place = ENCODERS[path]
                expr = call.args[place] if place < len(call.args) else dict(call.keywords).get(name)
                return None if expr is None else self.passed_on(spot, expr, call)
            case External(path=path) if path in DICTS:
                return self.dictionary(spot, call)
            case External(path=path) if self.makes_message(path, call):
                return self.keywords(arguments(self.evaluator, spot, call).keywords)
            case _:
                return None

    def passed_on(self, spot: Spot, expr: AnyExpr, call: Call) -> Shape:
        """A message in another form; `replace(message, total=3)` gives fields besides."""
        found = self.shape(spot, expr)
        if call.name in ("replace", "_replace", "evolve"):
            return merged((found, self.keywords(arguments(self.evaluator, spot, call).keywords)))
        if call.name in ("copy", "model_copy"):
            update = dict(call.keywords).get("update")
            return found if update is None else merged((found, self.shape(spot, update)))
        return found

    def dictionary(self, spot: Spot, call: Call) -> Shape:
        """`dict(other, total=3)`."""
        given = arguments(self.evaluator, spot, call)
        first = [self.shape(f.spot, f.expr) for f in given.positional if f.expr is not None]
        return merged((*first, self.keywords(given.keywords), Shape(open=given.open)))

    def makes_message(self, path: str, call: Call) -> bool:
        """Whether a class from outside the workspace is given fields by name, and is none of a framework's own."""
        last = path.rpartition(".")[2]
        return (
            self.is_loose
            and last[:1].isupper()
            and not last.isupper()
            and bool(call.keywords)
            and not call.args
            and not self.finder.is_library(path)
        )

    def built(self, spot: Spot, call: Call, function: Function, is_bound: bool) -> Shape | None:
        """What a function of the workspace returns for a call's arguments."""
        facts = self.workspace.facts(function.path)
        if facts is None:
            return None
        inside = entering(self.evaluator, spot, call, function, is_bound)
        scope = facts.scopes[inside.at.scope]
        return self.returned(inside, scope)

    def returned(self, inside: Spot, scope: Scope) -> Shape | None:
        """What a function returns, else the whole of the class that its annotation names."""
        found = merged(self.shape(inside, value) for value in scope.returns) if scope.returns else OPAQUE
        if found.open and not found.parts and scope.annotation is not None:
            at = inside.at
            outside = type(at)(at.path, at.facts, scope.parent, scope.block, scope.span[0])
            return self.instances(self.evaluator.annotated(outside, scope.annotation))
        return found

    def instance(self, value: Instance) -> Shape:
        """An instance: what its constructor was given where that is known, else all its fields."""
        facts = self.workspace.facts(value.call[0]) if value.call is not None else None
        if value.call is None or facts is None:
            return self.whole(value.cls)
        call = facts.calls[value.call[1]]
        at = self.evaluator.at_call(value.call[0], facts, call)
        if value.cls not in self.evaluator.callees(value.call[0], facts, call):
            return self.whole(value.cls)
        return self.constructed(Spot(at, {}), value.cls, call)

    def argument(self, spot: Spot, call: Call, places: tuple[str | int, ...]) -> Filled | None:
        """The first of these arguments that a call gives, laid open."""
        given = arguments(self.evaluator, spot, call)
        for place in places:
            if isinstance(place, str):
                found = dict(given.keywords).get(place)
                if found is not None:
                    return found
            elif place < len(given.positional) and not given.open:
                return given.positional[place]
        return None
