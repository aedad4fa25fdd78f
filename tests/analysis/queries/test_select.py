from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from pubsub_devtools_analysis.queries.select import Selection, select
from tests.analysis.any_graph import graphs
from tests.analysis.shop_graph import (
    ANY_ORDER,
    AUDIT,
    CHANGED,
    MAILED,
    MISSING,
    PAID,
    PLACED,
    REFUSED,
    RESERVED,
    SAVED,
    SENT,
    STOCK_TOPIC,
    shop,
)

if TYPE_CHECKING:
    from pubsub_devtools.model import EventGraph

CANCELLED = "bus:orders.OrderCancelled"


def events(selection: Selection) -> set[str]:
    return {event.id for event in select(shop(), selection).events}


def test_without_a_wish_guesses_and_tests_are_left_out() -> None:
    shown = select(shop(), Selection())
    assert not any(site.in_tests or site.certainty == "guess" for site in shown.sites)
    assert STOCK_TOPIC not in events(Selection())
    assert "bus:orders.Drafted" in events(Selection()), "declared, and used by no one"


def test_everything_can_be_kept() -> None:
    assert select(shop(), Selection(certainty="guess", tests=True)) == shop()


def test_sure_alone_leaves_out_what_hangs_on_the_likely() -> None:
    shown = select(shop(), Selection(certainty="sure"))
    assert {site.certainty for site in shown.sites} == {"sure"}
    assert MAILED not in {event.id for event in shown.events}


def test_an_event_is_kept_with_the_whole_flow_through_it() -> None:
    assert events(Selection(events=(PAID,))) == {PLACED, PAID, SENT, MAILED}
    assert events(Selection(events=(PAID,), direction="down")) == {PAID, SENT, MAILED}
    assert events(Selection(events=(PAID,), direction="up")) == {PLACED, PAID}


def test_depth_counts_events_and_links_cost_nothing() -> None:
    assert events(Selection(events=(PLACED,), depth=0)) == {PLACED, ANY_ORDER}
    near = events(Selection(events=(PLACED,), depth=1, direction="down"))
    assert near == {PLACED, ANY_ORDER, PAID, REFUSED, RESERVED, MISSING, AUDIT}
    assert CHANGED in events(Selection(events=(PLACED,), depth=2))


def test_a_cycle_ends_the_walk() -> None:
    assert {MISSING, CHANGED} <= events(Selection(events=(CHANGED,)))


def test_a_service_is_kept_with_the_other_ends_of_its_events() -> None:
    shown = select(shop(), Selection(services=("shipping",)))
    assert {event.id for event in shown.events} == {PAID, SENT}
    assert {site.service for site in shown.sites} == {"billing", "shipping", "mail"}
    assert {service.name for service in shown.services} == {"billing", "shipping", "mail"}


def test_a_service_narrows_the_flow_of_an_event() -> None:
    assert events(Selection(events=(PLACED,), services=("mail",))) == {ANY_ORDER, AUDIT, SENT, MAILED}


def test_frameworks_and_built_in_events() -> None:
    assert events(Selection(dialects=("aiokafka",))) == {AUDIT}
    assert SAVED in events(Selection())
    assert SAVED not in events(Selection(builtins=False))


def test_what_was_looked_at_stays() -> None:
    shown = select(shop(), Selection(events=(PAID,)))
    assert shown.coverage == shop().coverage
    assert shown.unnamed == shop().unnamed


selections = st.builds(
    Selection,
    events=st.lists(st.sampled_from([f"t:{n}:" for n in range(3)] + ["t:missing"])).map(tuple),
    services=st.lists(st.sampled_from(["one", "two", "three"]), max_size=2).map(tuple),
    dialects=st.sampled_from([(), ("celery",), ("nats",)]),
    depth=st.none() | st.integers(0, 3),
    direction=st.sampled_from(["up", "down", "both"]),
    certainty=st.sampled_from(["sure", "likely", "guess"]),
    tests=st.booleans(),
    builtins=st.booleans(),
)


@given(graphs(), selections)
def test_select_invents_nothing_and_leaves_nothing_hanging(graph: EventGraph, selection: Selection) -> None:
    shown = select(graph, selection)
    for part in ("events", "sites", "links", "flows"):
        assert set(getattr(shown, part)) <= set(getattr(graph, part))
    ids = {site.id for site in shown.sites}
    assert all({flow.handler, flow.publisher} <= ids for flow in shown.flows)
    assert {site.event for site in shown.sites} <= {event.id for event in shown.events}
