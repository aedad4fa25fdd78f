"""Everything that takes part in an event, and where else its name stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.queries.navigation import uses
from pubsub_devtools_analysis.queries.spots import (
    Spot,
    Spots,
    declarations,
    everywhere,
    handlers,
    place_of,
    publishers,
    unique,
)

if TYPE_CHECKING:
    from pubsub_devtools_analysis.queries.occurrence import Occurrence
    from pubsub_devtools_analysis.queries.snapshot import Snapshot


def references(snapshot: Snapshot, occurrence: Occurrence, *, declared: bool = True) -> Spots:
    """All publishers, handlers and declarations, and configuration that names the event; of a field its writers and readers.

    Imports and annotations are left to the Python server beside us, which tells them already.

    Args:
        snapshot: what is known.
        occurrence: what is asked for.
        declared: whether declarations are wanted too.
    """
    if occurrence.form == "field":
        roles = ("declare", "publish", "handle") if declared else ("publish", "handle")
        return uses(snapshot, occurrence, *roles)
    events = occurrence.events
    return unique(
        (
            *(declarations(snapshot, events) if declared else ()),
            *publishers(snapshot, events),
            *handlers(snapshot, events),
            *_configuration(snapshot, frozenset(events)),
        )
    )


def _configuration(snapshot: Snapshot, events: frozenset[str]) -> Spots:
    return tuple(
        Spot(place_of(each, path))
        for path, each in everywhere(snapshot, events)
        if each.form == "text" and not path.endswith(".py")
    )


def highlights(snapshot: Snapshot, path: str, occurrence: Occurrence) -> tuple[Occurrence, ...]:
    """What says the same in the same file: the field, or the event by any of its names."""
    events = frozenset(occurrence.events)
    return tuple(
        each
        for each in snapshot.occurrences.get(path, ())
        if not events.isdisjoint(each.events)
        and each.field == occurrence.field
        and (each.form == "method") == (occurrence.form == "method")
    )
