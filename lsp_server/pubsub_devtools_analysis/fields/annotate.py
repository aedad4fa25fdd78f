"""The fields of a graph's sites, put into it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from pubsub_devtools.model import EventGraph, FieldUse, Site
from pubsub_devtools_analysis.fields.bodies import TextOf
from pubsub_devtools_analysis.fields.handlers import Handlers
from pubsub_devtools_analysis.matching import Draft, Finder


class Fields:
    """Tells fields, again after each change: what no change bears on is remembered."""

    def __init__(self, finder: Finder, text_of: TextOf) -> None:
        self.finder = finder
        self._handlers = Handlers(finder, text_of)

    def annotated(self, graph: EventGraph, origin: Mapping[str, Draft]) -> EventGraph:
        """A graph whose handlers tell what they read.

        Args:
            graph: the graph.
            origin: the draft behind each site of it, by the site's id; those of other repositories have none.
        """
        sites = tuple(self._told(site, origin.get(site.id)) for site in graph.sites)
        self._handlers.reader.bodies.forget()
        return msgspec.structs.replace(graph, sites=sites)

    def _told(self, site: Site, draft: Draft | None) -> Site:
        return handling(self._handlers, site, draft) if draft is not None and site.kind == "handle" else site


def handling(handlers: Handlers, site: Site, draft: Draft) -> Site:
    """A handler's site with what it reads."""
    found = handlers.of(draft)
    fields = tuple(FieldUse(".".join(read.path), read.place) for read in found.fields)
    return msgspec.structs.replace(site, reads=fields, passed_whole_to=found.passed)
