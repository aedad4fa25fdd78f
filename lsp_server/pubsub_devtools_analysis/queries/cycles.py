"""Events that lead back to themselves: the loops that a reader of single handlers never sees.

networkx is imported inside, since it costs more than the rest of a warm start together.
"""

from __future__ import annotations

from collections import deque
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec

from pubsub_devtools_analysis.queries.explain import next_events
from pubsub_devtools_analysis.queries.index import GraphIndex

if TYPE_CHECKING:
    from pubsub_devtools.model import EventGraph


class Cycle(msgspec.Struct, frozen=True):
    """A shortest loop through one knot of events, and how many events are tied into that knot."""

    events: tuple[str, ...]
    tied: int


def cycles(graph: EventGraph) -> tuple[Cycle, ...]:
    """One loop for each group of events that can all reach each other, in the order of their ids."""
    index = GraphIndex(graph)
    after = {event.id: next_events(index, event.id) for event in graph.events}
    if not any(after.values()):
        return ()
    nx: Any = import_module("networkx")
    digraph = nx.DiGraph((source, target) for source, targets in after.items() for target in targets)
    knots: list[list[str]] = [sorted(knot) for knot in nx.strongly_connected_components(digraph)]
    looped = [knot for knot in knots if len(knot) > 1 or knot[0] in after.get(knot[0], ())]
    return tuple(Cycle(_shortest_loop(after, knot[0]), len(knot)) for knot in sorted(looped))


def _shortest_loop(after: dict[str, tuple[str, ...]], start: str) -> tuple[str, ...]:
    """The shortest way from an event back to itself, that event first and not repeated."""
    queue: deque[tuple[str, ...]] = deque([(start,)])
    seen: set[str] = set()
    while queue:
        path = queue.popleft()
        for event in after.get(path[-1], ()):
            if event == start:
                return path
            if event not in seen:
                seen.add(event)
                queue.append((*path, event))
    return (start,)
