"""A smaller graph: only what was asked for, everything else untouched.

Sites are chosen by certainty and tests, whole events by name, service, dialect and distance. An event that stays keeps
its sites in all services, since the other end of an event is what one looks for. What the analysis looked at
(``unnamed``, ``problems``, ``coverage``) is not part of the choice and stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from pubsub_devtools.model import Certainty, EventGraph
from pubsub_devtools_analysis.queries.certainty import at_least
from pubsub_devtools_analysis.queries.index import GraphIndex, Towards

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pubsub_devtools.model import Saga, Site

Direction = Literal["up", "down", "both"]


class Selection(msgspec.Struct, frozen=True):
    """What to keep. Empty tuples keep everything.

    ``events`` are ids. ``depth`` counts event hops from those events, or else from the events of ``services``; without
    it the whole flow through ``events`` is kept, and of ``services`` the events they take part in.
    """

    events: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ()
    depth: int | None = None
    direction: Direction = "both"
    certainty: Certainty = "likely"
    tests: bool = False
    builtins: bool = True


def select(graph: EventGraph, selection: Selection) -> EventGraph:
    """The part of ``graph`` that ``selection`` keeps; nothing in it is new or changed."""
    trusted = _with_sites(graph, [site for site in graph.sites if _site_stays(site, selection)], selection)
    kept = _chosen_events(trusted, selection)
    return _with_events(trusted, kept)


def _site_stays(site: Site, selection: Selection) -> bool:
    return at_least(site.certainty, selection.certainty) and (selection.tests or not site.in_tests)


def _with_sites(graph: EventGraph, sites: list[Site], selection: Selection) -> EventGraph:
    """Drop what hung on a dropped site: its flows, and events that have no other (declared ones had none before)."""
    had_sites = {site.event for site in graph.sites}
    has_sites = {site.event for site in sites}
    ids = {site.id for site in sites}
    return msgspec.structs.replace(
        graph,
        sites=tuple(sites),
        events=tuple(event for event in graph.events if event.id in has_sites or event.id not in had_sites),
        links=tuple(link for link in graph.links if at_least(link.certainty, selection.certainty)),
        flows=tuple(
            flow
            for flow in graph.flows
            if flow.handler in ids and flow.publisher in ids and at_least(flow.certainty, selection.certainty)
        ),
    )


def _chosen_events(graph: EventGraph, selection: Selection) -> set[str]:
    kept = _around_focus(graph, selection) & {event.id for event in graph.events}
    if selection.dialects:
        kept &= {event.id for event in graph.events if not set(event.dialects).isdisjoint(selection.dialects)}
    if not selection.builtins:
        kept -= {event.id for event in graph.events if event.origin == "builtin"}
    return kept


def _around_focus(graph: EventGraph, selection: Selection) -> set[str]:
    everything = {event.id for event in graph.events}
    of_services = {site.event for site in graph.sites if site.service in selection.services}
    if selection.events:
        near = neighbourhood(GraphIndex(graph), selection.events, selection.depth, selection.direction)
        return near & of_services if selection.services else near
    if selection.services:
        return neighbourhood(GraphIndex(graph), of_services, selection.depth or 0, selection.direction)
    return everything


def neighbourhood(
    index: GraphIndex, events: Iterable[str], depth: int | None, direction: Direction = "both"
) -> set[str]:
    """The events within ``depth`` hops along flows; links cost nothing. Up and down are followed apart."""
    start = [event for event in events if event in index.events]
    near: set[str] = set()
    if direction in ("down", "both"):
        near |= _walk(index, start, depth, down=True)
    if direction in ("up", "both"):
        near |= _walk(index, start, depth, down=False)
    return near


def _walk(index: GraphIndex, start: Collection[str], depth: int | None, *, down: bool) -> set[str]:
    seen = _through_links(index, start, down=down)
    frontier, hops = seen, 0
    while frontier and (depth is None or hops < depth):
        beyond = _one_hop(index, frontier, down=down)
        frontier = _through_links(index, beyond, down=down) - seen
        seen = seen | frontier
        hops += 1
    return seen


def _through_links(index: GraphIndex, events: Iterable[str], *, down: bool) -> set[str]:
    towards: Towards = "target" if down else "source"
    return {linked for event in events for linked in index.linked(event, towards)}


def _one_hop(index: GraphIndex, events: Iterable[str], *, down: bool) -> set[str]:
    if down:
        flows = [
            flow for e in events for site in index.sites_of(e, "handle") for flow in index.flows_from(site.id)
        ]
        return {index.sites[flow.publisher].event for flow in flows if flow.publisher in index.sites}
    flows = [
        flow for e in events for site in index.sites_of(e, "publish") for flow in index.flows_to(site.id)
    ]
    return {index.sites[flow.handler].event for flow in flows if flow.handler in index.sites}


def _with_events(graph: EventGraph, kept: set[str]) -> EventGraph:
    sites = tuple(site for site in graph.sites if site.event in kept)
    ids = {site.id for site in sites}
    used = {site.service for site in sites}
    whole = len(kept) == len(graph.events)
    return msgspec.structs.replace(
        graph,
        events=tuple(event for event in graph.events if event.id in kept),
        sites=sites,
        links=tuple(link for link in graph.links if link.source in kept and link.target in kept),
        flows=tuple(flow for flow in graph.flows if flow.handler in ids and flow.publisher in ids),
        sagas=tuple(saga for saga in graph.sagas if whole or _takes_part(saga, sites)),
        services=tuple(service for service in graph.services if whole or service.name in used),
    )


def _takes_part(saga: Saga, sites: Iterable[Site]) -> bool:
    """A saga belongs to a selection when one of its own methods publishes or handles there."""
    inside = f"{saga.symbol}."
    return any(site.place.path == saga.place.path and site.symbol.startswith(inside) for site in sites)
