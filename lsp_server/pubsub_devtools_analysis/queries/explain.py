"""Everything about one event as one value: who publishes, who handles, what led there and what follows.

What follows is a tree: a handler, the events it goes on to publish, their handlers, and so on. A cycle is cut where it
closes, and an event that was already expanded is not expanded again, so the tree is never larger than the graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from pubsub_devtools.model import Certainty, Event, EventGraph, Flow, Link, Site
from pubsub_devtools_analysis.queries.certainty import weakest
from pubsub_devtools_analysis.queries.index import GraphIndex, Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

Cut = Literal["", "cycle", "shown", "deep"]
"""Why the tree stops at an event: it closes a cycle, it stands elsewhere in the tree, or the tree is deep enough."""

_DEEPEST = 40


class Next(msgspec.Struct, frozen=True, omit_defaults=True):
    """An event that a handler goes on to publish, where it does, and what follows from it."""

    event: str
    publisher: Site
    flow: Flow
    follows: tuple[Follow, ...] = ()
    cut: Cut = ""


class Follow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A handler that runs, why it hears the event, and what it publishes in turn."""

    handler: Site
    certainty: Certainty
    via: tuple[Link, ...] = ()
    publishes: tuple[Next, ...] = ()


class Cause(msgspec.Struct, frozen=True, omit_defaults=True):
    """A handler that publishes the event: one step back on the way that leads here."""

    handler: Site
    publisher: Site
    flow: Flow


class Explanation(msgspec.Struct, frozen=True):
    """One event and everything around it. ``tests`` are its sites in tests, told apart from all others."""

    event: Event
    format: Literal[1] = 1
    publishers: tuple[Reach, ...] = ()
    handlers: tuple[Reach, ...] = ()
    declarations: tuple[Site, ...] = ()
    tests: tuple[Site, ...] = ()
    causes: tuple[Cause, ...] = ()
    follows: tuple[Follow, ...] = ()
    links: tuple[Link, ...] = ()


def explain(graph: EventGraph, event: str) -> Explanation:
    """Explain the event with this id. The graph is taken as it is: select first to leave out guesses."""
    index = GraphIndex(graph)
    handlers, publishers = index.handlers(event), index.publishers(event)
    return Explanation(
        event=index.events[event],
        publishers=_outside_tests(publishers),
        handlers=_outside_tests(handlers),
        declarations=index.sites_of(event, "declare"),
        tests=tuple(reach.site for reach in (*publishers, *handlers) if reach.site.in_tests),
        causes=_causes(index, publishers),
        follows=_Tree(index).follows(event, ()),
        links=tuple(link for link in graph.links if event in (link.source, link.target)),
    )


def next_events(index: GraphIndex, event: str) -> tuple[str, ...]:
    """The ids of the events that directly follow, each once, in the order of the handlers."""
    flows = (
        flow for reach in _outside_tests(index.handlers(event)) for flow in index.flows_from(reach.site.id)
    )
    return tuple(
        dict.fromkeys(index.sites[flow.publisher].event for flow in flows if flow.publisher in index.sites)
    )


def _outside_tests(reached: tuple[Reach, ...]) -> tuple[Reach, ...]:
    return tuple(reach for reach in reached if not reach.site.in_tests)


def _causes(index: GraphIndex, publishers: tuple[Reach, ...]) -> tuple[Cause, ...]:
    return tuple(
        Cause(index.sites[flow.handler], reach.site, flow)
        for reach in _outside_tests(publishers)
        for flow in index.flows_to(reach.site.id)
        if flow.handler in index.sites and not index.sites[flow.handler].in_tests
    )


class _Tree:
    """Builds the tree of what follows and remembers which events it has expanded."""

    def __init__(self, index: GraphIndex) -> None:
        self._index = index
        self._expanded: set[str] = set()

    def follows(self, event: str, path: tuple[str, ...]) -> tuple[Follow, ...]:
        self._expanded.add(event)
        reached = _outside_tests(self._index.handlers(event))
        return tuple(
            Follow(r.site, r.certainty, r.via, tuple(self._publishes(r.site, (*path, event))))
            for r in reached
        )

    def _publishes(self, handler: Site, path: tuple[str, ...]) -> Iterator[Next]:
        for flow in self._index.flows_from(handler.id):
            publisher = self._index.sites.get(flow.publisher)
            if publisher is None:
                continue
            cut = self._cut(publisher.event, path)
            follows = () if cut else self.follows(publisher.event, path)
            yield Next(publisher.event, publisher, flow, follows, cut)

    def _cut(self, event: str, path: tuple[str, ...]) -> Cut:
        if event in path:
            return "cycle"
        if event in self._expanded and self._index.handlers(event):
            return "shown"
        return "deep" if len(path) >= _DEEPEST else ""


def certainty_of(step: Next) -> Certainty:
    """How sure it is that this event follows: the call chain and the publish hold only together."""
    return weakest((step.flow.certainty, step.publisher.certainty))
