"""What each file contributes to the graph, made once and kept until the file, or what it asked, changes.

A file's drafts become sites in steps, and what a step needs to know of all files is shared by the steps before it: which
events are sure, which lines are gone through, which parameters are accounted for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, NamedTuple

from pubsub_devtools.model import Link, Saga, Unnamed
from pubsub_devtools_analysis.constructed import constructed, steps, told
from pubsub_devtools_analysis.declared import implied
from pubsub_devtools_analysis.events import Pair
from pubsub_devtools_analysis.links import bindings
from pubsub_devtools_analysis.matching import Draft, Finder, is_open
from pubsub_devtools_analysis.memo import Memo
from pubsub_devtools_analysis.placing import Placing, settled
from pubsub_devtools_analysis.relaying import bases, events_of_buses, relayed
from pubsub_devtools_analysis.sagas import sagas
from pubsub_devtools_analysis.shared import Noted, Shared
from pubsub_devtools_analysis.trusting import published, sure_catalogues, sure_events, trusted
from pubsub_devtools_analysis.values import Pattern, Str, Unknown

Drafts = tuple[Draft, ...]
_NONE: Drafts = ()


class Part(NamedTuple):
    """What one file contributes to another, or to itself."""

    pairs: tuple[Pair, ...] = ()
    unnamed: tuple[Unnamed, ...] = ()


class Shard(NamedTuple):
    """What one file contributes: sites by the file that they stand in, declarations that its drafts imply, and more."""

    parts: dict[str, Part]
    implied: Drafts
    links: tuple[Link, ...]
    sagas: tuple[Saga, ...]


_EMPTY = Shard({}, (), (), ())


class Shards:
    """The shards of all linked files."""

    def __init__(self, finder: Finder, placing: Placing) -> None:
        self.memo = Memo(finder.memo)
        self.constants = Noted("constant", finder.evaluator.constants, self.memo)
        self.classes = Noted("class", finder.classes, self.memo)
        self.events = Shared("sure event", self.memo)
        self.catalogues = Shared("sure catalogue", self.memo)
        self._finder = finder
        self._placing = placing
        self.published = Shared("published", self.memo)
        self._of_buses = Shared("event of a bus", self.memo)
        self._bases = Shared("base of events", self.memo)
        self._named = Shared("named step", self.memo)
        self._told = Shared("told", self.memo)
        self._used = Shared("used", self.memo)
        self._files: set[str] = set()

    def update(self, files: set[str], changed: set[Hashable]) -> tuple[set[str], set[str]]:
        """Catch up with the files that are linked now. Gives those whose shards are others, and those that are gone."""
        anew = self.memo.catch_up()
        anew |= self.memo.forget(changed | self.constants.changed() | self.classes.changed(), ())
        gone, self._files, before = self._files - files, {*files}, self._files
        anew = (anew & files) | (files - before)
        for share, say in self._shares():
            others = set[Hashable]().union(*(share.put(path, say(path)) for path in anew))
            others.update(*(share.put(path, frozenset()) for path in gone))
            anew |= self.memo.forget(others, ()) & files
        return anew, gone

    def of(self, path: str) -> Shard:
        """What a file contributes."""
        return self.memo.get(("shard", path, ""), partial(self._shard, path), _EMPTY)

    def _shares(self) -> tuple[tuple[Shared, Callable[[str], frozenset[Any]]], ...]:
        """What files say together; what each says of it stands on those before."""
        return (
            (self.events, lambda path: sure_events(self._finder.drafts(path))),
            (self.catalogues, lambda path: sure_catalogues(self._finder.drafts(path))),
            (self.published, lambda path: published(self._finder.drafts(path))),
            (self._of_buses, lambda path: events_of_buses(self._finder, self._finder.drafts(path))),
            (self._bases, self._bases_in),
            (self._named, lambda path: steps(self._trusted(path))),
            (self._told, self._accounted),
            (self._used, lambda path: frozenset(s[1:] for d in self._constructed(path) for s in d.steps)),
        )

    def _accounted(self, path: str) -> frozenset[Any]:
        none: frozenset[Any] = frozenset()
        return self.memo.get(("told", path, ""), lambda: told(self._trusted(path), self._named), none)

    def _bases_in(self, path: str) -> frozenset[str]:
        events = events_of_buses(self._finder, self._finder.drafts(path))
        none: frozenset[str] = frozenset()
        return self.memo.get(("bases", path, ""), lambda: bases(self._finder, events, self.classes), none)

    def _is_base(self, event: str) -> bool:
        return event in self._of_buses and event in self._bases

    def _trusted(self, path: str) -> Drafts:
        return self.memo.get(("trusted", path, ""), partial(self._judged, path), _NONE)

    def _judged(self, path: str) -> Drafts:
        return relayed(self._finder, trusted(self._finder.drafts(path), self), self._is_base)

    def _constructed(self, path: str) -> Drafts:
        return self.memo.get(("constructed", path, ""), partial(self._filled, path), _NONE)

    def _filled(self, path: str) -> Drafts:
        drafts = self._trusted(path)
        return tuple(each for draft in drafts for each in constructed(self._finder, draft, self._told))

    def _shard(self, path: str) -> Shard:
        pairs: defaultdict[str, list[Pair]] = defaultdict(list)
        unnamed: defaultdict[str, list[Unnamed]] = defaultdict(list)
        for draft in self._constructed(path):
            if is_open(draft) and (draft.path, draft.span[0]) not in self._used:
                self._place(settled(draft), pairs, unnamed)
            else:
                self._place(draft, pairs, unnamed)
        places = pairs.keys() | unnamed.keys()
        return Shard(
            {each: Part(tuple(pairs[each]), tuple(unnamed[each])) for each in places},
            implied(self._finder, self._trusted(path), self),
            tuple(bindings(self._finder, path)),
            tuple(sagas(self._finder, path)),
        )

    def _place(self, draft: Draft, pairs: dict[str, list[Pair]], unnamed: dict[str, list[Unnamed]]) -> None:
        name = draft.name
        if isinstance(name, Str | Pattern) and name.text:
            site = self._placing.site(draft, name)
            pairs[site.place.path].append((site, draft))
        elif isinstance(name, Unknown) or (is_open(draft) and draft.receiver is None):
            missed = self._placing.unnamed(draft, name.why if isinstance(name, Unknown) else "parameter")
            unnamed[missed.place.path].append(missed)
