"""What can be typed at a place, put together from what each kind of place offers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from pubsub_devtools.model import Event, Site
from pubsub_devtools_analysis.queries.brackets import Open
from pubsub_devtools_analysis.queries.completion import naming, payload, reading, values
from pubsub_devtools_analysis.queries.completion.item import Item, best
from pubsub_devtools_analysis.queries.completion.snippets import snippets
from pubsub_devtools_analysis.queries.half_typed import HalfTyped, half_typed
from pubsub_devtools_analysis.queries.index import GraphIndex
from pubsub_devtools_analysis.queries.snapshot import Snapshot
from pubsub_devtools_analysis.queries.words import Callee, Words


class Answer(msgspec.Struct, frozen=True):
    """What can be typed. ``start`` and ``end`` are the offsets of what it takes the place of."""

    items: tuple[Item, ...]
    start: int
    end: int
    is_cut: bool = False


class Asked:
    """A place in a text, and what is known around it."""

    def __init__(self, snapshot: Snapshot, path: str, text: str, offset: int, typed: HalfTyped) -> None:
        self.snapshot = snapshot
        self.path = path
        self.text = text
        self.offset = offset
        self.typed = typed

    @property
    def index(self) -> GraphIndex:
        """The graph."""
        return self.snapshot.index

    @cached_property
    def words(self) -> Words:
        """How this file says things."""
        return self.snapshot.vocabulary.of(self.path)

    def callees(self, opened: Open) -> list[Callee]:
        """What an open call is for."""
        return self.snapshot.vocabulary.callees(self.path, opened)

    def events_called(self, name: str) -> list[Event]:
        """The events that a name means in this file; where it means none here, those of the workspace with this last name."""
        last = name.rpartition(".")[2]
        ids = self.words.names.get(last)
        if ids is None:
            return self.snapshot.events_by_last_name.get(last, [])
        return [self.index.events[each] for each in ids if each in self.index.events]

    def handlers_here(self, name: str, line: int) -> list[Site]:
        """The handlers of this file that are called so, the nearest to a line first alone."""
        sites = [
            site
            for site in self.snapshot.sites_by_path.get(self.path, [])
            if site.kind == "handle" and site.symbol.rpartition(".")[2] == name
        ]
        nearest = min((abs(site.place.line - line) for site in sites), default=0)
        return [site for site in sites if abs(site.place.line - line) == nearest]

    def quoted(self, text: str) -> str:
        """A string as it is to be typed here: with quotes where there are none yet."""
        return text if self.typed.kind == "string" else f'"{text}"'


def complete(snapshot: Snapshot, path: str, text: str, offset: int) -> Answer | None:
    """What can be typed at an offset of a text, which need not be the one that the snapshot was made of.

    Args:
        snapshot: what is known of the root.
        path: the text's path in it.
        text: the whole text.
        offset: the cursor, in code points from 0.

    Returns:
        The best items that fit what is typed; nothing where no event can stand.
    """
    typed = half_typed(text, offset)
    if typed is None:
        return None
    asked = Asked(snapshot, path, text, offset, typed)
    items, is_cut = best(typed.text, _items(asked))
    return Answer(tuple(items), typed.start, typed.end, is_cut) if items else None


def _items(asked: Asked) -> Iterator[Item]:
    yield from reading.fields_of_message(asked)
    if asked.typed.kind == "attribute":
        return
    inner = asked.typed.inner
    if inner is None:
        yield from snippets(asked)
    elif inner.kind == "call":
        yield from _in_call(asked, inner)
    elif inner.kind == "dict":
        yield from _in_dict(asked, inner)


def _in_call(asked: Asked, opened: Open) -> Iterator[Item]:
    callees = asked.callees(opened)
    said = [each for each in callees if each.event.takes(opened)]
    in_string = asked.typed.kind == "string"
    if in_string:
        yield from naming.as_strings(asked, [each for each in said if each.form == "string"])
    else:
        yield from naming.as_names(asked, [each for each in said if each.form != "string"])
    yield from values.versions(asked, opened)
    yield from values.compensations(asked, opened)
    events = given_to(asked, opened, callees)
    if opened.name:
        yield from values.of_field(asked, events, opened.name)
    elif not in_string:
        yield from payload.keywords(asked, events, opened)


def _in_dict(asked: Asked, opened: Open) -> Iterator[Item]:
    """Within a dict that is a payload."""
    events = _events_of_dict(asked)
    if opened.has_colon:
        yield from values.of_field(asked, events, opened.name.strip("\"'"))
    else:
        yield from payload.keys(asked, events, opened)


def given_to(asked: Asked, opened: Open, callees: list[Callee]) -> list[Event]:
    """The events whose payload the arguments of a call are: its class is called, or a method of its task or signal."""
    base, _, method = opened.callee.rpartition(".")
    if base and any(each.text == f".{method}" and each.payload == "arguments" for each in callees):
        return asked.events_called(base)
    if any(each.payload == "arguments" and each.event.position >= 0 for each in callees):
        return _said_in(asked, opened, callees)
    is_class = [
        event
        for event in asked.events_called(opened.callee)
        if any(not each.inferred for each in event.schemas)
    ]
    return is_class if not callees else []


def _events_of_dict(asked: Asked) -> list[Event]:
    """The events that the innermost call says whose payload is the dict around the cursor."""
    opened = asked.typed.around.opened
    call = next((each for each in reversed(opened[:-1]) if each.kind == "call"), None)
    if call is None:
        return []
    callees = [each for each in asked.callees(call) if each.kind == "publish"]
    if any(each.event.position < 0 for each in callees):
        return asked.events_called(call.callee.rpartition(".")[0])
    return _said_in(asked, call, callees)


def _said_in(asked: Asked, call: Open, callees: list[Callee]) -> list[Event]:
    """The events that an open call has been given already, by the string or the name in their argument."""
    found: dict[str, Event] = {}
    for callee in callees:
        for at, given in enumerate(call.given):
            if given.name == callee.event.keyword if given.name else at == callee.event.position:
                text = asked.text[given.start : given.end]
                for event in _said_by(asked, text, callee):
                    found[event.id] = event
    return list(found.values())


def _said_by(asked: Asked, text: str, callee: Callee) -> list[Event]:
    name = text.strip("\"'")
    if name != text:
        return [
            event
            for event in asked.index.graph.events
            if event.name == name and callee.dialect in event.dialects
        ]
    return asked.events_called(text)
