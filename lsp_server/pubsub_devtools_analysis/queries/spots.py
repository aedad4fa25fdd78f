"""Where things are shown: sites, declarations and schemas as the short stretch of text that names them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools.model import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubsub_devtools.model import SchemaVersion, Site
    from pubsub_devtools_analysis.queries.occurrence import Occurrence
    from pubsub_devtools_analysis.queries.snapshot import Snapshot


class Spot(msgspec.Struct, frozen=True):
    """A stretch of a file, or of another repository's, which cannot be opened."""

    place: Place
    origin: str = ""


Spots = tuple[Spot, ...]


def on_lines(snapshot: Snapshot, path: str, first: int, last: int) -> tuple[Occurrence, ...]:
    """What stands on some lines of a file."""
    found = snapshot.occurrences.get(path, ())
    start = bisect_left(found, first, key=_line)
    return found[start : bisect_right(found, last, key=_line)]


def _line(occurrence: Occurrence) -> int:
    return occurrence.line


def place_of(occurrence: Occurrence, path: str) -> Place:
    """The place of an occurrence."""
    return Place(path, occurrence.line, occurrence.column, occurrence.line, occurrence.end_column)


def spot_of(snapshot: Snapshot, site: Site) -> Spot:
    """A site by what names it on its first line: a handler's own name, the event's, or the method's."""
    place = site.place
    if site.origin:
        return Spot(place, site.origin)
    near = on_lines(snapshot, place.path, place.line, place.line)
    if place.column or place.end_column:  # a place without columns is a whole line
        near = tuple(each for each in near if each.column >= place.column)
    own = [
        each for each in near if site.event in each.events and each.role == site.kind and each.form != "field"
    ]
    best = min(own, key=lambda each: (_rank(site, each), each.column), default=None)
    return Spot(_start(place) if best is None else place_of(best, place.path))


def _rank(site: Site, occurrence: Occurrence) -> int:
    if site.kind == "handle" and occurrence.form == "handler":
        return 0
    return 2 if occurrence.form == "method" else 1


def _start(place: Place) -> Place:
    """The first line of a place."""
    end = place.end_column if place.end_line == place.line else place.column
    return Place(place.path, place.line, place.column, place.line, end)


def defined(snapshot: Snapshot, symbol: str) -> Spots:
    """Where the class, constant, signal or function of this path is defined."""
    found = snapshot.lookups.defined(snapshot.occurrences, symbol) if symbol else ()
    return tuple(Spot(place_of(each, path)) for path, each in found)


def declarations(snapshot: Snapshot, events: Iterable[str], *, tests: bool = True) -> Spots:
    """Where events are declared, in tests too unless they are left out."""
    sites = (site for event in events for site in snapshot.index.sites_of(event, "declare"))
    return unique(spot_of(snapshot, site) for site in sites if tests or not site.in_tests)


def schemas(snapshot: Snapshot, events: Iterable[str]) -> Spots:
    """Where the payloads of events are declared."""
    known = (snapshot.index.events[event] for event in events if event in snapshot.index.events)
    return unique(
        _schema(snapshot, schema, event.origin == "linked")
        for event in known
        for schema in event.schemas
        if schema.place.path and not schema.inferred
    )


def _schema(snapshot: Snapshot, schema: SchemaVersion, is_linked: bool) -> Spot:
    place = schema.place
    if is_linked:
        return Spot(place, "linked")
    near = on_lines(snapshot, place.path, place.line, place.line)
    name = next((each for each in near if each.form == "class" and each.role == "declare"), None)
    return Spot(_start(place) if name is None else place_of(name, place.path))


def handlers(snapshot: Snapshot, events: Iterable[str]) -> Spots:
    """All handlers of events, those behind links too, those in tests last."""
    return _sides(snapshot, [reach.site for event in events for reach in snapshot.index.handlers(event)])


def publishers(snapshot: Snapshot, events: Iterable[str]) -> Spots:
    """All publishers of events, in the same order."""
    return _sides(snapshot, [reach.site for event in events for reach in snapshot.index.publishers(event)])


def _sides(snapshot: Snapshot, sites: list[Site]) -> Spots:
    return unique(spot_of(snapshot, site) for site in sorted(sites, key=lambda site: site.in_tests))


def unique(spots: Iterable[Spot]) -> Spots:
    """Each spot once, in the same order."""
    return tuple(dict.fromkeys(spots))


def around(snapshot: Snapshot, events: Iterable[str]) -> frozenset[str]:
    """Events with those that links lead to and from: what of one is said is said of them."""
    return frozenset(
        each
        for event in events
        for towards in ("target", "source")
        for each in snapshot.index.linked(event, towards)
    )


def everywhere(snapshot: Snapshot, events: frozenset[str]) -> Iterator[tuple[str, Occurrence]]:
    """All that is said of events, file by file."""
    return snapshot.lookups.everywhere(snapshot.occurrences, events)
