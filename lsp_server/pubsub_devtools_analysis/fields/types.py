"""The type of a value that is given for a field, where it is plain to see."""

from __future__ import annotations

from pubsub_devtools_analysis.evaluation import Evaluator
from pubsub_devtools_analysis.facts import AnyExpr, CallRef, Lit, Map, Name, Text, Typed
from pubsub_devtools_analysis.fields.spot import Spot, source
from pubsub_devtools_analysis.schemas import written
from pubsub_devtools_analysis.values import Class


def type_of(evaluator: Evaluator, spot: Spot, expr: AnyExpr, depth: int = 0) -> str:
    """The type of an expression as an annotation writes it; empty when it is not plain to see."""
    if depth > 4:
        return ""
    match expr:
        case Lit(value=value):
            return "None" if value is None else type(value).__name__
        case Text(parts=parts):
            # A sum looks the same: only a piece of text tells that it is one.
            return "str" if any(isinstance(p, Lit) and isinstance(p.value, str) for p in parts) else ""
        case Map():
            return "dict"
        case Typed(annotation=annotation):
            return written(spot.at.facts, annotation)
        case CallRef(index=index):
            call = spot.at.facts.calls[index]
            made = [v for v in evaluator.callees(spot.at.path, spot.at.facts, call) if isinstance(v, Class)]
            return made[0].key.rpartition(".")[2] if len(made) == 1 else ""
        case Name():
            return _of_name(evaluator, spot, expr, depth)
        case _:
            return ""


def _of_name(evaluator: Evaluator, spot: Spot, name: Name, depth: int) -> str:
    """The type of a variable that is bound once."""
    scope = spot.at.facts.scopes[spot.at.scope]
    if len(scope.names.get(name.id, ())) != 1:
        return ""
    found = source(spot, name)
    if found is not None:
        return "" if found.expr is None else type_of(evaluator, found.spot, found.expr, depth + 1)
    annotation = next((p.annotation for p in scope.params if p.name == name.id), None)
    return "" if annotation is None else written(spot.at.facts, annotation)
