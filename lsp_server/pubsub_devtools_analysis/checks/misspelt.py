"""Events whose name is probably a slip for another's, found once for all checks: a slip also explains a missing side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools.model import Event, Kind, Site
from pubsub_devtools_analysis.checks.balance import TASKS
from pubsub_devtools_analysis.checks.spelling import Nearness, nearness

if TYPE_CHECKING:
    from pubsub_devtools_analysis.checks.context import Context

_OBJECTS = TASKS | {"django_signal", "blinker", "eventsourcing"}
"""Transports whose events are variables, functions or classes: a misspelt one is no event at all."""

_DECLARED = frozenset({"pubsub_devtools"})
"""Transports on which a name means a declared class and nothing else."""

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
    """All slips of a graph. `explained` are the events whose missing side they explain."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._sides = {event.id: _sides(context, event) for event in context.graph.events}
        self._others: dict[str, list[Event]] = {}
        for event in context.graph.events:
            if event.transport not in _OBJECTS and not event.pattern:
                self._others.setdefault(event.transport, []).append(event)
        slips = [slip for event in context.events() if (slip := self._slip(event))]
        self.all = [slip for slip in slips if not self._is_custom(slip, slips)]
        meant = {slip.meant.id for slip in self.all if slip.meant is not None}
        self.explained = {slip.event.id for slip in self.all} | meant

    def _slip(self, event: Event) -> Slip | None:
        sides = self._sides[event.id]
        if event.transport in _OBJECTS or len(sides) != 1 or self._context.sites(event.id, "declare"):
            return None
        (side,) = sides
        sites = [site for site in self._context.sites(event.id, side) if not site.origin]
        if not sites or any(site.certainty != "sure" for site in sites):
            return None
        meant = self._meant(event, side)
        if meant is not None and side == "handle" and self._is_alone(meant):
            return None  # told once, at the publisher
        if meant is None and not (side == "handle" and self._must_be_declared(event)):
            return None
        return Slip(event, side, tuple(sites), meant)

    def _is_custom(self, slip: Slip, slips: list[Slip]) -> bool:
        """Whether several names differ from others by their separators or capitals alone: two systems spell them so."""
        alike = [
            s
            for s in slips
            if s.meant is not None
            and s.event.transport == slip.event.transport
            and nearness(s.event.name, s.meant.name) == "same"
        ]
        return slip in alike and len(alike) > MOST_ALIKE

    def _meant(self, event: Event, side: Kind) -> Event | None:
        """The event that was probably meant: one that has the other side, and whose name is close enough for that."""
        close: list[tuple[int, str, Event]] = []
        for other in self._others[event.transport]:
            if other.id == event.id or abs(len(other.name) - len(event.name)) > 4:
                continue
            has = self._sides[other.id]
            declared = bool(self._context.sites(other.id, "declare"))
            near = nearness(event.name, other.name) if _OTHER[side] in has or declared else None
            if near is not None and (near != "loose" or side not in has):
                close.append((_ORDER[near], other.id, other))
        return min(close)[2] if close else None

    def _is_alone(self, event: Event) -> bool:
        return len(self._sides[event.id]) == 1 and not self._context.sites(event.id, "declare")

    def _must_be_declared(self, event: Event) -> bool:
        """Whether every other event of the transport is declared here, so that one which is not cannot exist."""
        if event.transport not in _DECLARED:
            return False
        rest = [e for e in self._others[event.transport] if e.id != event.id and e.origin == "workspace"]
        return bool(rest) and all(self._context.index.sites_of(e.id, "declare") for e in rest)


def _sides(context: Context, event: Event) -> set[Kind]:
    found: set[Kind] = set()
    if context.index.publishers(event.id):
        found.add("publish")
    if context.index.handlers(event.id):
        found.add("handle")
    return found
