from __future__ import annotations

import pytest

from pubsub_devtools.model import Event, EventGraph
from pubsub_devtools_analysis.queries.find import Ambiguous, Found, NotFound, find_event
from tests.analysis.shop_graph import shop


def found(text: str) -> str:
    answer = find_event(shop(), text)
    assert isinstance(answer, Found), answer
    return answer.event.id


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("bus:orders.OrderPlaced", "bus:orders.OrderPlaced"),
        ("orders.OrderPlaced", "bus:orders.OrderPlaced"),
        ("OrderPlaced", "bus:orders.OrderPlaced"),
        ("shop.events.OrderPlaced", "bus:orders.OrderPlaced"),
        ("events.Drafted", "bus:orders.Drafted"),
        ("audit", "kafka:audit"),
        ("orders.*", "bus:orders.*"),
    ],
)
def test_an_id_a_name_an_alias_or_a_suffix_of_one_will_do(text: str, event: str) -> None:
    assert found(text) == event


def test_a_suffix_begins_where_a_part_begins() -> None:
    assert isinstance(find_event(shop(), "Placed"), NotFound)
    assert isinstance(find_event(shop(), ""), NotFound)


@pytest.mark.parametrize("name", ["a.b.Done", "a/b/Done", "a:b:Done"])
def test_dots_slashes_and_colons_bound_the_parts(name: str) -> None:
    graph = EventGraph("r", events=(Event(f"t:{name}", name, "t", ("celery",)),))
    assert isinstance(find_event(graph, "Done"), Found)
    assert isinstance(find_event(graph, "one"), NotFound)


def test_an_exact_name_wins_over_a_suffix() -> None:
    graph = EventGraph(
        "r", events=(Event("t:Done", "Done", "t", ("celery",)), Event("t:a.Done", "a.Done", "t", ("celery",)))
    )
    answer = find_event(graph, "Done")
    assert isinstance(answer, Found)
    assert answer.event.id == "t:Done"


def test_the_same_name_on_two_transports_is_ambiguous_and_its_id_is_not() -> None:
    graph = EventGraph(
        "r",
        events=(
            Event("kafka:orders", "orders", "kafka", ("kafka",)),
            Event("nats:orders", "orders", "nats", ("nats",)),
        ),
    )
    answer = find_event(graph, "orders")
    assert isinstance(answer, Ambiguous)
    assert [event.id for event in answer.candidates] == ["kafka:orders", "nats:orders"]
    assert isinstance(find_event(graph, "nats:orders"), Found)


@pytest.mark.parametrize("text", ["OrderPlacd", "orderplaced", "orders.orderPlaced"])
def test_a_slip_is_answered_with_what_was_probably_meant(text: str) -> None:
    answer = find_event(shop(), text)
    assert isinstance(answer, NotFound)
    assert answer.suggestions[0] == "orders.OrderPlaced"


def test_nothing_alike_gives_no_suggestion() -> None:
    assert find_event(shop(), "zzzzzzzz") == NotFound(())
