"""One event at one end of a change: who publishes it, who hears it, and what its messages carry."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from pubsub_devtools.model import Event, EventGraph, SchemaVersion, Site
from pubsub_devtools_analysis.queries.index import GraphIndex
from pubsub_devtools_analysis.queries.tasks import TASKS


class Parties(msgspec.Struct, frozen=True):
    """Those who take part in one event. Guesses are left out: a verdict is no place for them.

    ``handlers`` include those behind links, of linked repositories and under tests, since each of them reads; ``publishers``
    are those that name the event itself, without tests, which give what no running system does.
    """

    event: Event
    publishers: tuple[Site, ...] = ()
    handlers: tuple[Site, ...] = ()
    declarations: tuple[Site, ...] = ()

    @property
    def is_held(self) -> bool:
        """Whether messages lie somewhere between those who publish and those who handle them."""
        return self.event.delivery != "in-process"

    @property
    def is_task(self) -> bool:
        """Whether the event is the name of a function."""
        return self.event.transport in TASKS

    @property
    def is_theirs(self) -> bool:
        """Whether a framework publishes it, in ways that no code of ours shows."""
        return self.event.origin in ("builtin", "external")

    @property
    def schema(self) -> SchemaVersion | None:
        """The one declared shape; nothing where there are several or none."""
        declared = [each for each in self.event.schemas if not each.inferred]
        return declared[0] if len(declared) == 1 else None

    def given(self) -> dict[str, str]:
        """The fields that some publisher gives, with the type of each as far as it is known."""
        found: dict[str, str] = {}
        for site in self.publishers:
            for key in site.keys:
                found[key.name] = found.get(key.name, "") or key.type
        return found

    @property
    def is_open(self) -> bool:
        """Whether publishers may give more than is seen."""
        return not self.publishers or any(site.open for site in self.publishers)


def parties(graph: EventGraph) -> dict[str, Parties]:
    """The events that the graph's own code takes part in outside tests, by id."""
    index = GraphIndex(graph)
    found = (of_event(index, event) for event in graph.events)
    return {each.event.id: each for each in found if is_own(each)}


def of_event(index: GraphIndex, event: Event) -> Parties:
    """Those who take part in an event."""
    own = [site for site in index.sites_of(event.id) if site.certainty != "guess"]
    return Parties(
        event,
        tuple(s for s in own if s.kind == "publish" and not s.in_tests),
        tuple(reach.site for reach in index.handlers(event.id) if reach.certainty != "guess"),
        tuple(s for s in own if s.kind == "declare" and not s.in_tests),
    )


def is_own(each: Parties) -> bool:
    """Whether code of this repository, outside its tests, takes part in the event by its name."""
    return any(
        not site.origin and not site.in_tests and site.event == each.event.id
        for site in (*each.publishers, *each.handlers, *each.declarations)
    )


def own(sites: Iterable[Site]) -> tuple[Site, ...]:
    """The sites of this repository outside tests."""
    return tuple(site for site in sites if not site.origin and not site.in_tests)
