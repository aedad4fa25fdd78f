"""The arguments of a call, and the inside of the function that gets them."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from pubsub_devtools_analysis.evaluation import At, Evaluator, argument_of
from pubsub_devtools_analysis.facts import AnyExpr, Attr, Call, Name, Param, Seq, Star
from pubsub_devtools_analysis.fields.spot import Filled, Spot, items, source
from pubsub_devtools_analysis.values import Argument, Function


class Arguments(NamedTuple):
    """The arguments of a call, those included that come in `*args` and `**options` of a function that is known.

    `open`: there may be more positional ones, which cannot be told.
    """

    positional: tuple[Filled, ...]
    keywords: tuple[tuple[str, Filled], ...]
    open: bool

    def after(self, position: int) -> Arguments:
        """The arguments without the first positional ones."""
        return self._replace(positional=self.positional[position:])

    def lacking(self, names: tuple[str, ...]) -> Arguments:
        """The arguments without some keywords."""
        return self._replace(keywords=tuple((n, f) for n, f in self.keywords if n not in names))


def arguments(evaluator: Evaluator, spot: Spot, call: Call) -> Arguments:
    """The arguments of a call, stars laid open as far as it can be told what they hold."""
    positional: list[Filled] = []
    keywords: list[tuple[str, Filled]] = []
    more = False
    for expr in call.args:
        if not isinstance(expr, Star):
            positional.append(Filled(spot, expr))
            continue
        inner = items(evaluator, Filled(spot, expr.value))
        known = [f for f in inner or () if not isinstance(f.expr, Star)]
        more = more or inner is None or len(known) < len(inner)
        positional.extend(known)
    for name, expr in call.keywords:
        options = optional(spot, expr) if name == "**" else None
        if options is None:
            keywords.append((name, Filled(spot, expr)))
        else:
            keywords.extend((key, Filled(options.spot, value)) for key, value in options.keywords)
    return Arguments(tuple(positional), tuple(keywords), more)


def optional(spot: Spot, expr: AnyExpr) -> Filled | None:
    """The keywords that a caller gave for the `**options` that an expression is."""
    found = source(spot, expr) if isinstance(expr, Name) else None
    return found if found is not None and found.expr is None else None


def entering(evaluator: Evaluator, spot: Spot, call: Call, function: Function, is_bound: bool) -> Spot:
    """The inside of a function that a call at a place calls.

    Args:
        evaluator: answers what stands in other files.
        spot: where the call stands.
        call: the call.
        function: what it calls.
        is_bound: whether the first parameter is given by the object that the method is called on.
    """
    facts = evaluator.workspace.facts(function.path)
    if facts is None:
        return Spot(spot.at, {})
    index = evaluator.workspace.scope(function.path, function.key)
    scope = facts.scopes[index]
    outside = Spot(At(function.path, facts, scope.parent, scope.block, scope.span[0]), {})
    place, laid = laid_open(evaluator, spot, call)
    given: dict[Argument, Filled] = dict(spot.given)
    for number, param in enumerate(scope.params):
        filled = _given(place, laid, scope.params, param, is_bound)
        if filled is None and is_bound and number == 0 and isinstance(call.func, Attr):
            filled = Filled(spot, call.func.base)
        if filled is None and param.default is not None and "**" not in dict(call.keywords):
            filled = Filled(outside, param.default)
        argument = Argument(function.path, function.key, param.name)
        given.pop(argument, None)
        if filled is not None:
            given[argument] = filled
    return Spot(At(function.path, facts, index), given)


def laid_open(evaluator: Evaluator, spot: Spot, call: Call) -> tuple[Spot, Call]:
    """A call that only hands on what its own function got, as the call of that function; any other as it is."""
    stars = [arg.value for arg in call.args if isinstance(arg, Star)]
    options = [value for name, value in call.keywords if name == "**"]
    if len(stars) != len(call.args) or len(options) != len(call.keywords) or not (stars or options):
        return spot, call
    found = arguments(evaluator, spot, call)
    spots = [f.spot for f in (*found.positional, *(f for _, f in found.keywords))]
    if not spots or found.open or any(s.at is not spots[0].at for s in spots):
        return spot, call
    args = tuple(f.expr for f in found.positional if f.expr is not None)
    keywords = tuple((n, f.expr) for n, f in found.keywords if f.expr is not None)
    return spots[0], msgspec.structs.replace(call, args=args, keywords=keywords)


def _given(spot: Spot, call: Call, params: tuple[Param, ...], param: Param, is_bound: bool) -> Filled | None:
    if param.kind == "**":
        names = {p.name for p in params if p.kind in "pk"}
        return Filled(spot, None, tuple((k, v) for k, v in call.keywords if k not in names))
    expr = argument_of(call, params, param.name, method=is_bound)
    if param.kind == "*" and expr is None:
        expr = Seq(())
    return None if expr is None else Filled(spot, expr)
