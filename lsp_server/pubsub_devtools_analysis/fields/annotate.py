"""The fields of a graph's sites, put into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from pubsub_devtools.model import EventGraph, FieldUse, Site
from pubsub_devtools_analysis.fields.bodies import TextOf
from pubsub_devtools_analysis.fields.handlers import Handlers
from pubsub_devtools_analysis.fields.keys import Tasks, keys_of
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.values import Function, Str


class Fields:
    """Tells fields, again after each change: what no change bears on is remembered."""

    def __init__(self, finder: Finder, text_of: TextOf) -> None:
        self.finder = finder
        self._handlers = Handlers(finder, text_of)

    def annotated(self, graph: EventGraph, origin: Mapping[str, Draft]) -> EventGraph:
        """A graph whose handlers tell what they read, and whose publishers what they give.

        Args:
            graph: the graph.
            origin: the draft behind each site of it, by the site's id; those of other repositories have none.
        """
        tasks = functions(origin.values())
        sites = tuple(self._told(site, origin.get(site.id), tasks) for site in graph.sites)
        self._handlers.reader.bodies.forget()
        return msgspec.structs.replace(graph, sites=sites)

    def _told(self, site: Site, draft: Draft | None, tasks: Tasks) -> Site:
        if draft is None or site.kind == "declare":
            return site
        if site.kind == "handle":
            return handling(self._handlers, site, draft)
        return publishing(self.finder, site, draft, tasks)


def handling(handlers: Handlers, site: Site, draft: Draft) -> Site:
    """A handler's site with what it reads."""
    found = handlers.of(draft)
    fields = tuple(FieldUse(".".join(read.path), read.place) for read in found.fields)
    return msgspec.structs.replace(site, reads=fields, passed_whole_to=found.passed)


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
