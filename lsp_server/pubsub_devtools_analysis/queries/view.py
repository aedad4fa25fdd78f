"""What a picture shows: a graph folded to so few nodes and edges that a person can read it.

The finest of four levels that fits is drawn: functions and events; services and events; services and the events
between them; services alone. Whatever was folded is counted in the node that holds it and said in ``notes``. This is
the one input of the drawn formats, so that they agree on what they show.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Literal

import msgspec

from pubsub_devtools.model import Certainty, Event, EventGraph, Site
from pubsub_devtools_analysis.queries.certainty import weakest
from pubsub_devtools_analysis.queries.index import GraphIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MAX_NODES = 150
MAX_EVENTS_AND_SERVICES = 70
"""Above this a picture of services with all their events is too small to be read as a whole."""
MAX_EDGES = 300
"""Above this the layout of Graphviz takes seconds and the picture is a hairball; Mermaid itself refuses 500."""

NodeKind = Literal["event", "function", "service"]
EdgeKind = Literal["publishes", "handles", "reaches", "calls"]
Level = Literal["functions", "services", "between services", "services alone"]


class Node(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something drawn: an event, a function that publishes or handles, or a service with what was folded into it."""

    id: str
    kind: NodeKind
    label: str
    detail: str
    group: str = ""
    certainty: Certainty = "sure"


class Edge(msgspec.Struct, frozen=True, omit_defaults=True):
    """An arrow in the direction of the event. ``count`` is how many claims were folded into it."""

    source: str
    target: str
    kind: EdgeKind
    certainty: Certainty = "sure"
    label: str = ""
    count: int = 1


class View(msgspec.Struct, frozen=True):
    """A picture's content, never over ``MAX_NODES`` nodes and ``MAX_EDGES`` edges."""

    title: str
    level: Level
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The picture in a sentence, for those who do not see it."""
        kinds = Counter(node.kind for node in self.nodes)
        parts = [counted(kinds[kind], kind) for kind in ("event", "function", "service") if kinds[kind]]
        return " ".join(
            [f"{', '.join(parts) or 'Nothing'} and {counted(len(self.edges), 'arrow')}.", *self.notes]
        )


def view(graph: EventGraph, title: str) -> View:
    """Fold ``graph`` until it can be read. Sites in tests count as any other: select first to leave them out."""
    levels: tuple[Callable[[EventGraph, str], View], ...] = (_functions, _services, _between_services)
    for level in levels:
        folded = level(graph, title)
        most = MAX_EVENTS_AND_SERVICES if folded.level == "services" else MAX_NODES
        if len(folded.nodes) <= most and len(folded.edges) <= MAX_EDGES:
            return folded
    return _trimmed(_services_alone(graph, title))


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "handler"), counted(2, "handler"), counted(3, "match")
    ('1 handler', '2 handlers', '3 matches')
    """
    plural = f"{noun}es" if noun.endswith(("s", "h", "x")) else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def sites_in_words(sites: Iterable[Site]) -> str:
    """How many publish and handle: ``2 publishers · 3 handlers``."""
    kinds = Counter(site.kind for site in sites)
    parts = [counted(kinds["publish"], "publisher"), counted(kinds["handle"], "handler")]
    return " · ".join(parts)


def _functions(graph: EventGraph, title: str) -> View:
    home = _homes(graph)
    active = [site for site in graph.sites if site.kind != "declare"]
    functions: dict[str, list[Site]] = {}
    for site in active:
        functions.setdefault(_function_id(site), []).append(site)
    nodes = _event_nodes(graph, _events_by_id(graph).values())
    nodes += [_function_node(key, sites, home(sites[0])) for key, sites in functions.items()]
    edges = [_site_edge(site, _function_id(site)) for site in active]
    return _view(title, "functions", nodes, [*edges, *_link_edges(graph), *_call_edges(graph)])


def _services(graph: EventGraph, title: str) -> View:
    home = _homes(graph)
    active = [site for site in graph.sites if site.kind != "declare"]
    nodes = _event_nodes(graph, _events_by_id(graph).values())
    nodes += _service_nodes(active, home, folded={})
    edges = [_site_edge(site, f"service:{home(site)}") for site in active]
    note = f"{counted(len({_function_id(s) for s in active}), 'function')} folded into their services."
    return _view(title, "services", nodes, [*edges, *_link_edges(graph)], note)


def _between_services(graph: EventGraph, title: str) -> View:
    home = _homes(graph)
    active = [site for site in graph.sites if site.kind != "declare"]
    homes = _homes_of_events(graph, home)
    inside = {event: next(iter(places)) for event, places in homes.items() if len(places) == 1}
    between = [event for event in _events_by_id(graph).values() if len(homes.get(event.id, ())) > 1]
    nodes = _event_nodes(graph, between)
    nodes += _service_nodes(active, home, folded=Counter(inside.values()))
    shown = {event.id for event in between}
    edges = [_site_edge(site, f"service:{home(site)}") for site in active if site.event in shown]
    links = [
        edge for edge in _link_edges(graph) if {edge.source, edge.target} <= {f"event:{e}" for e in shown}
    ]
    note = f"{counted(len(inside), 'event')} that stay inside one service are folded into it."
    return _view(title, "between services", nodes, [*edges, *links], note)


def _services_alone(graph: EventGraph, title: str) -> View:
    home = _homes(graph)
    index = GraphIndex(graph)
    active = [site for site in graph.sites if site.kind != "declare"]
    events = Counter(place for places in _homes_of_events(graph, home).values() for place in places)
    pairs: dict[tuple[str, str], set[str]] = {}
    certain: dict[tuple[str, str], list[Certainty]] = {}
    for publisher in (site for site in active if site.kind == "publish"):
        for reach in index.handlers(publisher.event):
            pair = (home(publisher), home(reach.site))
            if pair[0] != pair[1]:
                pairs.setdefault(pair, set()).add(publisher.event)
                certain.setdefault(pair, []).append(weakest((publisher.certainty, reach.certainty)))
    edges = [
        Edge(
            f"service:{a}",
            f"service:{b}",
            "reaches",
            _strongest(certain[a, b]),
            counted(len(names), "event"),
            len(names),
        )
        for (a, b), names in pairs.items()
    ]
    note = f"{counted(len(graph.events), 'event')} folded into arrows between services."
    return _view(title, "services alone", _service_nodes(active, home, events), edges, note)


def _trimmed(picture: View) -> View:
    """The last resort: the busiest services and the heaviest arrows, and a note of how many were left out."""
    weight: Counter[str] = Counter()
    for edge in picture.edges:
        weight.update({edge.source: edge.count, edge.target: edge.count})
    if len(picture.nodes) <= MAX_NODES and len(picture.edges) <= _most_edges(len(picture.nodes)):
        return picture
    nodes = sorted(picture.nodes, key=lambda node: (-weight[node.id], node.id))[:MAX_NODES]
    ids = {node.id for node in nodes}
    edges = [edge for edge in picture.edges if edge.source in ids and edge.target in ids]
    edges = sorted(edges, key=lambda edge: (-edge.count, edge.source, edge.target))[: _most_edges(len(nodes))]
    left_out = [
        f"{counted(missing, noun)} left out: the busiest are shown."
        for missing, noun in (
            (len(picture.nodes) - len(nodes), "service"),
            (len(picture.edges) - len(edges), "arrow"),
        )
        if missing
    ]
    return _view(picture.title, picture.level, nodes, edges, *picture.notes, *left_out)


def _most_edges(nodes: int) -> int:
    """Services alone are few, and arrows between all of them would say nothing."""
    return min(MAX_EDGES, max(12, 2 * nodes))


def _view(title: str, level: Level, nodes: list[Node], edges: list[Edge], *notes: str) -> View:
    drawn = {node.id for node in nodes}
    joined = [edge for edge in _merged(edges) if edge.source in drawn and edge.target in drawn]
    return View(title, level, tuple(sorted(nodes, key=lambda n: (n.kind, n.id))), tuple(joined), notes)


def _merged(edges: Iterable[Edge]) -> list[Edge]:
    """Parallel edges as one, with their count; one sure claim is enough to make the arrow sure."""
    groups: dict[tuple[str, str, EdgeKind], list[Edge]] = {}
    for edge in edges:
        groups.setdefault((edge.source, edge.target, edge.kind), []).append(edge)
    return [
        msgspec.structs.replace(
            same[0],
            count=sum(edge.count for edge in same),
            certainty=_strongest([edge.certainty for edge in same]),
        )
        for _, same in sorted(groups.items())
    ]


def _strongest(certainties: Iterable[Certainty]) -> Certainty:
    found = set(certainties)
    return "sure" if "sure" in found else "likely" if "likely" in found else "guess"


def _events_by_id(graph: EventGraph) -> Mapping[str, Event]:
    """All events, also those that only a site names (a graph from elsewhere may leave them out)."""
    known = {event.id: event for event in graph.events}
    for site in graph.sites:
        if site.event not in known:
            transport, _, name = site.event.partition(":")
            known[site.event] = Event(site.event, name or transport, transport, (site.dialect,))
    return known


def _event_nodes(graph: EventGraph, events: Iterable[Event]) -> list[Node]:
    index = GraphIndex(graph)
    return [_event_node(event, index) for event in events]


def _event_node(event: Event, index: GraphIndex) -> Node:
    reached = (*index.publishers(event.id), *index.handlers(event.id))
    origin = "" if event.origin == "workspace" else f" · {event.origin}"
    own: list[Certainty] = [site.certainty for site in index.sites_of(event.id)] or ["sure"]
    detail = sites_in_words(reach.site for reach in reached) + origin
    return Node(f"event:{event.id}", "event", event.name, detail, event.transport, _strongest(own))


def _function_id(site: Site) -> str:
    return f"function:{site.origin}:{site.place.path}:{site.symbol}"


def _function_node(key: str, sites: list[Site], group: str) -> Node:
    first = min(sites, key=lambda site: site.place)
    label = _module_name(first) if first.symbol == "<module>" else first.symbol
    where = f"{first.place.path}:{first.place.line}"
    return Node(key, "function", label, where, group, _strongest(site.certainty for site in sites))


def _module_name(site: Site) -> str:
    return re.sub(r"\.pyi?$", "", site.place.path).rpartition("/")[2] + " (module)"


def _service_nodes(active: list[Site], home: Callable[[Site], str], folded: Mapping[str, int]) -> list[Node]:
    sites: dict[str, list[Site]] = {}
    for site in active:
        sites.setdefault(home(site), []).append(site)
    return [
        Node(f"service:{name}", "service", name, _service_detail(inside, folded.get(name, 0)), name)
        for name, inside in sites.items()
    ]


def _service_detail(sites: list[Site], events: int) -> str:
    return " · ".join([sites_in_words(sites), *([counted(events, "event")] if events else [])])


def _site_edge(site: Site, node: str) -> Edge:
    event = f"event:{site.event}"
    if site.kind == "publish":
        return Edge(node, event, "publishes", site.certainty)
    return Edge(event, node, "handles", site.certainty)


def _link_edges(graph: EventGraph) -> list[Edge]:
    return [
        Edge(f"event:{link.source}", f"event:{link.target}", "reaches", link.certainty, link.kind)
        for link in graph.links
    ]


def _call_edges(graph: EventGraph) -> list[Edge]:
    """From a handler to the other function through which it publishes."""
    sites = {site.id: site for site in graph.sites}
    known = [flow for flow in graph.flows if flow.handler in sites and flow.publisher in sites]
    ends = [(flow, _function_id(sites[flow.handler]), _function_id(sites[flow.publisher])) for flow in known]
    return [Edge(a, b, "calls", flow.certainty, "calls") for flow, a, b in ends if a != b]


def _homes(graph: EventGraph) -> Callable[[Site], str]:
    """Where a site belongs: its service; where the code has only one, its directory, which says more."""
    several = len({site.service for site in graph.sites}) > 1

    def home(site: Site) -> str:
        name = site.service if several else site.place.path.rpartition("/")[0]
        return name or site.origin or site.service or graph.root

    return home


def _homes_of_events(graph: EventGraph, home: Callable[[Site], str]) -> Mapping[str, set[str]]:
    """The services that take part in each event, links counted: an event that leaves by a link is not inside."""
    homes: dict[str, set[str]] = {}
    for site in graph.sites:
        if site.kind != "declare":
            homes.setdefault(site.event, set()).add(home(site))
    own = {event: set(places) for event, places in homes.items()}
    for link in graph.links:
        homes.setdefault(link.source, set()).update(own.get(link.target, ()))
        homes.setdefault(link.target, set()).update(own.get(link.source, ()))
    return homes
