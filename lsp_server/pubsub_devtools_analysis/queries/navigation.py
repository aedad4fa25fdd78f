"""Where one goes from a place that says something of events: to what declares it, to its handlers, to its payload.

What is no event's place has no answer, so that a Python server beside us is never contradicted; on the name of a class,
a constant or a task the answer is the very place that such a server gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.queries.spots import (
    Spot,
    Spots,
    around,
    declarations,
    defined,
    everywhere,
    handlers,
    place_of,
    schemas,
    unique,
)

if TYPE_CHECKING:
    from pubsub_devtools_analysis.queries.occurrence import Occurrence
    from pubsub_devtools_analysis.queries.snapshot import Snapshot

_NAMES = ("class", "constant", "alias", "handler")


def definition(snapshot: Snapshot, occurrence: Occurrence) -> Spots:
    """What declares the event: for a name its own definition; for a publishing method, the handlers."""
    match occurrence.form:
        case "field":
            return field_definition(snapshot, occurrence)
        case "method":
            return handlers(snapshot, occurrence.events) if occurrence.role == "publish" else ()
        case "handler" if not _is_task(snapshot, occurrence):
            return ()
        case form if form in _NAMES and occurrence.symbol:
            return defined(snapshot, occurrence.symbol) or _declared(snapshot, occurrence)
        case _:
            return _declared(snapshot, occurrence)


def _declared(snapshot: Snapshot, occurrence: Occurrence) -> Spots:
    """The declaration of the events, or their schema; where there is none, their handlers.

    What a test declares is a stand-in, to which one goes from tests, or where nothing else is known.
    """
    events = occurrence.events
    site = snapshot.index.sites.get(occurrence.site)
    is_code = site is not None and not site.in_tests
    return (
        declarations(snapshot, events, tests=not is_code)
        or schemas(snapshot, events)
        or handlers(snapshot, events)
        or declarations(snapshot, events)
    )


def _is_task(snapshot: Snapshot, occurrence: Occurrence) -> bool:
    """Whether the name of a function is the name of an event: it is used, or the event is called after it."""
    if occurrence.role != "handle":
        return True
    last = occurrence.symbol.rpartition(".")[2]
    return any(event.replace(":", ".").rpartition(".")[2] == last for event in occurrence.events)


def implementation(snapshot: Snapshot, occurrence: Occurrence) -> Spots:
    """All handlers; for a field, all that read it."""
    if occurrence.form == "field":
        return uses(snapshot, occurrence, "handle")
    return handlers(snapshot, occurrence.events)


def type_definition(snapshot: Snapshot, occurrence: Occurrence) -> Spots:
    """The schema of the payload."""
    return schemas(snapshot, occurrence.events)


def field_definition(snapshot: Snapshot, occurrence: Occurrence) -> Spots:
    """The field in the schema; where there is none, its uses on the other side."""
    found = uses(snapshot, occurrence, "declare")
    return found or uses(snapshot, occurrence, "handle" if occurrence.role == "publish" else "publish")


def uses(snapshot: Snapshot, occurrence: Occurrence, *roles: str) -> Spots:
    """Where a field is declared, given or read: those of these roles."""
    events = around(snapshot, occurrence.events)
    return unique(
        Spot(place_of(each, path))
        for path, each in everywhere(snapshot, events)
        if each.form == "field" and each.field == occurrence.field and each.role in roles
    )
