"""Where an expression stands, together with what the callers on the way there gave."""

from __future__ import annotations

from typing import NamedTuple

from pubsub_devtools_analysis.evaluation import At, Evaluator
from pubsub_devtools_analysis.facts import AnyExpr, CallRef, Name, ParamRef, Seq, Typed
from pubsub_devtools_analysis.values import Argument, Function

LONGEST = 6
"""Variables that an expression is followed through."""


class Spot(NamedTuple):
    """A place in the code, and what is known there of parameters."""

    at: At
    given: dict[Argument, Filled]


class Filled(NamedTuple):
    """What a caller gives for a parameter: an expression, or for `*args` and `**options` what no parameter has a name for.

    `open`: there may be more of them, which cannot be told.
    """

    spot: Spot
    expr: AnyExpr | None
    items: tuple[Filled, ...] = ()
    keywords: tuple[tuple[str, Filled], ...] = ()
    open: bool = False


def source(spot: Spot, name: Name) -> Filled | None:
    """The value that a variable got last, or that a caller gives for a parameter."""
    at = spot.at
    index = at.scope
    while index >= 0 and not at.facts.scopes[index].names.get(name.id):
        index = at.facts.scopes[index].parent
    bindings = at.facts.scopes[index].names.get(name.id, []) if index >= 0 else []
    binding = next((b for b in reversed(bindings) if b.line <= at.line), None)
    if binding is None:
        return None
    if isinstance(binding.value, ParamRef):
        return spot.given.get(Argument(at.path, at.facts.scopes[index].key, name.id))
    inner = At(at.path, at.facts, index, binding.block, binding.line)
    value = binding.value
    return Filled(Spot(inner, spot.given), value.value if isinstance(value, Typed) else value)


def origin(filled: Filled) -> Filled:
    """An expression as it was written, through variables and parameters."""
    for _ in range(LONGEST):
        found = source(filled.spot, filled.expr) if isinstance(filled.expr, Name) else None
        if found is None:
            return filled
        filled = found
    return filled


def items(evaluator: Evaluator, filled: Filled) -> list[Filled] | None:
    """The items of a list or tuple that is written out, that callers gave, or that a function of the workspace returns."""
    found = origin(filled)
    if found.expr is None:
        return None if found.open or found.keywords else list(found.items)
    if isinstance(found.expr, Seq):
        return [Filled(found.spot, item) for item in found.expr.items]
    if not isinstance(found.expr, CallRef):
        return None
    at = found.spot.at
    callees = evaluator.callees(at.path, at.facts, at.facts.calls[found.expr.index])
    function = callees[0] if len(callees) == 1 else None
    facts = evaluator.workspace.facts(function.path) if isinstance(function, Function) else None
    if not isinstance(function, Function) or facts is None:
        return None
    index = evaluator.workspace.scope(function.path, function.key)
    returned = facts.scopes[index].returns
    if len(returned) == 1 and isinstance(returned[0], Seq):
        inside = Spot(At(function.path, facts, index), {})
        return [Filled(inside, item) for item in returned[0].items]
    return None
