"""What a handler goes on to publish: its own body, and every function of the workspace that it calls, to a fixpoint.

A function that is handed on uncalled (`on_commit(f)`, `Thread(target=f)`) counts as called, at `likely`, since only the
library decides. Each hop is kept, so that a reader can follow the way from the handler to the publishing call.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from itertools import chain

import msgspec

from pubsub_devtools.model import Certainty, Evidence, Flow, Place, Site
from pubsub_devtools_analysis.evaluation import Evaluator
from pubsub_devtools_analysis.events import Pair
from pubsub_devtools_analysis.facts import Attr, Call, FileFacts, Name
from pubsub_devtools_analysis.matching import Finder
from pubsub_devtools_analysis.memo import Memo
from pubsub_devtools_analysis.told import Told
from pubsub_devtools_analysis.values import Bound, Class, External, Function, Made, Partial, Value

DEEPEST = 12
WIDEST = 400


class Hop(msgspec.Struct, frozen=True):
    """A call from one function to another."""

    target: tuple[str, str]
    place: Place
    sure: bool


class Flows:
    """Follows calls from handlers to publishers."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self.evaluator: Evaluator = finder.evaluator
        self.workspace = finder.workspace
        self.all: tuple[Flow, ...] = ()
        self._memo = Memo(finder.memo)
        self._published: Told[tuple[tuple[str, Site], ...]] = Told("published", self._memo)
        self._handlers: dict[str, tuple[Site, Function]] = {}
        self._flows: dict[str, tuple[Flow, ...]] = {}

    def update(self, changed: Mapping[str, tuple[Sequence[Pair], Sequence[Pair]]]) -> None:
        """Take in the sites of files: for each file those before and those of now."""
        sources: set[Hashable] = set()
        again: set[str] = set()
        for path, (old, new) in changed.items():
            again |= self._take_handlers(old, new)
            row = tuple((draft.scope, site) for site, draft in new if site.kind == "publish")
            if row != self._published.get(path, ()):
                self._published[path] = row
                sources.add(("published", path))
        again |= self._memo.catch_up() | self._memo.forget(sources, again)
        others = {each for each in again if self._follow(each)}
        if others:
            self.all = tuple(chain.from_iterable(self._flows[each] for each in sorted(self._flows)))

    def _take_handlers(self, old: Sequence[Pair], new: Sequence[Pair]) -> set[str]:
        """Have a file's handlers. Gives those that came, went or changed."""
        before, after = _handlers(old), _handlers(new)
        for each in before.keys() - after.keys():
            del self._handlers[each]
        self._handlers |= after
        return {each for each in before.keys() | after.keys() if before.get(each) != after.get(each)}

    def _follow(self, handler: str) -> bool:
        """Work out anew what a handler goes on to publish. Gives whether that is something else."""
        old = self._flows.pop(handler, ())
        found = self._handlers.get(handler)
        none: tuple[Flow, ...] = ()
        new = none
        if found is not None:
            new = self._memo.get(("flows", handler, ""), lambda: self._sorted(*found), none)
        if new:
            self._flows[handler] = new
        return old != new

    def _sorted(self, site: Site, function: Function) -> tuple[Flow, ...]:
        return tuple(sorted(self.of(site, function), key=lambda flow: flow.publisher))

    def of(self, site: Site, function: Function) -> list[Flow]:
        """What one handler goes on to publish, each publisher by its shortest way."""
        start = (function.path, function.key)
        seen: set[tuple[str, str]] = {start}
        queue: list[tuple[tuple[str, str], tuple[Evidence, ...], bool]] = [(start, (), True)]
        found: dict[str, Flow] = {}
        for here, way, sure in queue:
            for publisher in self.publishers(here):
                certainty: Certainty = "sure" if sure else "likely"
                if publisher.id not in found and publisher.id != site.id:
                    found[publisher.id] = Flow(site.id, publisher.id, certainty, way)
            if len(way) >= DEEPEST or len(seen) > WIDEST:
                continue
            for hop in self.hops(here):
                if hop.target not in seen:
                    seen.add(hop.target)
                    note = f"calls {self.workspace.symbol(*hop.target)}"
                    queue.append((hop.target, (*way, Evidence(note, hop.place)), sure and hop.sure))
        return list(found.values())

    def publishers(self, function: tuple[str, str]) -> Sequence[Site]:
        """The publishing sites in a function's own body, nested functions included."""
        path, key = function
        inner = key + "."
        return [
            site for scope, site in self._published.get(path, ()) if scope == key or scope.startswith(inner)
        ]

    def hops(self, function: tuple[str, str]) -> tuple[Hop, ...]:
        """The functions that a function calls or hands on."""
        path, key = function
        return self.finder.memo.get(("hops", path, key), lambda: self._hops(path, key), ())

    def _hops(self, path: str, key: str) -> tuple[Hop, ...]:
        facts = self.workspace.facts(path)
        if facts is None:
            return ()
        found: dict[tuple[str, str], Hop] = {}
        for index in self.inside(path, facts).get(key, ()):
            call = facts.calls[index]
            for hop in self.of_call(path, facts, call):
                old = found.get(hop.target)
                if old is None or (hop.sure and not old.sure):
                    found[hop.target] = hop
        return tuple(found.values())

    def inside(self, path: str, facts: FileFacts) -> dict[str, list[int]]:
        """The calls in each function, those of nested functions included."""
        return self.finder.memo.get(("calls inside", path, ""), lambda: _inside(facts), {})

    def of_call(self, path: str, facts: FileFacts, call: Call) -> list[Hop]:
        """Where one call leads."""
        place = Place(path, *call.span)
        found: list[Hop] = []
        outside = False
        callees = self.evaluator.callees(path, facts, call)
        for callee in callees:
            target = self.function(callee)
            outside = outside or isinstance(callee, External)
            if target is not None:
                found.append(Hop((target.path, target.key), place, True))
        if outside or not callees:
            at = self.evaluator.at_call(path, facts, call)
            for expr in (*call.args, *(v for _, v in call.keywords)):
                if isinstance(expr, Name | Attr):
                    for value in self.evaluator.eval(at, expr):
                        target = self.function(value) if not isinstance(value, Class) else None
                        if target is not None:
                            found.append(Hop((target.path, target.key), place, False))
        return found

    def function(self, value: Value) -> Function | None:
        """The workspace function that calling a value runs."""
        match value:
            case Function():
                return value
            case Bound(function=function):
                return function
            case Partial(function=function):
                return self.function(function)
            case Made(function=Function() as function):
                return function
            case Class():
                inner = self.evaluator.member(value, "__init__") or ()
                return next((f for f in inner if isinstance(f, Function)), None)
            case _:
                return None


def _handlers(pairs: Sequence[Pair]) -> dict[str, tuple[Site, Function]]:
    return {
        site.id: (site, draft.handler)
        for site, draft in pairs
        if site.kind == "handle" and isinstance(draft.handler, Function)
    }


def _inside(facts: FileFacts) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for index, inner in enumerate(facts.summary.within):
        scope = inner
        while scope > 0:
            if facts.scopes[scope].kind in ("function", "lambda"):
                found[facts.summary.keys[scope]].append(index)
            scope = facts.summary.parents[scope]
    return found
