"""From what a person types to an event.

Any unambiguous suffix of a name or alias will do (``Placed`` is not one of ``orders.OrderPlaced``, ``OrderPlaced`` is:
suffixes begin where a part of the name begins). The answer is a value, never an exception: a caller at the shell, in
an editor or on a page says "which one?" or "did you mean" in its own way.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools.model import Event, EventGraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BOUNDARY = re.compile(r"[./:]")


class Found(msgspec.Struct, frozen=True):
    """Exactly one event is meant."""

    event: Event


class Ambiguous(msgspec.Struct, frozen=True):
    """Several events are meant; the id of each is unambiguous."""

    candidates: tuple[Event, ...]


class NotFound(msgspec.Struct, frozen=True):
    """No event is meant; these names look alike, the likest first."""

    suggestions: tuple[str, ...]


def find_event(graph: EventGraph, text: str) -> Found | Ambiguous | NotFound:
    """The event that ``text`` means: an id, else a name, else an alias, else a suffix of a name or alias.

    >>> graph = EventGraph("shop", events=(Event("bus:orders.Placed", "orders.Placed", "bus", ("pyee",)),))
    >>> find_event(graph, "Placed").event.id
    'bus:orders.Placed'
    """
    rules: tuple[Callable[[Event], bool], ...] = (
        lambda event: text == event.id,
        lambda event: text == event.name,
        lambda event: text in event.aliases,
        lambda event: any(text in _suffixes(name) for name in (event.name, *event.aliases)),
    )
    for rule in rules:
        matches = tuple(event for event in graph.events if rule(event))
        if len(matches) == 1:
            return Found(matches[0])
        if matches:
            return Ambiguous(matches)
    return NotFound(_suggestions(graph, text))


def _suffixes(name: str) -> Iterator[str]:
    return (name[boundary.end() :] for boundary in _BOUNDARY.finditer(name) if boundary.end() < len(name))


def _suggestions(graph: EventGraph, text: str) -> tuple[str, ...]:
    """Names whose own spelling, or whose last part, is close to the text, capitals aside."""
    spellings: dict[str, str] = {}
    for event in graph.events:
        for name in (event.name, *event.aliases):
            for spelling in (name, *_suffixes(name)):
                spellings.setdefault(spelling.lower(), event.name)
    close = difflib.get_close_matches(text.lower(), spellings, n=6, cutoff=0.6)
    return tuple(dict.fromkeys(spellings[spelling] for spelling in close))[:3]
