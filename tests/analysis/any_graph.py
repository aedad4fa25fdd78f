"""Graphs of any shape with any names, for properties that must hold whatever the analysis finds."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

from pubsub_devtools.model import Event, EventGraph, Flow, Link, Place, Service, Site

settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")

names = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["<b>&amp;</b>", 'a"b', "\\N\\l", "end", "中文" * 20, "x" * 200, "a:b.c/d", "\ud800", "\x00\x1b[31m"]
    ),
)


@st.composite
def graphs(draw: st.DrawFn, most_events: int = 12, most_sites: int = 30) -> EventGraph:
    """Sites, links and flows between events, cycles and dangling ends included."""
    events = [
        Event(
            f"t:{number}:{draw(names)}",
            draw(names),
            "t",
            ("celery",),
            origin=draw(st.sampled_from(["workspace", "builtin"])),
        )
        for number in range(draw(st.integers(0, most_events)))
    ]
    ids = [event.id for event in events] or ["t:missing"]
    some_event = st.sampled_from([*ids, "t:missing"])
    sites = [
        Site(
            id=f"s{number}",
            kind=draw(st.sampled_from(["publish", "handle", "declare"])),
            event=draw(some_event),
            dialect="celery",
            symbol=draw(st.one_of(names, st.just("<module>"))),
            place=Place(draw(st.sampled_from(["a.py", "b/c.py", "d/e/f.py"])), number + 1, 0, number + 1, 9),
            certainty=draw(st.sampled_from(["sure", "likely", "guess"])),
            reason="r",
            service=draw(st.sampled_from(["", "one", "two"])),
            in_tests=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, most_sites)))
    ]
    some_site = st.sampled_from([site.id for site in sites] or ["s0"])
    links = draw(
        st.lists(
            st.builds(Link, some_event, some_event, st.sampled_from(["wildcard", "binding"])), max_size=10
        )
    )
    flows = draw(
        st.lists(st.builds(Flow, some_site, some_site, st.sampled_from(["sure", "likely"])), max_size=20)
    )
    return EventGraph(
        root=draw(names),
        events=tuple(events),
        sites=tuple(sites),
        links=tuple(links),
        flows=tuple(flows),
        services=(Service("one", "one"), Service("two", "two")),
    )


def mesh(events: int, sites: int, services: int) -> EventGraph:
    """A large regular graph: every site in the next service, publishing and handling in turn."""
    made = tuple(Event(f"bus:e{number}", f"e{number}", "bus", ("celery",)) for number in range(events))
    placed = tuple(
        Site(
            id=f"s{number}",
            kind="publish" if number % 3 else "handle",
            event=made[(number * 7) % events].id,
            dialect="celery",
            symbol=f"f{number}",
            place=Place(f"p{number % services}/m.py", number + 1, 0, number + 1, 9),
            certainty="sure" if number % 5 else "likely",
            reason="r",
            service=f"p{number % services}",
        )
        for number in range(sites)
    )
    named = tuple(Service(f"p{number}", f"p{number}") for number in range(services))
    return EventGraph(root="mesh", events=made, sites=placed, services=named)
