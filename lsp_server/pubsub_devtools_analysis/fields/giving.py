"""Which call gives a publish its payload, and in which form: the framework's own call, through all wrappers on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from pubsub_devtools_analysis.dialect import Pattern
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.facts import Attr, Call, CallRef, FileFacts
from pubsub_devtools_analysis.fields.arguments import entering
from pubsub_devtools_analysis.fields.spot import Spot
from pubsub_devtools_analysis.matching import Draft, Finder, Given, parameters, target_of
from pubsub_devtools_analysis.values import Function, Made, Value


class Giving(NamedTuple):
    """A call that hands a payload over.

    `pattern`: the form that matched; none for a hand-written bus, where `key` is the parameter of `function` that names
    the event. `function`: the task, or the decorated function.
    """

    spot: Spot
    call: Call | None
    pattern: Pattern | None
    function: Function | None = None
    key: str = ""
    receiver: Value | None = None


def givings(finder: Finder, draft: Draft) -> list[Giving]:
    """The calls that hand over what a publish says; none where they cannot be told."""
    facts = finder.workspace.facts(draft.path)
    if facts is None:
        return []
    walk = _Walk(finder, draft)
    found = [g for index in starts(facts, draft) for g in walk.at(facts, draft.path, index)]
    return found or list(_bare(finder, facts, draft))


def starts(facts: FileFacts, draft: Draft) -> Iterator[int]:
    """The calls at a draft's place."""
    return (index for index, call in enumerate(facts.calls) if call.span == draft.span)


class _Walk:
    """From the call at a site down through the wrappers that its draft came through."""

    def __init__(self, finder: Finder, draft: Draft) -> None:
        self.finder = finder
        self.evaluator = finder.evaluator
        self.draft = draft

    def at(self, facts: FileFacts, path: str, index: int) -> list[Giving]:
        """The calls that hand the payload over, from one call on."""
        call = facts.calls[index]
        spot = Spot(self.evaluator.at_call(path, facts, call), {})
        return self.down(spot, index, self.draft.steps)

    def down(self, spot: Spot, index: int, steps: tuple[tuple[str, str, int], ...]) -> list[Giving]:
        """The framework's call where no wrapper is left, else the calls in the next one."""
        at = spot.at
        call = at.facts.calls[index]
        callees = self.finder.received(
            at.path, at.facts, call, self.evaluator.callees(at.path, at.facts, call)
        )
        if not steps:
            return [g for callee in callees for g in self.matched(spot, index, callee)]
        return [g for callee in callees for g in self.inside(spot, call, callee, steps)]

    def matched(self, spot: Spot, index: int, callee: Value) -> list[Giving]:
        """The patterns that speak of a call."""
        at = spot.at
        given = self.finder.given(at.path, at.facts, index, callee)
        decorated = self.decorated(at.facts, index)
        if decorated is not None:
            given = msgspec.structs.replace(given, decorated=Function(at.path, decorated))
        found: list[Giving] = []
        for rule in self.finder.rules(callee):
            is_ours = rule.kind == "publish" and rule.dialect.name == self.draft.dialect
            if is_ours and self.finder.apply(rule, given):
                found.append(Giving(spot, given.call, rule.pattern, _function(given), "", given.receiver))
        return found

    def decorated(self, facts: FileFacts, index: int) -> str | None:
        """The function that a call decorates."""
        for scope in facts.scopes:
            if any(d.value == CallRef(index) for d in scope.decorators):
                return scope.key
        return None

    def inside(
        self, spot: Spot, call: Call, callee: Value, steps: tuple[tuple[str, str, int], ...]
    ) -> list[Giving]:
        """The calls in a wrapper's body that the first step speaks of."""
        function, owner = target_of(callee)
        facts = self.finder.workspace.facts(function.path) if function is not None else None
        _, path, line = steps[0]
        if function is None or facts is None or function.path != path:
            return []
        is_bound = owner is not None or (
            not isinstance(callee, Function)
            and self.finder.is_method(function)
            and isinstance(call.func, Attr)
        )
        body = entering(self.evaluator, spot, call, function, is_bound)
        within = {body.at.scope}
        for number, scope in enumerate(facts.scopes):
            if scope.parent in within:
                within.add(number)
        found: list[Giving] = []
        for index, inner in enumerate(facts.calls):
            if inner.span[0] == line and inner.scope in within:
                place = self.evaluator.at_call(path, facts, inner)
                found.extend(self.down(Spot(place, body.given), index, steps[1:]))
        return found or self.seeded(spot, call, function, line)

    def seeded(self, spot: Spot, call: Call, function: Function, line: int) -> list[Giving]:
        """A call of a hand-written bus: its function looks the handlers up by one of its parameters."""
        return [
            Giving(spot, call, None, function, argument.name)
            for seed in self.finder.seeds.get(function.path, ())
            if seed.kind == "publish" and seed.span[0] == line
            for argument in parameters(seed.name)[:1]
            if argument.key == function.key
        ]


def _function(given: Given) -> Function | None:
    """The function whose parameters are the fields: the decorated one, or the one that the receiver wraps."""
    if given.decorated is not None:
        return given.decorated
    return given.receiver.function if isinstance(given.receiver, Made) else None


def _bare(finder: Finder, facts: FileFacts, draft: Draft) -> Iterator[Giving]:
    """A decorator without a call: `@publisher`."""
    for scope in facts.scopes:
        for decorator in scope.decorators:
            if decorator.span != draft.span or isinstance(decorator.value, CallRef):
                continue
            spot = Spot(At(draft.path, facts, scope.parent, scope.block, scope.span[0]), {})
            for callee in finder.evaluator.eval(spot.at, decorator.value):
                for rule in finder.rules(callee):
                    if rule.kind == "publish" and rule.dialect.name == draft.dialect:
                        yield Giving(spot, None, rule.pattern, Function(draft.path, scope.key))
