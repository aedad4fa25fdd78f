"""Names: what is bound to them, and what is put into it before it is used."""

from __future__ import annotations

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.evaluation import LATE, At, final, reach
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Attr,
    Binding,
    Call,
    Import,
    Lit,
    Name,
    ParamRef,
    Scope,
)
from pubsub_devtools_analysis.fields.records import Records
from pubsub_devtools_analysis.fields.shape import EMPTY, OPAQUE, Part, Shape, merged, without
from pubsub_devtools_analysis.fields.spot import Filled, Spot
from pubsub_devtools_analysis.fields.types import type_of
from pubsub_devtools_analysis.values import Argument, Instance, Items, Str, Values

_ADDING = ("update", "setdefault", "append", "extend", "appendleft", "add", "pop")


class Variables(Records):
    """Names: what is bound to them, and what is put into it before it is used."""

    def name(self, spot: Spot, name: str) -> Shape:
        """What a name holds where it stands."""
        at, here, index = spot.at, True, spot.at.scope
        while index >= 0:
            scope = at.facts.scopes[index]
            if scope.names.get(name) and (scope.kind != "class" or index == at.scope):
                return self.variable(spot, index, name, here)
            here = here and scope.kind not in ("function", "class")
            index = scope.parent
        return self.instances(self.evaluator.eval(at, Name(name)))

    def variable(self, spot: Spot, index: int, name: str, here: bool) -> Shape:
        """What a variable of a scope holds, with all that is put into it on the way."""
        at = spot.at
        scope = at.facts.scopes[index]
        bindings = reaching = scope.names[name]
        if scope.kind != "comp":
            late = not here or at.line == LATE
            reaching = (
                final(bindings, at.facts) if late else reach(bindings, at.facts.blocks, at.block, at.line)
            )
        reaching = sorted(reaching, key=lambda binding: binding.line)
        found = merged(self.binding(spot, index, binding) for binding in reaching)
        since = reaching[0].line
        until = at.line if here else LATE
        return self.changed(
            Spot(At(at.path, at.facts, index, at.block, until), spot.given), name, since, found
        )

    def binding(self, spot: Spot, index: int, binding: Binding) -> Shape:
        """What one binding gives a name; nothing more where it stands on itself, in a loop."""
        at = spot.at
        key = (at.path, index, binding.line, id(binding.value))
        if key in self.active:
            return EMPTY
        self.active.add(key)
        try:
            return self.bound(spot, index, binding)
        finally:
            self.active.discard(key)

    def bound(self, spot: Spot, index: int, binding: Binding) -> Shape:
        """The shape of a binding's value."""
        at = spot.at
        match binding.value:
            case ParamRef(name=name):
                return self.parameter(Spot(At(at.path, at.facts, index), spot.given), name)
            case Import() as node:
                return self.imported(at.path, node)
            case value:
                inner = At(at.path, at.facts, index, binding.block, binding.line)
                return self.shape(Spot(inner, spot.given), value)

    def parameter(self, spot: Spot, name: str) -> Shape:
        """What a caller on the way gives for a parameter, else the whole object that its annotation names."""
        at = spot.at
        scope = at.facts.scopes[at.scope]
        filled = spot.given.get(Argument(at.path, scope.key, name))
        found = OPAQUE if filled is None else self.filled(filled)
        if found != OPAQUE:
            return found
        return self.instances(self.annotated(at, scope, name))

    def annotated(self, at: At, scope: Scope, name: str) -> Values:
        """What a parameter is by its annotation, or by being a method's own object."""
        param = next((p for p in scope.params if p.name == name), None)
        if param is None or param.kind not in "pk":
            return ()
        if param.annotation is not None:
            outside = At(at.path, at.facts, scope.parent, scope.block, scope.span[0])
            return self.evaluator.annotated(outside, param.annotation)
        found = self.evaluator.eval(at, ParamRef(name))
        return tuple(v for v in found if isinstance(v, Instance))

    def filled(self, filled: Filled) -> Shape:
        """What a caller gives: an expression, or keywords."""
        if filled.expr is not None:
            return self.shape(filled.spot, filled.expr)
        if filled.items or filled.open:
            return merged((*map(self.filled, filled.items), Shape(open=filled.open)))
        return self.keywords(filled.keywords)

    def imported(self, path: str, node: Import) -> Shape:
        """A constant or an object of another module."""
        target = self.evaluator.find_module(path, node.module, node.level)
        facts = self.workspace.facts(target) if target and not target.endswith("/") else None
        if target is None or facts is None or not facts.scopes[0].names.get(node.name):
            return OPAQUE
        return self.variable(Spot(At(target, facts, 0), {}), 0, node.name, here=True)

    def instances(self, values: Values) -> Shape:
        """The whole of what is known to be an instance of a class that carries data, or a list of such."""
        shapes = [self.instance(v) for v in values if isinstance(v, Instance)]
        shapes += [self.instances(group) for v in values if isinstance(v, Items) for group in v.items]
        return merged(shapes) if shapes else OPAQUE

    # -- what is put into a variable

    def changed(self, spot: Spot, name: str, since: int, shape: Shape) -> Shape:
        """A variable's shape after what is stored in it, between its binding and its use."""
        added = [*self.stored(spot, name, since), *self.called(spot, name, since)]
        gone = {part.name for kind, put in added if kind == "pop" for part in put.parts}
        found = merged((shape, *(put for kind, put in added if kind != "pop"))) if added else shape
        return without(found, gone) if gone else found

    def stored(self, spot: Spot, name: str, since: int) -> list[tuple[str, Shape]]:
        """`payload["x"] = 1`."""
        at = spot.at
        found: list[tuple[str, Shape]] = []
        for store in at.facts.stores:
            if store.scope != at.scope or store.base != Name(name) or not since <= store.span[0] <= at.line:
                continue
            place = Place(at.path, *store.span)
            before = Spot(At(at.path, at.facts, at.scope, at.block, store.span[0]), spot.given)
            kind = type_of(self.evaluator, before, store.value)
            if store.key is not None:
                names = self.texts(before, store.key)
                inner = self.nested(Filled(before, store.value))
                found.append(
                    ("put", Shape(tuple(Part(n, place, kind, inner) for n in names), open=not names))
                )
            elif store.attr and self.is_loose and self.shape_of_record(before, name):
                found.append(("put", Shape((Part(store.attr, place, kind),))))
        return found

    def shape_of_record(self, spot: Spot, name: str) -> bool:
        """Whether a variable holds an object of a class that carries data."""
        values = self.evaluator.eval(spot.at, Name(name))
        return any(isinstance(v, Instance) and self.is_record(v.cls) for v in values)

    def called(self, spot: Spot, name: str, since: int) -> list[tuple[str, Shape]]:
        """`payload.update({...})`, `messages.append(Message(...))`."""
        at = spot.at
        found: list[tuple[str, Shape]] = []
        for method in _ADDING:
            for index in at.facts.called.get(method, ()):
                call = at.facts.calls[index]
                is_its = isinstance(call.func, Attr) and call.func.base == Name(name)
                if is_its and call.scope == at.scope and since <= call.line <= at.line:
                    inner = self.evaluator.at_call(at.path, at.facts, call)
                    found.append((method, self.put(Spot(inner, spot.given), method, call)))
        return found

    def put(self, spot: Spot, method: str, call: Call) -> Shape:
        """What one such call adds, or takes away."""
        if method in ("setdefault", "pop"):
            place = Place(spot.at.path, *call.span)
            names = self.texts(spot, call.args[0]) if call.args else []
            return Shape(tuple(Part(n, place) for n in names), open=method == "setdefault" and not names)
        if method == "update":
            pairs = tuple((k, Filled(spot, v)) for k, v in call.keywords)
            return merged((*(self.shape(spot, arg) for arg in call.args), self.keywords(pairs)))
        return merged(self.shape(spot, arg) for arg in call.args[-1:])

    def texts(self, spot: Spot, key: AnyExpr) -> list[str]:
        """The texts that a key can be."""
        if isinstance(key, Lit):
            return [key.value] if isinstance(key.value, str) else []
        return [v.text for v in self.evaluator.eval(spot.at, key) if isinstance(v, Str)]
