"""Where an expression stands, together with what the callers on the way there gave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pubsub_devtools_analysis.evaluation import At, Evaluator, argument_of
from pubsub_devtools_analysis.facts import AnyExpr, Call, Name, Param, ParamRef, Star
from pubsub_devtools_analysis.values import Argument, Function


class Spot(NamedTuple):
    """A place in the code, and what is known there of parameters."""

    at: At
    given: dict[Argument, Filled]


class Filled(NamedTuple):
    """What a caller gives for a parameter: an expression, or for `**options` the keywords that no parameter has."""

    spot: Spot
    expr: AnyExpr | None
    keywords: tuple[tuple[str, AnyExpr], ...] = ()


class Arguments(NamedTuple):
    """The arguments of a call, those included that come in `*args` and `**options` of a function that is known.

    `open`: there may be more of them, which cannot be told.
    """

    positional: tuple[Filled, ...]
    keywords: tuple[tuple[str, Filled], ...]
    open: bool


def arguments(spot: Spot, call: Call) -> Arguments:
    """The arguments of a call, stars laid open where the callers say what they hold."""
    positional: list[Filled] = []
    keywords: list[tuple[str, Filled]] = []
    more = False
    for expr in call.args:
        source = starred(spot, expr.value) if isinstance(expr, Star) else None
        if not isinstance(expr, Star):
            positional.append(Filled(spot, expr))
        elif source is not None and source.expr is not None:
            items = getattr(source.expr, "items", None)
            positional.extend(Filled(source.spot, item) for item in items or ())
            more = more or items is None or any(isinstance(item, Star) for item in items)
        else:
            more = True
    for name, expr in call.keywords:
        source = starred(spot, expr) if name == "**" else None
        if name != "**":
            keywords.append((name, Filled(spot, expr)))
        elif source is not None and source.expr is None:
            keywords.extend((key, Filled(source.spot, value)) for key, value in source.keywords)
        else:
            keywords.append(("**", Filled(spot, expr)))
    return Arguments(tuple(positional), tuple(keywords), more)


def starred(spot: Spot, expr: AnyExpr) -> Filled | None:
    """What a caller gives for the parameter that an expression is."""
    return next((spot.given[a] for a in parameter_of(spot, expr) if a in spot.given), None)


def parameter_of(spot: Spot, expr: AnyExpr) -> Iterator[Argument]:
    """The parameter that a name means, unless it is bound anew."""
    index = spot.at.scope if isinstance(expr, Name) else -1
    while isinstance(expr, Name) and index >= 0:
        scope = spot.at.facts.scopes[index]
        bindings = scope.names.get(expr.id, ())
        if bindings:
            if len(bindings) == 1 and isinstance(bindings[0].value, ParamRef):
                yield Argument(spot.at.path, scope.key, expr.id)
            return
        index = scope.parent


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
    laid = laid_open(spot, call)
    given: dict[Argument, Filled] = dict(spot.given)
    for number, param in enumerate(scope.params):
        filled = _given(laid, scope.params, param, is_bound)
        if filled is None and is_bound and number == 0:
            base = getattr(call.func, "base", None)
            filled = Filled(spot, base) if base is not None else None
        if filled is None and param.default is not None and "**" not in dict(call.keywords):
            filled = Filled(outside, param.default)
        argument = Argument(function.path, function.key, param.name)
        given.pop(argument, None)
        if filled is not None:
            given[argument] = filled
    return Spot(At(function.path, facts, index), given)


def laid_open(spot: Spot, call: Call) -> tuple[Spot, Call]:
    """A call that only hands on the arguments of its function, as the call of that function; any other as it is."""
    stars = [starred(spot, arg.value) for arg in call.args if isinstance(arg, Star)]
    options = [starred(spot, value) for name, value in call.keywords if name == "**"]
    sources = [source for source in (*stars, *options) if source is not None]
    own = any(not isinstance(arg, Star) for arg in call.args) or any(name != "**" for name, _ in call.keywords)
    if not sources or own or len({id(source.spot.at) for source in sources}) != 1:
        return spot, call
    args = tuple(i for s in stars if s is not None for i in getattr(s.expr, "items", ()))
    keywords = tuple(pair for s in options if s is not None for pair in s.keywords)
    from msgspec.structs import replace  # noqa: PLC0415

    return sources[0].spot, replace(call, args=args, keywords=keywords)


def _given(laid: tuple[Spot, Call], params: tuple[Param, ...], param: Param, is_bound: bool) -> Filled | None:
    spot, call = laid
    if param.kind == "**":
        names = {p.name for p in params if p.kind in "pk"}
        return Filled(spot, None, tuple((k, v) for k, v in call.keywords if k not in names))
    expr = argument_of(call, params, param.name, method=is_bound)
    return None if expr is None else Filled(spot, expr)
