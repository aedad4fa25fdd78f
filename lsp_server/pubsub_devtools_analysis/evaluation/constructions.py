"""What an object was made with: the arguments of its constructor, and of those that this one calls."""

from __future__ import annotations

from pubsub_devtools_analysis.evaluation.containers import Containers
from pubsub_devtools_analysis.evaluation.filling import spread
from pubsub_devtools_analysis.values import Argument, Bound, Function, Instance, Values, union


class Constructions(Containers):
    """What an object was made with."""

    def construction(self, owner: Instance) -> dict[Argument, Values]:
        """What an object's constructor got, and what that handed on to those of its bases."""
        facts = self.workspace.facts(owner.call[0]) if owner.call is not None else None
        if owner.call is None or facts is None:
            return {}
        found: dict[Argument, Values] = {}
        call = facts.calls[owner.call[1]]
        for function in self.member(owner.cls, "__init__") or ():
            if isinstance(function, Function):
                found |= self.arguments(owner.call[0], facts, call, function, owner)
                found |= self.handed_up(function, found)
        return found

    def handed_up(self, function: Function, given: dict[Argument, Values]) -> dict[Argument, Values]:
        """The arguments of `super().__init__()` in a constructor, with what the constructor itself got."""
        facts = self.workspace.facts(function.path)
        found: dict[Argument, Values] = {}
        for index in self.workspace.calls(function.path, "__init__") if facts is not None else ():
            if facts is None or facts.scopes[facts.calls[index].scope].key != function.key:
                continue
            call = facts.calls[index]
            for callee in self.eval(self.at_call(function.path, facts, call), call.func):
                if isinstance(callee, Bound) and callee.function != function:
                    values = self.arguments(function.path, facts, call, callee.function, callee.owner)
                    found |= {k: union(*(spread(v, given) for v in vs)) for k, vs in values.items()}
        return found
