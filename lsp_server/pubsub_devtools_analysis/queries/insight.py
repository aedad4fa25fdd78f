"""What an editor writes beside the code: counts above publishers and handlers, the event behind a name, a call's fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from pubsub_devtools_analysis.queries.completion.complete import Asked, given_to
from pubsub_devtools_analysis.queries.completion.payload import known_fields
from pubsub_devtools_analysis.queries.half_typed import half_typed
from pubsub_devtools_analysis.queries.view import counted

if TYPE_CHECKING:
    from pubsub_devtools.model import Site
    from pubsub_devtools_analysis.queries.index import Reach
    from pubsub_devtools_analysis.queries.occurrence import Occurrence
    from pubsub_devtools_analysis.queries.snapshot import Snapshot

_FIELDS = 4


class Lens(msgspec.Struct, frozen=True):
    """A line above some code. ``shows`` tells what a click leads to: one side of the events, or all their places."""

    line: int
    column: int
    title: str
    events: tuple[str, ...]
    shows: Literal["publish", "handle", "all"]


class Hint(msgspec.Struct, frozen=True):
    """A word behind a name: the event that it holds. Lines count from 1, columns from 0."""

    line: int
    column: int
    text: str
    event: str


class Signature(msgspec.Struct, frozen=True):
    """The call that is being typed as a payload. ``active`` is the parameter that is typed, -1 for none of them."""

    event: str
    label: str
    parameters: tuple[tuple[int, int], ...]
    active: int
    doc: str


def lenses(snapshot: Snapshot, path: str) -> Iterator[Lens]:
    """What stands above declarations and handlers of a file: who is on the other side."""
    for places in _by_line(snapshot, path).values():
        yield from _declared(snapshot, places)
        yield from _handled(snapshot, places)


def _by_line(snapshot: Snapshot, path: str) -> dict[int, list[Occurrence]]:
    found: dict[int, list[Occurrence]] = {}
    for each in snapshot.occurrences.get(path, ()):
        found.setdefault(each.line, []).append(each)
    return found


def _declared(snapshot: Snapshot, places: list[Occurrence]) -> Iterator[Lens]:
    """Above a declaration: publishers and handlers of what it declares."""
    said = [
        each for each in places if each.role == "declare" and each.form in ("class", "constant", "string")
    ]
    if said:
        events = tuple(dict.fromkeys(event for each in said for event in each.events))
        title = f"{_side(snapshot, events, 'publish')} · {_side(snapshot, events, 'handle')}"
        yield Lens(said[0].line, said[0].column, title + _tests(snapshot, events), events, "all")


def _handled(snapshot: Snapshot, places: list[Occurrence]) -> Iterator[Lens]:
    """Above a handler: who publishes what it handles, and what it reads of it."""
    said = [each for each in places if each.form == "handler" and each.role == "handle" and each.site]
    if not said:
        return
    events = tuple(dict.fromkeys(event for each in said for event in each.events))
    first = said[0]
    yield Lens(
        first.line,
        first.column,
        _side(snapshot, events, "publish") + _tests(snapshot, events, "publish"),
        events,
        "publish",
    )
    sites = [site for site in handlers_at(snapshot, first) if site.takes is None]
    read = list(dict.fromkeys(use.name for site in sites for use in site.reads))
    if read:
        more = f", … {len(read) - _FIELDS} more" if len(read) > _FIELDS else ""
        yield Lens(first.line, first.column, f"reads {', '.join(read[:_FIELDS])}{more}", events, "all")


def handlers_at(snapshot: Snapshot, said: Occurrence) -> list[Site]:
    """The handlers that one function is: it may handle several events."""
    first = snapshot.index.sites.get(said.site)
    if first is None:
        return []
    here = snapshot.sites_by_path.get(first.place.path, [])
    return [site for site in here if site.kind == "handle" and site.place == first.place]


def _reached(snapshot: Snapshot, events: tuple[str, ...], side: Literal["publish", "handle"]) -> list[Reach]:
    ask = snapshot.index.publishers if side == "publish" else snapshot.index.handlers
    found = {reach.site.id: reach for event in events for reach in ask(event)}
    return list(found.values())


def _side(snapshot: Snapshot, events: tuple[str, ...], side: Literal["publish", "handle"]) -> str:
    reached = [each for each in _reached(snapshot, events, side) if not each.site.in_tests]
    return counted(len(reached), "publisher" if side == "publish" else "handler")


def _tests(snapshot: Snapshot, events: tuple[str, ...], *sides: Literal["publish", "handle"]) -> str:
    of: tuple[Literal["publish", "handle"], ...] = sides or ("publish", "handle")
    reached = [each for side in of for each in _reached(snapshot, events, side) if each.site.in_tests]
    return f" · {len(reached)} in tests" if reached else ""


def hints(snapshot: Snapshot, path: str) -> Iterator[Hint]:
    """The events behind constants and variables: what a reader would have to look up."""
    for each in snapshot.occurrences.get(path, ()):
        if (
            each.form not in ("constant", "alias")
            or each.role not in ("publish", "handle")
            or len(each.events) != 1
        ):
            continue
        event = snapshot.index.events.get(each.events[0])
        if event is not None and event.transport not in ("django_signal", "blinker"):
            yield Hint(each.line, each.end_column, event.name, event.id)


def signature(snapshot: Snapshot, path: str, text: str, offset: int) -> Signature | None:
    """The fields of the payload that an open call is given; nothing where it is none."""
    typed = half_typed(text, offset)
    call = typed.call if typed is not None else None
    if typed is None or call is None or call is not typed.inner:
        return None
    asked = Asked(snapshot, path, text, offset, typed)
    events = given_to(asked, call, asked.callees(call))
    if not events:
        return None
    fields = {name: told for name, told in known_fields(asked, events[0]).items() if "." not in name}
    label, spans = call.callee + "(", list[tuple[int, int]]()
    for name, (written, is_required) in fields.items():
        shown = name + (f": {written}" if written else "") + ("" if is_required else " = ...")
        label += ", " if spans else ""
        spans.append((len(label), len(label) + len(shown)))
        label += shown
    names = list(fields)
    active = names.index(call.name) if call.name in names else -1 if call.name else call.position
    return Signature(
        events[0].id, label + ")", tuple(spans), active if active < len(names) else -1, events[0].doc
    )
