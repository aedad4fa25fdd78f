from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from pubsub_devtools_analysis.queries.explain import Explanation, Follow, explain
from tests.analysis.any_graph import graphs
from tests.analysis.shop_graph import ANY_ORDER, CHANGED, PAID, PLACED, shop

if TYPE_CHECKING:
    from pubsub_devtools.model import EventGraph


def drawn(follows: tuple[Follow, ...], depth: int = 0) -> list[str]:
    """The tree as indented lines: handlers, and the events they publish with the reason for a cut."""
    rows: list[str] = []
    for follow in follows:
        rows.append("  " * depth + follow.handler.symbol)
        for step in follow.publishes:
            rows.append(
                "  " * (depth + 1) + f"-> {step.event.partition('.')[2] or step.event} {step.cut}".rstrip()
            )
            rows += drawn(step.follows, depth + 2)
    return rows


def test_what_follows_is_a_tree_whose_cycles_are_cut() -> None:
    assert drawn(explain(shop(), CHANGED).follows) == [
        "reserve",
        "  -> StockReserved",
        "  -> StockMissing",
        "    on_missing",
        "      -> OrderChanged cycle",
        "on_any_order",
        "  -> kafka:audit",
        "    write_line",
    ]


def test_what_was_expanded_once_is_not_expanded_again() -> None:
    lines = drawn(explain(shop(), PLACED).follows)
    assert sum(line.strip() == "write_line" for line in lines) == 1
    assert any(line.strip() == "-> kafka:audit shown" for line in lines)


def test_tests_stand_apart() -> None:
    found = explain(shop(), PLACED)
    assert {reach.site.symbol for reach in found.publishers} == {"place_order", "import_orders"}
    assert {site.symbol for site in found.tests} == {"test_reserves", "test_bills"}


def test_what_led_here_is_told_with_the_calls_on_the_way() -> None:
    found = explain(shop(), "bus:billing.PaymentRefused")
    (cause,) = found.causes
    assert cause.handler.symbol == "Billing.on_order_placed"
    assert [hop.note for hop in cause.flow.hops] == ["calls refuse()"]


def test_links_and_schema_come_along() -> None:
    assert {link.target for link in explain(shop(), PLACED).links} == {ANY_ORDER}
    assert len(explain(shop(), ANY_ORDER).links) == 3
    assert explain(shop(), PLACED).event.schemas[0].fields[0].name == "order_id"
    assert explain(shop(), PAID).links == ()


def _size(follows: tuple[Follow, ...]) -> int:
    return sum(1 + sum(1 + _size(step.follows) for step in follow.publishes) for follow in follows)


@given(graphs())
def test_every_event_of_any_graph_can_be_explained_in_bounded_size(graph: EventGraph) -> None:
    for event in graph.events:
        found = explain(graph, event.id)
        assert isinstance(found, Explanation)
        events = {site.event for site in graph.sites} | {event.id}
        handlers = len(graph.sites) * len(events)
        assert _size(found.follows) <= handlers * (1 + len(graph.flows))
