"""The flow of events as calls: a function publishes an event, which runs its handlers, which publish others.

Events and functions take turns, so that a walk shows why a handler runs. Each step is worked out when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from pubsub_devtools_analysis.queries.spots import Spot, declarations, schemas, spot_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubsub_devtools.model import Place, Site
    from pubsub_devtools_analysis.queries.occurrence import Occurrence
    from pubsub_devtools_analysis.queries.snapshot import Snapshot


class Turn(msgspec.Struct, frozen=True):
    """An event, or a function that handles or publishes; ``id`` is the event's, or that of one of its sites."""

    kind: Literal["event", "function"]
    id: str
    name: str
    detail: str
    spot: Spot
    whole: Place


class Passage(msgspec.Struct, frozen=True):
    """A step to another turn, and the places in the calling one that take it."""

    turn: Turn
    places: tuple[Place, ...]


def prepare(snapshot: Snapshot, occurrence: Occurrence) -> tuple[Turn, ...]:
    """Where a walk begins: at a handler's definition its function, else the events."""
    index = snapshot.index
    if occurrence.form == "field":
        return ()
    if occurrence.form == "handler" and occurrence.role == "handle" and occurrence.site in index.sites:
        return (_function(snapshot, index.sites[occurrence.site]),)
    return tuple(turn for event in occurrence.events if (turn := event_turn(snapshot, event)) is not None)


def turn_of(snapshot: Snapshot, kind: str, identity: str) -> Turn | None:
    """The turn with this id as it is now; nothing where it is gone."""
    if kind == "event":
        return event_turn(snapshot, identity)
    site = snapshot.index.sites.get(identity)
    return None if site is None else _function(snapshot, site)


def outgoing(snapshot: Snapshot, turn: Turn) -> tuple[Passage, ...]:
    """What follows: an event's handlers; the events that a function publishes, itself or by what it calls."""
    index = snapshot.index
    if turn.kind == "event":
        sites = _outside_first(reach.site for reach in index.handlers(turn.id))
        return tuple(
            Passage(_function(snapshot, site), (turn.spot.place,)) for site in sites if not site.origin
        )
    places: dict[str, list[Place]] = {}
    for publisher in _published(snapshot, turn.id):
        places.setdefault(publisher.event, []).append(spot_of(snapshot, publisher).place)
    return _passages(snapshot, places, turn)


def incoming(snapshot: Snapshot, turn: Turn) -> tuple[Passage, ...]:
    """What came before: the functions that publish an event; the events that a function handles."""
    index = snapshot.index
    if turn.kind == "event":
        return _publishing(snapshot, _outside_first(reach.site for reach in index.publishers(turn.id)))
    site = index.sites.get(turn.id)
    if site is None:
        return ()
    same = [each for each in index.graph.sites if each.kind == "handle" and _is_same(each, site)]
    events = dict.fromkeys(each.event for each in same)
    found = tuple(t for event in events if (t := event_turn(snapshot, event)) is not None)
    running = _running(snapshot, site) if site.kind == "publish" and not same else []
    return tuple(Passage(each, (each.spot.place,)) for each in (*found, *running))


def _running(snapshot: Snapshot, publisher: Site) -> list[Turn]:
    """The handlers that come to a publishing function by their calls."""
    index = snapshot.index
    sites = (index.sites.get(flow.handler) for flow in index.flows_to(publisher.id))
    return _functions(snapshot, [site for site in sites if site is not None])


def _published(snapshot: Snapshot, site_id: str) -> list[Site]:
    """The publishers that run when a function does."""
    index = snapshot.index
    site = index.sites.get(site_id)
    if site is None:
        return []
    flows = (index.sites.get(flow.publisher) for flow in index.flows_from(site_id))
    own = (each for each in index.graph.sites if each.kind == "publish" and _is_same(each, site))
    return list(dict.fromkeys(each for each in (*own, *flows) if each is not None))


def _publishing(snapshot: Snapshot, sites: Iterable[Site]) -> tuple[Passage, ...]:
    """The functions around publishers, each once, with the places where they publish."""
    turns: dict[str, Turn] = {}
    places: dict[str, list[Place]] = {}
    for site in sites:
        if not site.origin:
            turn = _function(snapshot, _handler_around(snapshot, site) or site)
            key = f"{site.place.path}:{site.symbol}"
            turns.setdefault(key, turn)
            places.setdefault(key, []).append(spot_of(snapshot, site).place)
    return tuple(Passage(turn, tuple(places[key])) for key, turn in turns.items())


def _handler_around(snapshot: Snapshot, publisher: Site) -> Site | None:
    """The handler in whose own body a publisher stands."""
    index = snapshot.index
    near = (index.sites.get(flow.handler) for flow in index.flows_to(publisher.id) if not flow.hops)
    return next((site for site in near if site is not None and _is_same(site, publisher)), None)


def _passages(snapshot: Snapshot, places: dict[str, list[Place]], turn: Turn) -> tuple[Passage, ...]:
    """Steps to events; places in other files than the turn's are told by the turn itself."""
    found: list[Passage] = []
    for event, its in places.items():
        target = event_turn(snapshot, event)
        own = tuple(place for place in its if place.path == turn.spot.place.path)
        if target is not None:
            found.append(Passage(target, own or (turn.spot.place,)))
    return tuple(found)


def event_turn(snapshot: Snapshot, event: str) -> Turn | None:
    """An event, shown where it is declared, else where its first site is."""
    index = snapshot.index
    known = index.events.get(event)
    sites = [site for site in index.sites_of(event) if not site.origin]
    places = (*declarations(snapshot, [event]), *schemas(snapshot, [event]))
    spots = [spot for spot in places if not spot.origin] or [spot_of(snapshot, site) for site in sites[:1]]
    if known is None or not spots:
        return None
    return Turn("event", event, known.name, known.transport, spots[0], spots[0].place)


def _function(snapshot: Snapshot, site: Site) -> Turn:
    spot = spot_of(snapshot, site)
    name = site.symbol if site.symbol != "<module>" else site.place.path.rpartition("/")[2]
    whole = site.place if site.place.end_line > site.place.line or site.place.end_column else spot.place
    return Turn("function", site.id, name, site.service or site.place.path, spot, whole)


def _functions(snapshot: Snapshot, sites: Iterable[Site]) -> list[Turn]:
    found: dict[tuple[str, str], Turn] = {}
    for site in sites:
        found.setdefault((site.place.path, site.symbol), _function(snapshot, site))
    return list(found.values())


def _is_same(site: Site, other: Site) -> bool:
    """Whether two sites belong to one function."""
    return (site.origin, site.place.path, site.symbol) == (other.origin, other.place.path, other.symbol)


def _outside_first(sites: Iterable[Site]) -> list[Site]:
    return sorted(sites, key=lambda site: site.in_tests)
