"""The fields of a graph's sites, put into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from pubsub_devtools.model import Event, EventGraph, FieldUse, SchemaVersion, Site
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.fields.bodies import TextOf
from pubsub_devtools_analysis.fields.handlers import Handlers
from pubsub_devtools_analysis.fields.inferred import inferred
from pubsub_devtools_analysis.fields.keys import Tasks, keys_of
from pubsub_devtools_analysis.fields.schemas import Types
from pubsub_devtools_analysis.fields.takes import takes
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.values import Class, Function, Instance, Str


class Fields:
    """Tells fields, again after each change: what no change bears on is remembered."""

    def __init__(self, finder: Finder, text_of: TextOf) -> None:
        self.finder = finder
        self._handlers = Handlers(finder, text_of)
        self._types = Types(finder, self._handlers.reader.bodies.module)

    def annotated(self, graph: EventGraph, origin: Mapping[str, Draft]) -> EventGraph:
        """A graph whose handlers tell what they read, its publishers what they give, its schemas their types.

        Args:
            graph: the graph.
            origin: the draft behind each site of it, by the site's id; those of other repositories have none.
        """
        tasks = functions(origin.values())
        sites = tuple(self._told(site, origin.get(site.id), tasks) for site in graph.sites)
        classes = {
            self._symbol(d.payload): d.payload for d in origin.values() if isinstance(d.payload, Class)
        }
        events = tuple(self._typed(event, classes) for event in graph.events)
        self._handlers.reader.bodies.forget()
        return msgspec.structs.replace(graph, sites=sites, events=inferred(events, sites))

    def _typed(self, event: Event, classes: Mapping[str, Class]) -> Event:
        """An event whose schemas tell their types; those of other repositories' graphs are as they came."""
        schemas = tuple(
            self._schema(each, classes[each.symbol]) if each.symbol in classes else each
            for each in event.schemas
        )
        return msgspec.structs.replace(event, schemas=schemas)

    def _schema(self, schema: SchemaVersion, cls: Class) -> SchemaVersion:
        return msgspec.structs.replace(schema, type=self._types.of(cls), members=self._types.members(cls))

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

    def _told(self, site: Site, draft: Draft | None, tasks: Tasks) -> Site:
        if draft is None or site.kind == "declare":
            return site
        site = msgspec.structs.replace(site, schema=self._carried(draft))
        if site.kind == "handle":
            return handling(self._handlers, site, draft)
        return publishing(self.finder, site, draft, tasks)


def handling(handlers: Handlers, site: Site, draft: Draft) -> Site:
    """A handler's site with what it takes and reads."""
    found = handlers.of(draft)
    fields = tuple(FieldUse(".".join(read.path), read.place) for read in found.fields)
    return msgspec.structs.replace(
        site, reads=fields, passed_whole_to=found.passed, takes=takes(handlers, draft)
    )


def publishing(finder: Finder, site: Site, draft: Draft, tasks: Tasks) -> Site:
    """A publisher's site with what it gives."""
    found = keys_of(finder, draft, tasks)
    return msgspec.structs.replace(site, keys=found.keys, open=found.open)


def functions(drafts: Iterable[Draft]) -> Tasks:
    """The functions that handle events, by transport and name: the first where an event has several."""
    found: Tasks = {}
    for draft in drafts:
        if draft.kind == "handle" and isinstance(draft.handler, Function) and isinstance(draft.name, Str):
            found.setdefault((draft.transport, draft.name.text), draft.handler)
    return found
