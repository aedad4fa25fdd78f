from __future__ import annotations

import msgspec

from pubsub_devtools.model import Link
from pubsub_devtools_analysis.queries.index import GraphIndex
from tests.analysis.shop_graph import ANY_ORDER, AUDIT, CHANGED, PAID, PLACED, SAVED, shop


def symbols(reached: tuple) -> list[str]:  # type: ignore[type-arg]
    return [reach.site.symbol for reach in reached]


def test_handlers_are_an_events_own_and_those_behind_a_wildcard() -> None:
    handlers = GraphIndex(shop()).handlers(CHANGED)
    assert symbols(handlers) == ["reserve", "on_any_order"]
    assert [len(reach.via) for reach in handlers] == [0, 1]


def test_publishers_of_a_pattern_are_those_of_all_that_it_matches() -> None:
    publishers = GraphIndex(shop()).publishers(ANY_ORDER)
    assert {"place_order", "on_missing", "on_refused"} <= set(symbols(publishers))


def test_links_chain_and_a_chain_is_no_surer_than_its_weakest_link() -> None:
    further = Link(ANY_ORDER, AUDIT, "binding", "likely")
    graph = msgspec.structs.replace(shop(), links=(*shop().links, further))
    behind = [reach for reach in GraphIndex(graph).handlers(PLACED) if reach.site.event == AUDIT]
    assert [(reach.certainty, len(reach.via)) for reach in behind] == [("likely", 2)]


def test_what_meets_in_a_pattern_alone_is_not_linked() -> None:
    """A name that is known in part stands for what it matches one at a time."""
    graph = msgspec.structs.replace(
        shop(), links=(*shop().links, Link(ANY_ORDER, AUDIT, "wildcard"), Link(SAVED, PLACED, "binding"))
    )
    index = GraphIndex(graph)
    assert AUDIT in index.linked(ANY_ORDER, "target")
    assert AUDIT not in index.linked(PLACED, "target")
    assert PLACED not in index.linked(AUDIT, "source")
    assert ANY_ORDER in index.linked(SAVED, "target")


def test_links_in_a_circle_end() -> None:
    graph = msgspec.structs.replace(
        shop(), links=(Link(PLACED, PAID, "binding"), Link(PAID, PLACED, "binding"))
    )
    assert set(GraphIndex(graph).linked(PLACED, "target")) == {PLACED, PAID}


def test_flows_are_found_from_both_ends() -> None:
    index = GraphIndex(shop())
    handler = next(site for site in index.sites_of(PAID, "handle") if not site.in_tests)
    (flow,) = index.flows_from(handler.id)
    assert index.flows_to(flow.publisher) == (flow,)


def test_what_is_unknown_has_nothing() -> None:
    index = GraphIndex(shop())
    assert index.handlers("bus:nothing") == ()
    assert index.flows_from("nothing") == ()
    assert index.publishers(SAVED) == ()
