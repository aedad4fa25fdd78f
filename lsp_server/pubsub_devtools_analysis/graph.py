"""The event graph put together from what each file contributes, again after each change: only what that bears on is made anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain

from pubsub_devtools.model import Event, EventGraph, Saga, Service
from pubsub_devtools_analysis.events import Events, Pair, is_partial
from pubsub_devtools_analysis.flows import Flows
from pubsub_devtools_analysis.link import Linker
from pubsub_devtools_analysis.links import Links, Name
from pubsub_devtools_analysis.matching import Draft
from pubsub_devtools_analysis.memo import Memo
from pubsub_devtools_analysis.merging import NOTHING, Merging
from pubsub_devtools_analysis.placing import Placing
from pubsub_devtools_analysis.services import services
from pubsub_devtools_analysis.shards import Shard, Shards

_EMPTY = Shard({}, (), (), ())
_NO_EVENT = Event("", "", "", ())


class Assembly:
    """The graph of what a linker links.

    `pairs` are the sites of each event, with the draft behind each; `origin` is that draft by the site's id.
    """

    def __init__(self, linker: Linker, service: Callable[[str], str]) -> None:
        self.linker = linker
        self.pairs: dict[str, tuple[Pair, ...]] = {}
        self.origin: dict[str, Draft] = {}
        finder = linker.finder
        placing = Placing(linker.workspace, self._service)
        self._shards = Shards(finder, placing)
        self._merging = Merging(placing)
        self._events = Events(finder)
        self._memo = Memo(finder.memo)
        self._links = Links(linker.known)
        self._flows = Flows(finder)
        self._unfollowed: dict[str, tuple[Sequence[Pair], Sequence[Pair]]] = {}
        self._made: dict[str, Shard] = {}
        self._known: dict[str, Event] = {}
        self._by_file: defaultdict[str, dict[str, tuple[Pair, ...]]] = defaultdict(dict)
        self._service_of = service
        self._services: dict[str, str] = {}
        self._served: Mapping[str, str] = {}
        self._shown: tuple[Service, ...] = ()

    def graph(self, root: str, service: Callable[[str], str], *, flows: bool = True) -> EventGraph:
        """The graph as it is now: events, sites, links, flows where they are wanted, sagas and services, all sorted.

        Args:
            root: the name of the root.
            service: which service a file belongs to.
            flows: whether flows are followed; where they were not, a later graph makes up for it.
        """
        moved = self._moved(service)
        made = self._make(moved)
        paths = moved.union(*(self._merging.put(source, old, new) for source, (old, new) in made.items()))
        before = {path: self._merging.settle(path) for path in sorted(paths)}
        stretches = self._merging.stretches
        changed = {path: (old.pairs, stretches.get(path, NOTHING).pairs) for path, old in before.items()}
        events = self._regroup(changed)
        self._tell(events)
        names = {event: self._name(event) for event in events}
        self._links.update(names, {source: new.links for source, (_, new) in made.items()})
        self._follow(changed, flows=flows)
        ordered = [stretches[path] for path in sorted(stretches)]
        return EventGraph(
            root=root,
            events=tuple(self._known[event] for event in sorted(self._known)),
            sites=tuple([site for stretch in ordered for site, _ in stretch.pairs]),
            links=self._links.all,
            flows=self._flows.all if flows else (),
            sagas=self._sagas(),
            services=self._all_services(
                {
                    site.place.path: site.service
                    for each in ordered
                    if each.pairs
                    for site, _ in each.pairs[:1]
                }
            ),
            unnamed=tuple(chain.from_iterable(stretch.unnamed for stretch in ordered)),
        )

    # -- what files contribute

    def _make(self, moved: set[str]) -> dict[str, tuple[Shard, Shard]]:
        """Have the shards of now. Gives by file those that are others, as they were and as they are."""
        anew, gone = self._shards.update(self.linker.files, {("service", path) for path in moved})
        now = {path: self._shards.of(path) for path in sorted(anew)} | dict.fromkeys(sorted(gone), _EMPTY)
        made = {path: (self._made.get(path, _EMPTY), new) for path, new in now.items()}
        self._made |= now
        return {path: (old, new) for path, (old, new) in made.items() if old != new}

    def _service(self, path: str) -> str:
        self._shards.memo.uses(("service", path))
        if path not in self._services:
            self._services[path] = self._service_of(path)
        return self._services[path]

    def _moved(self, service: Callable[[str], str]) -> set[str]:
        """The files that belong to another service since files came or went."""
        if service == self._service_of:
            return set()
        self._service_of = service
        before, self._services = self._services, {path: service(path) for path in self._services}
        return {path for path, name in self._services.items() if before[path] != name}

    # -- what is put together of them

    def _regroup(self, changed: Mapping[str, tuple[Sequence[Pair], Sequence[Pair]]]) -> set[str]:
        """Have the sites of each event of now. Gives the events that have others."""
        events: set[str] = set()
        for path, (old, new) in changed.items():
            for site, _ in old:
                self.origin.pop(site.id, None)
            self.origin |= {site.id: draft for site, draft in new}
            before, after = _by_event(old), _by_event(new)
            others = {
                event for event in before.keys() | after.keys() if before.get(event) != after.get(event)
            }
            for event in others:
                self._by_file[event].pop(path, None)
                self._by_file[event].update({path: after[event]} if event in after else {})
            events |= others
        for event in events:
            files = self._by_file[event]
            self.pairs[event] = tuple(chain.from_iterable(files[path] for path in sorted(files)))
            if not files:
                del self.pairs[event], self._by_file[event]
        return events

    def _follow(self, changed: Mapping[str, tuple[Sequence[Pair], Sequence[Pair]]], *, flows: bool) -> None:
        """Have the flows of now, or remember for later what they are to be made anew for."""
        for path, (old, new) in changed.items():
            self._unfollowed[path] = (self._unfollowed.get(path, (old, new))[0], new)
        if flows:
            self._flows.update(self._unfollowed)
            self._unfollowed = {}

    def _tell(self, events: set[str]) -> None:
        """Have these events anew, and those whose classes have changed."""
        for event in self._memo.catch_up() | self._memo.forget((), events):
            if event in self.pairs:
                self._known[event] = self._memo.get(
                    ("event", event, ""), partial(self._event, event), _NO_EVENT
                )
            else:
                self._known.pop(event, None)

    def _event(self, event: str) -> Event:
        """An event; the very one from before where it is no other."""
        old, new = self._known.get(event), self._events.event(event, self.pairs[event])
        return old if old is not None and old == new else new

    def _name(self, event: str) -> Name | None:
        pairs = self.pairs.get(event)
        if pairs is None:
            return None
        kinds = frozenset(site.kind for site, _ in pairs)
        return Name(event.partition(":")[2], pairs[0][0], kinds, is_partial(pairs))

    def _sagas(self) -> tuple[Saga, ...]:
        found = (saga for shard in self._made.values() for saga in shard.sagas)
        return tuple(sorted(found, key=lambda each: (each.name, each.place)))

    def _all_services(self, service_of: Mapping[str, str]) -> tuple[Service, ...]:
        if service_of != self._served:
            self._served, self._shown = service_of, services(service_of)
        return self._shown


def _by_event(pairs: Sequence[Pair]) -> dict[str, tuple[Pair, ...]]:
    found: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        found[pair[0].event].append(pair)
    return {event: tuple(own) for event, own in found.items()}
