"""A graph is told by what is other in it."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools.model import Coverage, Event, EventGraph, Link, Place, Problem, Site
from pubsub_devtools_lsp.analyst.graph_change import Applying, applied, change

_names = st.sampled_from([f"e{number}" for number in range(12)])


def _site(name: str, line: int) -> Site:
    return Site(f"{name}@{line}", "publish", name, "nats", "f", Place("a.py", line, 0, line, 5), "sure", "")


_graphs = st.builds(
    lambda names, lines, links, problems, files: EventGraph(
        root="shop",
        events=tuple(
            Event(f"nats:{name}", name, "nats", ("nats",), doc="x" * len(lines)) for name in sorted(names)
        ),
        sites=tuple(_site(name, line) for name in sorted(names) for line in sorted(lines)),
        links=tuple(Link(a, b, "wildcard") for a, b in sorted(links)),
        problems=tuple(Problem("a.py", line, "x", "y") for line in problems),
        coverage=Coverage(files),
    ),
    st.sets(_names, max_size=8),
    st.sets(st.integers(1, 40), max_size=40),
    st.sets(st.tuples(_names, _names), max_size=5),
    st.lists(st.integers(1, 4), max_size=5),
    st.integers(0, 3),
)


@given(_graphs, _graphs)
@settings(max_examples=120, deadline=None)
def test_a_change_makes_the_new_graph_of_the_old_one(old: EventGraph, new: EventGraph) -> None:
    assert applied(old, change(old, new)) == new


@given(_graphs)
def test_a_graph_is_told_whole_to_who_knows_nothing(graph: EventGraph) -> None:
    assert applied(EventGraph(root=""), change(EventGraph(root=""), graph)) == graph


def test_nothing_is_told_of_equal_graphs() -> None:
    graph = EventGraph(root="shop", sites=(_site("a", 1), _site("b", 2)))
    copy = msgspec.msgpack.decode(msgspec.msgpack.encode(graph), type=EventGraph)
    assert change(graph, copy) == ()


def test_what_stays_is_shared() -> None:
    old = EventGraph(root="shop", sites=tuple(_site("a", line) for line in range(1, 50)))
    new = msgspec.structs.replace(old, sites=(*old.sites[:10], *old.sites[11:]))
    made = applied(old, change(old, new))
    assert all(one is other for one, other in zip(made.sites, new.sites, strict=True))


def test_a_large_graph_comes_in_pieces() -> None:
    graph = EventGraph(root="shop", sites=tuple(_site("a", line) for line in range(1, 1001)))
    pieces = change(EventGraph(root=""), graph)
    assert len(pieces) > 3
    applying = Applying(EventGraph(root=""))
    for piece in pieces:
        applying.take(piece)
    assert applying.graph() == graph
