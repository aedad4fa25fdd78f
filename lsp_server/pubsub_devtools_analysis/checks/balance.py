"""How much of a transport's traffic stays within the workspace, which is what makes a missing side mean something.

That nobody handles an event is a defect in an application whose events are otherwise all handled here. In a library,
or in an application that offers its events to plugins, it is the purpose. No framework tells which of both a signal is,
but its neighbours do: where nearly all events of a transport have both sides in this workspace, so should the rest.
That holds within a process. What a broker takes may be read by anybody: another service, a connector, a person at a shell.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pubsub_devtools_analysis.layout import is_aside, is_test
from pubsub_devtools_analysis.queries.tasks import TASKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Event, Kind
    from pubsub_devtools_analysis.checks.context import Context

ENOUGH = 4
"""So many events with both sides make a custom."""

SHARE = 0.8

VARIABLES = frozenset({"django_signal", "blinker"})
"""Signals are objects: whoever sends one has imported it from where it is declared."""

OURS = frozenset({"pubsub_devtools"})
"""Our own bus is made for one application: what leaves it goes through a broker."""


class Sides(NamedTuple):
    """The sides that an event has here, if the workspace answers for it, and how many sites."""

    kinds: tuple[Kind, ...] = ()
    publishers: int = 0
    handlers: int = 0


class Balance:
    """The events of each transport, counted by the sides that they have here."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._index = context.index

    def expects(self, event: Event, missing: Kind) -> bool:
        """Whether an event of this transport that lacks one side should have it here."""
        transport = event.transport
        if transport in TASKS:
            return False
        if transport in OURS or (missing == "publish" and self._is_declared(event)):
            return True
        if event.delivery != "in-process":
            return False
        key = ("custom", f"transport {transport}", missing)
        return self._context.memo.get(key, partial(self._is_custom, transport, missing), False)

    def hides(self, event: Event, missing: Kind, around: list[str]) -> bool:
        """Whether a site that could not be named may be the missing side: one nearby, or one of many anywhere.

        Args:
            event: the event that lacks a side.
            missing: that side.
            around: the files of the sites that it has.
        """
        unnamed = self._unnamed(event.transport, missing)
        folders = {path.rpartition("/")[0] for path in around}
        if any(_is_near(path.rpartition("/")[0], folders) for path in unnamed):
            return True
        key = ("crowd", f"transport {event.transport}", missing)
        return self._context.memo.get(key, partial(self._are_many, event.transport, missing), False)

    def _is_declared(self, event: Event) -> bool:
        return any(
            site.certainty == "sure" and site.dialect in VARIABLES and not site.origin
            for site in self._index.sites_of(event.id, "declare")
        )

    def _is_custom(self, transport: str, missing: Kind) -> bool:
        there: Kind = "publish" if missing == "handle" else "handle"
        kinds = [sides.kinds for sides in self._sides(transport)]
        both = sum(len(each) == 2 for each in kinds)
        return both >= ENOUGH and both >= SHARE * sum(there in each for each in kinds)

    def _are_many(self, transport: str, missing: Kind) -> bool:
        """Whether so many sites are unnamed that they may be anybody's."""
        unnamed = len(self._unnamed(transport, missing))
        named = sum(s.publishers if missing == "publish" else s.handlers for s in self._sides(transport))
        return unnamed > (1 - SHARE) * (unnamed + named)

    def _unnamed(self, transport: str, kind: Kind) -> list[str]:
        unnamed = self._index.unnamed.get(transport, ())
        return [path for each, path in unnamed if each == kind and not is_test(path)]

    def _sides(self, transport: str) -> Iterator[Sides]:
        for event in self._index.by_transport.get(transport, ()):
            key = ("sides", f"event {event}", "")
            yield self._context.memo.get(key, partial(self._of_event, event), Sides())

    def _of_event(self, event: str) -> Sides:
        context = self._context
        kinds: list[Kind] = []
        if context.answers_for(self._index.events[event]):
            if any(not is_aside(reach.site.place.path) for reach in context.publishers(event)):
                kinds.append("publish")
            if any(not is_aside(reach.site.place.path) for reach in context.handlers(event)):
                kinds.append("handle")
        counts = (len(context.sites(event, kind)) for kind in ("publish", "handle"))
        return Sides(tuple(kinds), *counts)


def _is_near(folder: str, folders: set[str]) -> bool:
    return any(f"{folder}/".startswith(f"{each}/") or f"{each}/".startswith(f"{folder}/") for each in folders)
