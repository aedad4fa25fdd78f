"""Events that are the object itself: `bus.publish(self)`, `bus.subscribe(cls, handler)`, `bus.publish(cls(*args))`.

Which class that is, the callers know: `OrderPlaced.subscribe(f)` of a method that all events have from their base.
"""

from __future__ import annotations

from pubsub_devtools_analysis.evaluation.signatures import argument_of, decorator_names
from pubsub_devtools_analysis.facts import AnyExpr, Attr, Call, CallRef, FileFacts, Name, ParamRef, Scope
from pubsub_devtools_analysis.matching.draft import Given
from pubsub_devtools_analysis.values import Argument, Values


def with_own_class(
    given: Given, scope: Scope, arguments: dict[Argument, Values], is_bound: bool
) -> dict[Argument, Values]:
    """The arguments of a call of a function with this scope; the object whose method calls it is left open."""
    own = own_parameter(given)
    if own is None or given.call is None:
        return arguments
    found = dict(arguments)
    first = scope.params[0].name if scope.params else ""
    for argument in arguments:
        if is_bound and argument.name == first:
            is_own = _is_super(given.facts, given.call)
        else:
            expr = argument_of(given.call, scope.params, argument.name, method=is_bound)
            is_own = expr is not None and _is_own(given.facts, given.call.scope, expr, own.name)
        if is_own:
            found[argument] = (own,)
    return found


def own_parameter(given: Given) -> Argument | None:
    """The `self` or `cls` of the method that a call stands in."""
    if given.call is None:
        return None
    scope = given.facts.scopes[given.call.scope]
    is_method = scope.parent >= 0 and given.facts.scopes[scope.parent].kind == "class" and bool(scope.params)
    if not is_method or "staticmethod" in decorator_names(scope):
        return None
    return Argument(given.path, scope.key, scope.params[0].name)


def _is_own(facts: FileFacts, scope: int, expr: AnyExpr, own: str, depth: int = 0) -> bool:
    """Whether an expression is the object itself, its class, or another instance of it."""
    match expr:
        case Name(id=name) if name == own:
            return True
        case Name(id=name):
            values = [b.value for b in facts.scopes[scope].names.get(name, ())]
            return (
                len(values) == 1
                and depth == 0
                and not isinstance(values[0], ParamRef)
                and _is_own(facts, scope, values[0], own, depth=1)
            )
        case Attr(base=base, name="__class__"):
            return base == Name(own)
        case CallRef(index=index):
            call = facts.calls[index]
            return call.func == Name(own) or (call.name == "type" and call.args == (Name(own),))
        case _:
            return False


def _is_super(facts: FileFacts, call: Call) -> bool:
    """Whether a call is one of a base's method: `super().publish()`."""
    base = call.func.base if isinstance(call.func, Attr) else None
    return isinstance(base, CallRef) and facts.calls[base.index].name == "super"
