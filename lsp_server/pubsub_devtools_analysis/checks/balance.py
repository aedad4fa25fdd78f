"""How much of a transport's traffic stays within the workspace, which is what makes a missing side mean something.

That nobody handles an event is a defect in an application whose events are otherwise all handled here. In a library,
or in an application that offers its events to plugins, it is the purpose. No framework tells which of both a signal is,
but its neighbours do: where nearly all events of a transport have both sides in this workspace, so should the rest.
That holds within a process. What a broker takes may be read by anybody: another service, a connector, a person at a shell.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.layout import is_aside

if TYPE_CHECKING:
    from pubsub_devtools.model import Event, Kind
    from pubsub_devtools_analysis.checks.context import Context

TASKS = frozenset({"celery", "dramatiq", "taskiq", "arq"})
"""Transports whose events are functions: the handler is the declaration, and a clock or a person may send one."""

ENOUGH = 4
"""So many events with both sides make a custom."""

SHARE = 0.8

VARIABLES = frozenset({"django_signal", "blinker"})
"""Signals are objects: whoever sends one has imported it from where it is declared."""

OURS = frozenset({"pubsub_devtools"})
"""Our own bus is made for one application: what leaves it goes through a broker."""


class Balance:
    """The events of each transport, counted by the sides that they have here."""

    def __init__(self, context: Context) -> None:
        self._unnamed: defaultdict[tuple[str, Kind], list[str]] = defaultdict(list)
        self._sites: defaultdict[tuple[str, Kind], int] = defaultdict(int)
        self._both: defaultdict[str, int] = defaultdict(int)
        self._one: defaultdict[tuple[str, Kind], int] = defaultdict(int)
        self._declared = {
            site.event
            for site in context.graph.sites
            if site.kind == "declare"
            and site.certainty == "sure"
            and site.dialect in VARIABLES
            and not site.origin
        }
        transports = {d: event.transport for event in context.graph.events for d in event.dialects}
        for event in context.events():
            kinds: list[Kind] = []
            if any(not is_aside(reach.site.place.path) for reach in context.publishers(event.id)):
                kinds.append("publish")
            if any(not is_aside(reach.site.place.path) for reach in context.handlers(event.id)):
                kinds.append("handle")
            if len(kinds) == 2:
                self._both[event.transport] += 1
            for kind in kinds:
                self._one[event.transport, kind] += 1
        for site in context.graph.sites:
            if not site.in_tests:
                self._sites[transports[site.dialect], site.kind] += 1
        for missed in context.graph.unnamed:
            transport = transports.get(missed.dialect, missed.dialect)
            self._unnamed[transport, missed.kind].append(missed.place.path)

    def expects(self, event: Event, missing: Kind) -> bool:
        """Whether an event of this transport that lacks one side should have it here."""
        transport = event.transport
        if transport in TASKS:
            return False
        if transport in OURS or (missing == "publish" and event.id in self._declared):
            return True
        if event.delivery != "in-process":
            return False
        there: Kind = "publish" if missing == "handle" else "handle"
        both = self._both[transport]
        return both >= ENOUGH and both >= SHARE * self._one[transport, there]

    def hides(self, event: Event, missing: Kind, around: list[str]) -> bool:
        """Whether a site that could not be named may be the missing side: one nearby, or one of many anywhere.

        Args:
            event: the event that lacks a side.
            missing: that side.
            around: the files of the sites that it has.
        """
        unnamed = self._unnamed[event.transport, missing]
        folders = {path.rpartition("/")[0] for path in around}
        if any(_is_near(path.rpartition("/")[0], folders) for path in unnamed):
            return True
        return len(unnamed) > (1 - SHARE) * (len(unnamed) + self._sites[event.transport, missing])


def _is_near(folder: str, folders: set[str]) -> bool:
    return any(f"{folder}/".startswith(f"{each}/") or f"{each}/".startswith(f"{folder}/") for each in folders)
