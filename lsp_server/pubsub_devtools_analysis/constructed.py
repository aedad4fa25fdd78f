"""Names that an object was made with: `Publisher("orders")`, where a method sends to `self.topic`.

Where calls show which object they are made on, the callers publish. Where none does, the method publishes whatever the
constructor got: each name that a construction gives, the parameter's default where one leaves it out or none is seen.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

import msgspec

from pubsub_devtools_analysis.evaluation import At, spread
from pubsub_devtools_analysis.matching import Draft, Finder, flat, parameters
from pubsub_devtools_analysis.values import Argument, Bound, Class, Function, Pattern, Str, Values, union


def steps(drafts: Iterable[Draft]) -> frozenset[tuple[str, int]]:
    """Where callers of methods went through, with a name in the end: paths and lines."""
    return frozenset(step[1:] for d in drafts if isinstance(d.name, Str | Pattern) for step in d.steps)


def told(drafts: Iterable[Draft], places: Container[tuple[str, int]]) -> frozenset[Argument]:
    """The constructors' parameters that callers of methods account for."""
    waiting = ((draft, parameters(draft.name)) for draft in drafts)
    return frozenset(a for d, found in waiting if found and (d.path, d.span[0]) in places for a in found)


def constructed(finder: Finder, draft: Draft, known: Container[Argument]) -> list[Draft]:
    """A draft that waits for a constructor's parameter, once for each name; any other as it is.

    `known` are the parameters that callers of methods account for.
    """
    waiting = parameters(draft.name)
    if len(waiting) != 1 or draft.receiver is not None:
        return [draft]
    argument = waiting[0]
    owner, _, method = argument.key.rpartition(".")
    if method != "__init__" or draft.scope == argument.key:
        return [draft]
    if argument in known or draft.steps:
        # A name with a part of its own says that much even where no caller tells the rest.
        return [] if draft.name == argument else [draft]
    values = given(finder, argument, Class(argument.path, owner)) or default(finder, argument)
    names = flat(finder, spread(draft.name, {argument: values}), draft.form)
    known_names = [n for n in names if isinstance(n, Str | Pattern)]
    return [msgspec.structs.replace(draft, name=name, reason="constructor") for name in known_names] or [
        draft
    ]


def given(finder: Finder, argument: Argument, cls: Class) -> Values:
    """What the constructions of a class, or of a subclass without a constructor of its own, give for a parameter."""
    found: Values = ()
    function = Function(argument.path, argument.key)
    evaluator = finder.evaluator
    for path in finder.workspace.callers(cls.key.rpartition(".")[2]):
        facts = finder.workspace.facts(path)
        for index in finder.workspace.calls(path, cls.key.rpartition(".")[2]) if facts is not None else ():
            if facts is not None and cls in evaluator.callees(path, facts, facts.calls[index]):
                arguments = evaluator.arguments(
                    path, facts, facts.calls[index], function, Bound(function, cls)
                )
                found = union(found, arguments.get(argument, ()))
    return found


def default(finder: Finder, argument: Argument) -> Values:
    """The default of a parameter."""
    facts = finder.workspace.facts(argument.path)
    if facts is None:
        return ()
    scope = finder.workspace.get(argument.path, argument.key)
    param = next((p for p in scope.params if p.name == argument.name), None)
    if param is None or param.default is None:
        return ()
    at = At(argument.path, facts, scope.parent, scope.block, scope.span[0])
    return finder.evaluator.eval(at, param.default)
