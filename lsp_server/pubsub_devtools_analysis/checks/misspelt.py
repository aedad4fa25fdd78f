"""Events whose name is probably a slip for another's, found once for all checks: a slip also explains a missing side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools.model import Event, Kind, Site
from pubsub_devtools_analysis.checks.spelling import Nearness, nearness
from pubsub_devtools_analysis.queries.tasks import TASKS

if TYPE_CHECKING:
    from pubsub_devtools_analysis.checks.context import Context

_OBJECTS = TASKS | {"django_signal", "blinker", "eventsourcing"}
"""Transports whose events are variables, functions or classes: a misspelt one is no event at all."""

_DECLARED = frozenset({"pubsub_devtools"})
"""Transports on which a name means a declared class and nothing else."""

MOST_LONGER = 4
"""So many letters one of two near names may have more."""

MOST_ALIKE = 2
"""So many names that differ by their spelling alone may be slips; more are a custom."""

_ORDER: dict[Nearness, int] = {"same": 0, "typo": 1, "loose": 2}
_OTHER: dict[Kind, Kind] = {"publish": "handle", "handle": "publish"}


class Slip(msgspec.Struct, frozen=True):
    """An event with one side alone, its sites, and the event that was probably meant, if one is close."""

    event: Event
    side: Kind
    sites: tuple[Site, ...]
    meant: Event | None


class Slips:
    """All slips of a graph."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of(self, event: str) -> Slip | None:
        """The slip that an event is."""
        slip = self._found(event)
        return None if slip is None or (_is_alike(slip) and self._is_custom(slip.event.transport)) else slip

    def explains(self, event: Event) -> bool:
        """Whether a slip explains the missing side of an event: it is one, or it was meant by one."""
        key, none = ("meant", f"transport {event.transport}", ""), frozenset[str]()
        meant = self._context.memo.get(key, partial(self._meant_on, event.transport), none)
        return event.id in meant or self.of(event.id) is not None

    def has(self, event: str, side: Kind) -> bool:
        """Whether an event has a side, in tests too."""
        return side in self._sides(event)

    def _found(self, event: str) -> Slip | None:
        return self._context.memo.get(("slip", f"event {event}", ""), partial(self._slip, event), None)

    def _meant_by(self, event: str) -> str:
        """The event that an event is a slip for; empty where it is none."""
        return self._context.memo.get(("meant by", f"event {event}", ""), partial(self._name_of, event), "")

    def _name_of(self, event: str) -> str:
        slip = self.of(event)
        return slip.meant.id if slip is not None and slip.meant is not None else ""

    def _meant_on(self, transport: str) -> frozenset[str]:
        return frozenset(map(self._meant_by, self._context.index.by_transport.get(transport, ())))

    def _is_custom(self, transport: str) -> bool:
        """Whether several names differ from others by their separators or capitals alone: two systems spell them so."""
        key = ("spelt", f"transport {transport}", "")
        return self._context.memo.get(key, partial(self._spell, transport), False)

    def _spell(self, transport: str) -> bool:
        events = self._context.index.by_transport.get(transport, ())
        return sum(map(self._differs_in_spelling, events)) > MOST_ALIKE

    def _differs_in_spelling(self, event: str) -> bool:
        key = ("spelt", f"event {event}", "")
        return self._context.memo.get(key, lambda: _is_alike(self._found(event)), False)

    def _slip(self, event_id: str) -> Slip | None:
        context = self._context
        event = context.index.events[event_id]
        if event.transport in _OBJECTS or not context.answers_for(event):
            return None
        sides = self._sides(event.id)
        if len(sides) != 1 or context.sites(event.id, "declare"):
            return None
        (side,) = sides
        sites = [site for site in context.sites(event.id, side) if not site.origin]
        if not sites or any(site.certainty != "sure" for site in sites):
            return None
        meant = self._meant(event, side)
        if meant is not None and side == "handle" and self._is_alone(meant):
            return None  # told once, at the publisher
        if meant is None and not (side == "handle" and self._must_be_declared(event)):
            return None
        return Slip(event, side, tuple(sites), meant)

    def _meant(self, event: Event, side: Kind) -> Event | None:
        """The event that was probably meant: one that has the other side, and whose name is close enough for that."""
        close: list[tuple[int, str, Event]] = []
        for other in map(self._context.index.events.__getitem__, self._context.namesakes.near(event)):
            if abs(len(other.name) - len(event.name)) > MOST_LONGER:
                continue
            has = self._sides(other.id)
            declared = bool(self._context.sites(other.id, "declare"))
            near = nearness(event.name, other.name) if _OTHER[side] in has or declared else None
            if near is not None and (near != "loose" or side not in has):
                close.append((_ORDER[near], other.id, other))
        return min(close)[2] if close else None

    def _is_alone(self, event: Event) -> bool:
        return len(self._sides(event.id)) == 1 and not self._context.sites(event.id, "declare")

    def _must_be_declared(self, event: Event) -> bool:
        """Whether every other event of the transport is declared here, so that one which is not cannot exist."""
        if event.transport not in _DECLARED:
            return False
        index = self._context.index
        others = (index.events[e] for e in index.by_transport[event.transport] if e != event.id)
        rest = [e for e in others if e.origin == "workspace" and not e.pattern]
        return bool(rest) and all(index.sites_of(e.id, "declare") for e in rest)

    def _sides(self, event: str) -> frozenset[Kind]:
        none: frozenset[Kind] = frozenset()
        return self._context.memo.get(("kinds", f"event {event}", ""), partial(self._kinds, event), none)

    def _kinds(self, event: str) -> frozenset[Kind]:
        found: set[Kind] = set()
        if self._context.all_publishers(event):
            found.add("publish")
        if self._context.all_handlers(event):
            found.add("handle")
        return frozenset(found)


def _is_alike(slip: Slip | None) -> bool:
    """Whether a slip differs from what is meant by its spelling alone."""
    return (
        slip is not None and slip.meant is not None and nearness(slip.event.name, slip.meant.name) == "same"
    )
