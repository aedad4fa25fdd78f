"""Hand-written buses: which arguments of a publishing call its handlers are called with."""

from __future__ import annotations

from pubsub_devtools_analysis.facts import AnyExpr, Call, FileFacts, Name, ParamRef, Scope, Star
from pubsub_devtools_analysis.fields.arguments import Arguments, arguments
from pubsub_devtools_analysis.fields.forms import Forms
from pubsub_devtools_analysis.fields.giving import Giving
from pubsub_devtools_analysis.fields.shape import OPAQUE, Shape
from pubsub_devtools_analysis.fields.spot import Filled
from pubsub_devtools_analysis.values import Str


class Buses(Forms):
    """Hand-written buses."""

    def given(self, giving: Giving) -> Shape:
        """The fields that a call gives; a hand-written bus has no pattern that tells their form."""
        return self.to_bus(giving) if giving.pattern is None else super().given(giving)

    def to_bus(self, giving: Giving) -> Shape:
        """The argument that names the event is the message where handlers get it, else all that they are called with."""
        call, function = giving.call, giving.function
        facts = self.workspace.facts(function.path) if function is not None else None
        if call is None or function is None or facts is None:
            return OPAQUE
        index = self.workspace.scope(function.path, function.key)
        given = arguments(self.evaluator, giving.spot, call)
        named, rest = _by_parameters(facts.scopes[index], given)
        key = named.pop(giving.key, None)
        handed = handed_on(facts, index)
        if key is not None and key.expr is not None and giving.key in (handed or ()):
            values = self.evaluator.eval(key.spot.at, key.expr)
            if not any(isinstance(v, Str) for v in values):
                return self.shape(key.spot, key.expr)
        objects = [f for name, f in named.items() if handed is None or name in handed]
        return self.handed(rest._replace(positional=(*objects, *rest.positional)))


def _by_parameters(scope: Scope, given: Arguments) -> tuple[dict[str, Filled], Arguments]:
    """The arguments by the parameters that take them, and those that no parameter has a name for."""
    names = [p.name for p in scope.params if p.kind == "p"]
    if names and names[0] in ("self", "cls"):
        names = names[1:]
    own = (*names, *(p.name for p in scope.params if p.kind == "k"))
    named = dict(zip(names, given.positional, strict=False))
    named.update({name: filled for name, filled in given.keywords if name in own})
    return named, given.after(len(names)).lacking(own)


def handed_on(facts: FileFacts, index: int) -> set[str] | None:
    """The parameters of a bus's function that it calls handlers with; none where no such call is seen.

    A handler is called by a local name that is no parameter: the variable of a loop, or what a table gave.
    """
    inside = {index}
    for number, scope in enumerate(facts.scopes):
        if scope.parent in inside:
            inside.add(number)
    local = {
        name
        for number in inside
        for name, bindings in facts.scopes[number].names.items()
        if not any(isinstance(b.value, ParamRef) for b in bindings)
    }
    calls = [c for c in facts.calls if c.scope in inside and isinstance(c.func, Name) and c.func.id in local]
    return {name for call in calls for name in _names(call)} if calls else None


def _names(call: Call) -> set[str]:
    """The variables among a call's arguments."""
    given: list[AnyExpr] = [a.value if isinstance(a, Star) else a for a in call.args]
    given += [value for _, value in call.keywords]
    return {expr.id for expr in given if isinstance(expr, Name)}
