from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from pubsub_devtools_analysis.queries.select import Selection, select
from pubsub_devtools_analysis.queries.view import MAX_EDGES, MAX_NODES, Node, View, view
from tests.analysis.any_graph import graphs, mesh
from tests.analysis.shop_graph import shop

if TYPE_CHECKING:
    from pubsub_devtools.model import EventGraph


def node(picture: View, label: str) -> Node:
    return next(node for node in picture.nodes if node.label == label)


def test_a_small_graph_is_drawn_with_its_functions() -> None:
    picture = view(select(shop(), Selection()), "Events")
    assert picture.level == "functions"
    assert picture.notes == ()
    assert node(picture, "orders.OrderPlaced").detail == "2 publishers · 3 handlers"
    assert node(picture, "place_order").detail == "orders/api.py:12"
    assert node(picture, "place_order").group == "orders"


def test_a_function_that_handles_and_publishes_is_one_node() -> None:
    picture = view(select(shop(), Selection()), "Events")
    assert sum(node.label == "reserve" for node in picture.nodes) == 1


def test_what_is_only_likely_says_so() -> None:
    picture = view(select(shop(), Selection()), "Events")
    assert node(picture, "import_orders").certainty == "likely"
    assert node(picture, "place_order").certainty == "sure"
    assert {edge.certainty for edge in picture.edges} == {"sure", "likely"}


def test_a_handler_that_publishes_through_another_function_points_to_it() -> None:
    picture = view(select(shop(), Selection()), "Events")
    calls = [
        (edge.source.rpartition(":")[2], edge.target.rpartition(":")[2])
        for edge in picture.edges
        if edge.kind == "calls"
    ]
    assert ("Billing.on_order_placed", "refuse") in calls


@pytest.mark.parametrize(
    ("graph", "level"),
    [
        (mesh(60, 120, 8), "services"),
        (mesh(60, 2000, 2), "services"),
        (mesh(400, 420, 8), "between services"),
        (mesh(400, 4000, 30), "services alone"),
    ],
)
def test_a_large_graph_is_folded_and_says_what_was_folded(graph: EventGraph, level: str) -> None:
    picture = view(graph, "Events")
    assert picture.level == level
    assert picture.notes
    assert picture.notes[0] in picture.summary


def test_more_services_than_can_be_drawn_are_left_out_with_a_note() -> None:
    picture = view(mesh(2000, 4000, 400), "Events")
    assert len(picture.nodes) == MAX_NODES
    assert any(note.startswith("250 services left out") for note in picture.notes)


def test_code_with_one_service_is_folded_by_directory() -> None:
    import msgspec

    graph = mesh(60, 400, 5)
    sites = tuple(msgspec.structs.replace(site, service="all") for site in graph.sites)
    picture = view(msgspec.structs.replace(graph, sites=sites), "Events")
    assert {node.label for node in picture.nodes if node.kind == "service"} == {f"p{n}" for n in range(5)}


@given(graphs())
def test_a_view_is_bounded_whole_and_always_the_same(graph: EventGraph) -> None:
    picture = view(graph, "Events")
    ids = {node.id for node in picture.nodes}
    assert len(picture.nodes) <= MAX_NODES
    assert len(picture.edges) <= MAX_EDGES
    assert len(ids) == len(picture.nodes)
    assert all(edge.source in ids and edge.target in ids for edge in picture.edges)
    assert view(graph, "Events") == picture


@pytest.mark.parametrize("events", [1, 149, 150, 151, 700])
@pytest.mark.parametrize("services", [1, 3, 149, 200])
def test_no_size_exceeds_the_bounds(events: int, services: int) -> None:
    picture = view(mesh(events, 900, services), "Events")
    assert len(picture.nodes) <= MAX_NODES
    assert len(picture.edges) <= MAX_EDGES
