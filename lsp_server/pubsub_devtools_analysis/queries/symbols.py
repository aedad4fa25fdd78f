"""Events and their handlers as an editor lists them: of the whole workspace, and of one file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.queries.call_flow import event_turn
from pubsub_devtools_analysis.queries.fuzzy import score
from pubsub_devtools_analysis.queries.spots import Spot, place_of
from pubsub_devtools_analysis.queries.view import counted

if TYPE_CHECKING:
    from pubsub_devtools_analysis.queries.occurrence import Occurrence
    from pubsub_devtools_analysis.queries.snapshot import Snapshot

MOST = 300
"""Symbols that are told at once; who types more letters gets fewer."""


class EventSymbol(msgspec.Struct, frozen=True):
    """An event of the workspace."""

    event: str
    name: str
    detail: str
    spot: Spot


class Entry(msgspec.Struct, frozen=True):
    """An event that a file declares or publishes, or a handler that it holds."""

    kind: Literal["declare", "publish", "handle"]
    name: str
    detail: str
    spot: Place
    whole: Place


def events_like(snapshot: Snapshot, query: str) -> tuple[EventSymbol, ...]:
    """The events whose names fit some letters, the best first."""
    ranked = [(score(query, event.name), event) for event in snapshot.graph.events]
    fitting = sorted((-points, event.name, event.id) for points, event in ranked if points)
    found: list[EventSymbol] = []
    for _, _, identity in fitting:
        turn = event_turn(snapshot, identity)
        if turn is not None:
            found.append(EventSymbol(identity, turn.name, summary(snapshot, identity), turn.spot))
        if len(found) == MOST:
            break
    return tuple(found)


def summary(snapshot: Snapshot, event: str) -> str:
    """How many publish and handle an event: ``2 publishers · 3 handlers · 5 in tests``."""
    index = snapshot.index
    reached = [*index.publishers(event), *index.handlers(event)]
    sites = [reach.site for reach in reached]
    own = [site.kind for site in sites if not site.in_tests]
    tests = sum(site.in_tests for site in sites)
    parts = [counted(own.count("publish"), "publisher"), counted(own.count("handle"), "handler")]
    return " · ".join([*parts, *([f"{tests} in tests"] if tests else [])])


def entries(snapshot: Snapshot, path: str) -> tuple[Entry, ...]:
    """What a file has of events, in the order of its text: one entry a definition or call."""
    found: dict[Place, Entry] = {}
    for each in snapshot.occurrences.get(path, ()):
        entry = _entry(snapshot, path, each)
        if entry is not None:
            found.setdefault(entry.whole, entry)
    return tuple(found[place] for place in sorted(found))


def _entry(snapshot: Snapshot, path: str, each: Occurrence) -> Entry | None:
    spot = place_of(each, path)
    site = snapshot.index.sites.get(each.site)
    names = ", ".join(event.partition(":")[2] for event in each.events)
    whole = site.place if site is not None and site.place.path == path and _holds(site.place, spot) else spot
    match each.form, each.role:
        case "handler", "handle":
            return Entry("handle", each.symbol.rpartition(".")[2], f"handles {names}", spot, whole)
        case (("class" | "constant"), "declare"):
            return Entry("declare", each.symbol.rpartition(".")[2] or names, names, spot, whole)
        case "method", "publish" if site is not None:
            return Entry("publish", names, f"published in {site.symbol}", spot, whole)
        case _:
            return None


def _holds(outer: Place, inner: Place) -> bool:
    start, end = (inner.line, inner.column), (inner.end_line, inner.end_column)
    return (outer.line, outer.column) <= start and end <= (outer.end_line, outer.end_column)
