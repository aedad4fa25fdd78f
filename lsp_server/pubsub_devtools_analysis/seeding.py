"""The seeds that hand-written buses are: found by shape in candidates, by mark or as collected events in other files,
by the user's description anywhere.

What the finder is told of a file can come from several others, so it is put together from what each of them shows, and
only a file for which that comes out different is matched again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Set
from functools import partial
from typing import NamedTuple, Protocol

from pubsub_devtools_analysis.configured import Configured
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.shapes import Bus, Shapes, collecting, marked, registries
from pubsub_devtools_analysis.values import Class

_BASES = ("bases",)
_MARKS = ("marks",)
_NO_DRAFTS: list[Draft] = []


class Search(Protocol):
    """Finds the files in which some names stand."""

    def __contains__(self, path: str, /) -> bool:
        """Whether one of the names stands in a file."""
        ...

    def named(self, path: str) -> set[str]:
        """Those of the names that stand in a file."""
        ...

    def files(self) -> dict[str, set[str]]:
        """For each name the files in which it stands."""
        ...


class Shown(NamedTuple):
    """What one file shows: seeds and buses by shape, functions marked by an attribute, and attributes that it asks for."""

    seeds: tuple[Draft, ...] = ()
    buses: tuple[Bus, ...] = ()
    marks: tuple[tuple[str, Draft], ...] = ()
    asked: frozenset[str] = frozenset()


_NOTHING = Shown()


class Seeding:
    """The seeds of all files."""

    def __init__(
        self,
        finder: Finder,
        search: Callable[[Iterable[str]], Search],
        expect: Callable[[set[str]], None],
        configured: Configured,
    ) -> None:
        self.files: set[str] = set()
        self._finder = finder
        self._configured = configured
        self._memo = finder.memo
        self._search = search
        self._expect = expect
        self._shown: dict[str, Shown] = {}
        self._origins: dict[str, set[str]] = {}
        self._asked: frozenset[str] = frozenset()
        self._asking: set[str] = set()
        self._is_marked = False
        self._bases: frozenset[Class] = frozenset()

    def buses(self) -> list[Bus]:
        """The hand-written buses."""
        return [bus for path in sorted(self._shown) for bus in self._shown[path].buses]

    def changed(self, path: str) -> None:
        """A file's words are others now."""
        (self._asking.add if path in self._search(self._asked) else self._asking.discard)(path)

    def update(self, stale: set[str], candidates: set[str], linked: Set[str], rare: int) -> set[Hashable]:
        """Look again in files whose answers are stale. Gives what the finder is told differently now."""
        targets = stale & linked if self._bases else set[str]()
        for path in sorted(stale & candidates):
            targets |= self._put(path, self._by_shape(path))
        targets |= stale & self._configured.paths
        targets |= self._ask(candidates, rare)
        far = {path for path in self._asking - candidates if path in stale or path not in self._shown}
        self._expect(far)
        for path in sorted(far):
            targets |= self._put(path, self._by_mark(path))
        for path in self._shown.keys() - candidates - self._asking:
            targets |= self._put(path, _NOTHING)
        sources: set[Hashable] = {("seeds", path) for path in sorted(targets) if self._tell(path, linked)}
        if self._is_marked != any(self._accepted(shown) for shown in self._shown.values()):
            self._is_marked = not self._is_marked
            sources.add(_MARKS)
        return sources

    def settle(self, bases: frozenset[Class], linked: Set[str]) -> set[Hashable]:
        """Bring the classes that events descend from up to date. Gives what the finder is told differently now."""
        if bases == self._bases:
            return set()
        self._bases = bases
        self._memo.forget((_BASES,), ())
        return {("seeds", path) for path in sorted(linked) if self._tell(path, linked)}

    def _ask(self, candidates: set[str], rare: int) -> set[str]:
        """Find the files that may mark functions by an attribute that a candidate asks for. Gives those with marks."""
        asked = frozenset[str]().union(*(s.asked for path, s in self._shown.items() if path in candidates))
        if asked == self._asked:
            return set()
        self._asked = asked
        found = self._search(asked).files().values()
        self._asking = set[str]().union(*(paths for paths in found if len(paths) <= rare))
        return {path for path, shown in self._shown.items() if shown.marks}

    def _put(self, path: str, shown: Shown) -> set[str]:
        """Keep what a file shows. Gives the files that this bears on."""
        old = self._shown.pop(path, _NOTHING)
        if shown != _NOTHING:
            self._shown[path] = shown
        before, after = {seed.path for seed in old.seeds}, {seed.path for seed in shown.seeds}
        for target in before - after:
            self._origins[target].discard(path)
        for target in after:
            self._origins.setdefault(target, set()).add(path)
        return before | after | ({path} if old.marks or shown.marks else set[str]())

    def _tell(self, path: str, linked: Set[str]) -> bool:
        """Tell the finder a file's seeds. Gives whether they are others now."""
        found = self._accepted(self._shown.get(path, _NOTHING))
        for origin in sorted(self._origins.get(path, ())):
            found.extend(seed for seed in self._shown[origin].seeds if seed.path == path)
        if self._bases and path in linked:
            found.extend(self._memo.get(("collected", path, ""), partial(self._collected, path), _NO_DRAFTS))
        found = self._configured.confirmed(self._finder, path, found)
        seeds = self._finder.seeds
        old = seeds.get(path, _NO_DRAFTS)
        seeds[path] = found
        (self.files.add if found else self.files.discard)(path)
        return found != old

    def _accepted(self, shown: Shown) -> list[Draft]:
        """Those of a file's marks that some bus looks for."""
        return [draft for name, draft in shown.marks if name in self._asked]

    # -- one file

    def _by_shape(self, path: str) -> Shown:
        marks = self._by_mark(path)
        seeds, buses = self._memo.get(("seeds", path, ""), partial(self._shapes, path), _NO_SHAPES)
        return marks._replace(seeds=tuple(seeds), buses=tuple(buses))

    def _shapes(self, path: str) -> tuple[list[Draft], list[Bus]]:
        facts = self._finder.workspace.facts(path)
        if facts is None:
            return [], []
        self._memo.uses(_MARKS)
        shapes = Shapes(self._finder.evaluator, self._finder.workspace, path, facts, self._is_marked)
        seeds, buses = shapes.find()
        return [*seeds, *registries(self._finder, path, facts)], buses

    def _by_mark(self, path: str) -> Shown:
        marks, asked = self._memo.get(("marks", path, ""), partial(self._marks, path), _NO_MARKS)
        return Shown(marks=tuple(marks), asked=frozenset(asked))

    def _marks(self, path: str) -> tuple[list[tuple[str, Draft]], set[str]]:
        facts = self._finder.workspace.facts(path)
        return ([], set()) if facts is None else marked(facts, self._finder.evaluator, path)

    def _collected(self, path: str) -> list[Draft]:
        """Events that an object collects for the bus to fetch: `self.events.append(OrderPlaced(...))`.

        Only classes that a hand-written bus handles, and those that share a base with one, are taken for events.
        """
        self._memo.uses(_BASES)
        return collecting(
            self._finder.evaluator, self._finder, path, {*self._bases}, self._configured.collections
        )


_NO_SHAPES: tuple[list[Draft], list[Bus]] = ([], [])
_NO_MARKS: tuple[list[tuple[str, Draft]], set[str]] = ([], set())
