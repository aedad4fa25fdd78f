"""The arguments of a call, and the inside of the function that gets them."""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple

from pubsub_devtools_analysis.evaluation import At, Evaluator
from pubsub_devtools_analysis.facts import AnyExpr, Attr, Call, Name, Param, Star
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
    spot = Spot(evaluator.at_call(spot.at.path, spot.at.facts, call), spot.given)
    positional: list[Filled] = []
    keywords: list[tuple[str, Filled]] = []
    more = False
    for expr in call.args:
        if not isinstance(expr, Star):
            positional.append(Filled(spot, expr))
            continue
        inner = items(evaluator, Filled(spot, expr.value))
        known = list(takewhile(lambda f: not isinstance(f.expr, Star), inner or ()))
        positional.extend(known)
        more = inner is None or len(known) < len(inner)
        if more:
            break  # what stands behind it has no place that is known
    for name, expr in call.keywords:
        options = optional(spot, expr) if name == "**" else None
        if options is None:
            keywords.append((name, Filled(spot, expr)))
        else:
            keywords.extend(options.keywords)
    return Arguments(tuple(positional), tuple(keywords), more)


def optional(spot: Spot, expr: AnyExpr) -> Filled | None:
    """The keywords that a caller gave for the `**options` that an expression is."""
    found = source(spot, expr) if isinstance(expr, Name) else None
    is_told = found is not None and found.expr is None and not found.open and not found.items
    return found if is_told else None


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
    laid = arguments(evaluator, spot, call)
    given: dict[Argument, Filled] = dict(spot.given)
    for number, param in enumerate(scope.params):
        filled = _given(laid, spot, scope.params, param, is_bound)
        if filled is None and is_bound and number == 0 and isinstance(call.func, Attr):
            filled = Filled(spot, call.func.base)
        if filled is None and param.default is not None and "**" not in dict(call.keywords):
            filled = Filled(outside, param.default)
        argument = Argument(function.path, function.key, param.name)
        given.pop(argument, None)
        if filled is not None:
            given[argument] = filled
    return Spot(At(function.path, facts, index), given)


def _given(
    laid: Arguments, spot: Spot, params: tuple[Param, ...], param: Param, is_bound: bool
) -> Filled | None:
    """What a call gives for a parameter, if that can be told."""
    names = [p.name for p in params if p.kind == "p"][int(is_bound) :]
    if param.kind == "*":
        return Filled(spot, None, laid.positional[len(names) :], open=laid.open)
    if param.kind == "**":
        own = (*names, *(p.name for p in params if p.kind == "k"))
        return Filled(spot, None, keywords=laid.lacking(own).keywords)
    by_name = dict(zip(names, laid.positional, strict=False))
    by_name.update(laid.keywords)
    return by_name.get(param.name)
