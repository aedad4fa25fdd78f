"""The graph made quick to ask: look-ups by id, and handlers and publishers seen through links.

A link says that what is published under one event also reaches another (a wildcard, a binding, a base class). Links
chain, so every question about "the handlers of an event" follows them to the end; each answer keeps the links it
went through, because a reader wants to know why a handler hears an event whose name it never mentions.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec

from pubsub_devtools.model import Certainty, Event, EventGraph, Flow, Link, Site
from pubsub_devtools_analysis.queries.certainty import weakest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Towards = Literal["target", "source"]
V = TypeVar("V")


class Reach(msgspec.Struct, frozen=True, omit_defaults=True):
    """A site that takes part in an event, and the links between the event and the site's own event."""

    site: Site
    certainty: Certainty
    via: tuple[Link, ...] = ()


class GraphIndex:
    """Look-ups over one graph, built in one pass and never changed."""

    def __init__(self, graph: EventGraph) -> None:
        self.graph = graph
        self.events: dict[str, Event] = {event.id: event for event in graph.events}
        self.sites: dict[str, Site] = {site.id: site for site in graph.sites}
        self._by_event = grouped((site.event, site) for site in graph.sites)
        self._links_from = grouped((link.source, link) for link in graph.links)
        self._links_to = grouped((link.target, link) for link in graph.links)
        self._flows_by_handler = grouped((flow.handler, flow) for flow in graph.flows)
        self._flows_by_publisher = grouped((flow.publisher, flow) for flow in graph.flows)

    def tables(self) -> tuple[dict[str, Any], ...]:
        """All look-ups, always in the same order."""
        links, flows = (self._links_from, self._links_to), (self._flows_by_handler, self._flows_by_publisher)
        return self.events, self.sites, self._by_event, *links, *flows

    def sites_of(self, event: str, kind: str | None = None) -> tuple[Site, ...]:
        """The sites that name this very event, of one kind or of all."""
        sites = self._by_event.get(event, ())
        return tuple(site for site in sites if kind is None or site.kind == kind)

    def handlers(self, event: str) -> tuple[Reach, ...]:
        """Every handler that hears the event, its own first, then those behind links."""
        return self._reached(event, "handle", "target")

    def publishers(self, event: str) -> tuple[Reach, ...]:
        """Every publisher that reaches the event's handlers, its own first, then those behind links."""
        return self._reached(event, "publish", "source")

    def flows_from(self, handler: str) -> tuple[Flow, ...]:
        """What the handler goes on to publish."""
        return self._flows_by_handler.get(handler, ())

    def flows_to(self, publisher: str) -> tuple[Flow, ...]:
        """The handlers during which this publisher is run."""
        return self._flows_by_publisher.get(publisher, ())

    def linked(self, event: str, towards: Towards) -> Mapping[str, tuple[Link, ...]]:
        """The events that links lead to from ``event``, itself included, each with the shortest way there."""
        table = self._links_from if towards == "target" else self._links_to
        ways: dict[str, tuple[Link, ...]] = {event: ()}
        queue = [event]
        for here in queue:
            last = ways[here][-1 if towards == "target" else 0] if ways[here] else None
            for link in table.get(here, ()):
                there = link.target if towards == "target" else link.source
                if there not in ways and not (last and self._is_coincidence(last, here, link)):
                    way = (*ways[here], link) if towards == "target" else (link, *ways[here])
                    ways[there] = way
                    queue.append(there)
        return ways

    def _is_coincidence(self, last: Link, here: str, link: Link) -> bool:
        """Whether two links meet in a pattern alone: who hears all that it matches does not send all that it matches."""
        return last.kind == link.kind == "wildcard" and here in self.events and self.events[here].pattern

    def _reached(self, event: str, kind: str, towards: Towards) -> tuple[Reach, ...]:
        return tuple(
            Reach(site, weakest((site.certainty, *(link.certainty for link in via))), via)
            for name, via in self.linked(event, towards).items()
            for site in self.sites_of(name, kind)
        )


def grouped(pairs: Iterable[tuple[str, V]]) -> dict[str, tuple[V, ...]]:
    """Values by key, in their order."""
    groups: defaultdict[str, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
