"""The fields of a graph's sites, put into it; after a change only those of sites and events that it bears on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from pubsub_devtools.model import Event, EventGraph, FieldUse, SchemaVersion, Site
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.events import Pair
from pubsub_devtools_analysis.fields.bodies import TextOf
from pubsub_devtools_analysis.fields.handlers import Handlers
from pubsub_devtools_analysis.fields.inferred import inferred
from pubsub_devtools_analysis.fields.keys import keys_of
from pubsub_devtools_analysis.fields.schemas import Types
from pubsub_devtools_analysis.fields.takes import takes
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.memo import Memo
from pubsub_devtools_analysis.values import Class, Function, Instance, Str


class Told(NamedTuple):
    """A site with its fields, and all that they were made from besides the files: the site, its draft, who handles it."""

    site: Site
    origin: Draft | None
    task: Function | None
    told: Site


class Shown(NamedTuple):
    """An event with its types, and what they were made from besides the files: the event, its sites and drafts."""

    event: Event
    sites: Sequence[Site]
    told: Event


class Fields:
    """Tells fields, again after each change: what no change bears on is remembered."""

    def __init__(self, finder: Finder, text_of: TextOf) -> None:
        self.finder = finder
        self._memo = Memo(finder.memo)
        self._handlers = Handlers(finder, text_of)
        self._types = Types(finder, self._handlers.reader.bodies.module)
        self._sites: dict[str, Told] = {}
        self._events: dict[str, Shown] = {}

    def changed(self) -> None:
        """A text is another now: those that were read for comparing answers are not to be believed."""
        self._handlers.reader.bodies.forget()

    def annotated(
        self, graph: EventGraph, origin: Mapping[str, Draft], pairs: Mapping[str, Sequence[Pair]]
    ) -> EventGraph:
        """A graph whose handlers tell what they read, its publishers what they give, its schemas their types.

        Args:
            graph: the graph.
            origin: the draft behind each site of it, by the site's id; those of other repositories have none.
            pairs: both by event.
        """
        stale = self._memo.catch_up()
        tasks = {event: task for event, own in pairs.items() if (task := function(own)) is not None}
        known, self._sites = self._sites, {}
        for site in graph.sites:
            draft, task, old = origin.get(site.id), tasks.get(site.event), known.get(site.id)
            is_same = old is not None and old.site is site and old.origin is draft and old.task == task
            kept = old if is_same and site.id not in stale else None
            self._sites[site.id] = kept or self._site(site, draft, task)
        by_event: dict[str, list[Site]] = {event.id: [] for event in graph.events}
        for each in self._sites.values():
            by_event[each.told.event].append(each.told)
        self._events = {
            event.id: self._event(event, by_event[event.id], pairs.get(event.id, ()), stale)
            for event in graph.events
        }
        self._handlers.reader.bodies.forget()
        return msgspec.structs.replace(
            graph,
            sites=tuple([each.told for each in self._sites.values()]),
            events=tuple([each.told for each in self._events.values()]),
        )

    # -- sites

    def _site(self, site: Site, draft: Draft | None, task: Function | None) -> Told:
        if draft is None or site.kind == "declare":
            return Told(site, draft, task, site)
        self._memo.forget((), [site.id])
        told = self._memo.get(("site", site.id, ""), partial(self._told, site, draft, task), site)
        return Told(site, draft, task, told)

    def _told(self, site: Site, draft: Draft, task: Function | None) -> Site:
        site = msgspec.structs.replace(site, schema=self._carried(draft))
        if site.kind == "handle":
            return handling(self._handlers, site, draft)
        return publishing(self.finder, site, draft, task)

    def _carried(self, draft: Draft) -> str:
        """The class that a publisher gives, or that a handler's parameter is annotated with."""
        if isinstance(draft.payload, Class):
            return self._symbol(draft.payload)
        handler = draft.handler
        facts = self.finder.workspace.facts(handler.path) if isinstance(handler, Function) else None
        if draft.kind != "handle" or not isinstance(handler, Function) or facts is None:
            return ""
        scope = self.finder.workspace.get(handler.path, handler.key)
        at = At(handler.path, facts, max(scope.parent, 0))
        annotations = [param.annotation for param in scope.params if param.annotation is not None]
        values = [self.finder.evaluator.annotated(at, annotation) for annotation in annotations]
        found = [v.cls for each in values if len(each) == 1 for v in each if isinstance(v, Instance)]
        return self._symbol(found[0]) if found else ""

    def _symbol(self, cls: Class) -> str:
        return self.finder.workspace.symbol(cls.path, cls.key)

    # -- events

    def _event(self, event: Event, sites: Sequence[Site], pairs: Sequence[Pair], stale: set[str]) -> Shown:
        """An event whose schemas tell their types; those of other repositories' graphs are as they came."""
        old = self._events.get(event.id)
        if old is not None and event.id not in stale and (event, sites) == old[:2]:
            return old
        self._memo.forget((), [event.id])
        typed = self._memo.get(("event", event.id, ""), partial(self._typed, event, pairs), event)
        return Shown(event, sites, inferred(typed, sites))

    def _typed(self, event: Event, pairs: Sequence[Pair]) -> Event:
        carried = (draft.payload for _, draft in pairs if isinstance(draft.payload, Class))
        classes = {self._symbol(cls): cls for cls in carried}
        schemas = tuple(
            self._schema(each, classes[each.symbol]) if each.symbol in classes else each
            for each in event.schemas
        )
        return msgspec.structs.replace(event, schemas=schemas)

    def _schema(self, schema: SchemaVersion, cls: Class) -> SchemaVersion:
        return msgspec.structs.replace(schema, type=self._types.of(cls), members=self._types.members(cls))


def handling(handlers: Handlers, site: Site, draft: Draft) -> Site:
    """A handler's site with what it takes and reads."""
    found = handlers.of(draft)
    fields = tuple(FieldUse(".".join(read.path), read.place) for read in found.fields)
    return msgspec.structs.replace(
        site, reads=fields, passed_whole_to=found.passed, takes=takes(handlers, draft)
    )


def publishing(finder: Finder, site: Site, draft: Draft, task: Function | None) -> Site:
    """A publisher's site with what it gives."""
    found = keys_of(finder, draft, task if isinstance(draft.name, Str) else None)
    return msgspec.structs.replace(site, keys=found.keys, open=found.open)


def function(pairs: Sequence[Pair]) -> Function | None:
    """The function that handles an event: the first where it has several."""
    for site, draft in pairs:
        if site.kind == "handle" and isinstance(draft.handler, Function) and isinstance(draft.name, Str):
            return draft.handler
    return None
