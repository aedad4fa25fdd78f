"""What callers give for a parameter: of a function that few call, or of a class that few make."""

from __future__ import annotations

from functools import partial
from typing import TypeAlias

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.evaluation.at import MOST_CALLERS
from pubsub_devtools_analysis.evaluation.attributes import Attributes
from pubsub_devtools_analysis.evaluation.signatures import (
    argument_of,
    is_object,
    last_name,
    owner_of,
    takes_self,
)
from pubsub_devtools_analysis.facts import Call, FileFacts, Scope, Star
from pubsub_devtools_analysis.values import Argument, Instance, Made, Values, union

Place: TypeAlias = tuple[str, str]
"""A file, and the name that is called in it."""


class Callers(Attributes):
    """What callers give for a parameter."""

    def from_callers(self, argument: Argument, scope: Scope) -> Values:
        """What the callers give, for a function that few call.

        Where all constructions of a class give one object, that very object is meant. Else an instance stands for its
        class alone: what one caller gave its constructor is no other caller's.
        """
        name = scope.name
        is_constructor = name == "__init__" and scope.parent >= 0
        if is_constructor:
            facts = self.workspace.facts(argument.path)
            name = facts.scopes[scope.parent].name if facts is not None else name
        if name in library.COMMON or scope.kind == "lambda":
            return ()
        places = [(path, name) for path in self.workspace.callers(name)]
        through = list(self.handed_up_to(name)) if is_constructor else []
        is_whole = is_constructor and self.are_few([*places, *through], name)
        if is_whole:
            places = [*places, *through]
        elif not self.are_few(places, name):
            return ()
        found = union(*(self.from_file(path, (called, name), argument) for path, called in places))
        if is_whole and len(found) == 1:
            return found
        return union(tuple(Instance(v.cls) if isinstance(v, Instance) else v for v in found if is_object(v)))

    def are_few(self, places: list[Place], base: str) -> bool:
        """Whether these files call these names, and not too often."""
        if not 0 < len(places) <= MOST_CALLERS:
            return False
        counts = (
            self.memo.get(("count", path, (called, base)), partial(self.count, path, called, base), 0)
            for path, called in places
        )
        return 0 < sum(counts) <= MOST_CALLERS

    def count(self, path: str, called: str, base: str) -> int:
        """How often a file calls a name."""
        return len(self.calls_of(path, called, base))

    def calls_of(self, path: str, called: str, base: str) -> list[int]:
        """The calls of a name in a file; those of `__init__` for a class that descends from this one."""
        calls = self.workspace.calls(path, called)
        facts = self.workspace.facts(path) if called == "__init__" else None
        if facts is None:
            return calls
        return [index for index in calls if base in bases_around(facts, facts.calls[index])]

    def from_file(self, path: str, called: tuple[str, str], argument: Argument) -> Values:
        """What the callers in one file give."""
        key = ("gives", path, (called, argument))
        return self.memo.get(key, partial(self._from_file, path, called, argument), ())

    def _from_file(self, path: str, called: tuple[str, str], argument: Argument) -> Values:
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        head = self.head(argument.path, argument.key)
        found: Values = ()
        for index in self.calls_of(path, *called):
            call = facts.calls[index]
            expr = argument_of(call, head.params, argument.name, method=takes_self(head, call))
            given = () if expr is None else self.eval(self.at_call(path, facts, call), expr)
            found = union(found, *(self.expand(v) if isinstance(v, Argument) else (v,) for v in given))
        objects = tuple(v for v in found if is_object(v) or isinstance(v, Made))
        if head.name == "__init__":
            return objects
        return union(tuple(Instance(v.cls) if isinstance(v, Instance) else v for v in objects))

    def handed_up_to(self, base: str) -> tuple[Place, ...]:
        """Where constructors call the one of a class of this name: `super().__init__(topic)`.

        A constructor that hands on whatever it gets stands for the calls of its own class.
        """
        start: tuple[Place, ...] = ()
        return self.memo.get(("handed up", "", base), lambda: self._handed_up().get(base, ()), start)

    def _handed_up(self) -> dict[str, tuple[Place, ...]]:
        start: dict[str, tuple[Place, ...]] = {}
        return self.memo.get(("all handed up", "", ""), self._all_handed_up, start)

    def _all_handed_up(self) -> dict[str, tuple[Place, ...]]:
        found: dict[str, tuple[Place, ...]] = {}
        start: tuple[tuple[str, str], ...] = ()
        for path in self.workspace.callers("__init__"):
            key = ("handed up in", path, "")
            for base, called in self.memo.get(key, partial(self.handed_up_in, path), start):
                paths = [path] if called == "__init__" else self.workspace.callers(called)
                places = ((each, called) for each in paths)
                found[base] = tuple(dict.fromkeys((*found.get(base, ()), *places)))
        return found

    def handed_up_in(self, path: str) -> tuple[tuple[str, str], ...]:
        """The bases whose constructors a file calls from another, and what is called to have that done."""
        facts = self.workspace.facts(path)
        found: list[tuple[str, str]] = []
        for index in self.workspace.calls(path, "__init__") if facts is not None else ():
            if facts is not None:
                call = facts.calls[index]
                owner = facts.scopes[owner_of(facts, call.scope)].name
                called = owner if any(isinstance(a, Star) for a in call.args) else "__init__"
                found.extend((base, called) for base in bases_around(facts, call))
        return tuple(dict.fromkeys(found))


def bases_around(facts: FileFacts, call: Call) -> list[str]:
    """The names of the bases of the class around a call."""
    return [last_name(base) for base in facts.scopes[owner_of(facts, call.scope)].bases]
