from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given

from pubsub_devtools_analysis.queries.explain import explain
from pubsub_devtools_analysis.queries.select import Selection, select
from pubsub_devtools_analysis.queries.view import view
from pubsub_devtools_analysis.render.mermaid import mermaid
from pubsub_devtools_analysis.render.sequence import MAX_MESSAGES, sequence
from tests.analysis.any_graph import graphs, mesh
from tests.analysis.render.golden import check
from tests.analysis.shop_graph import MAILED, PLACED, STOCK_TOPIC, shop

if TYPE_CHECKING:
    from pubsub_devtools.model import EventGraph


def flow(graph: EventGraph, event: str) -> str:
    return sequence(explain(graph, event), {known.id: known for known in graph.events})


def test_the_flowchart_of_the_shop() -> None:
    check("shop.mmd", mermaid(view(select(shop(), Selection()), "Events")))


def test_the_flowchart_of_folded_services() -> None:
    check("mesh.mmd", mermaid(view(mesh(60, 120, 8), "Events")))


def test_the_sequence_of_an_order() -> None:
    check("order.mmd", flow(select(shop(), Selection()), PLACED))


def test_an_event_without_handlers_is_a_sequence_too() -> None:
    assert "send" in flow(shop(), MAILED)
    assert flow(shop(), STOCK_TOPIC).startswith("sequenceDiagram\n")
    assert "participant p0 as outside" in flow(shop(), "django:post_save")


_NODE = re.compile(
    r'n\d+(\{\{"[^"<>]*(<br/>[^"<>]*)*"\}\}|\("[^"<>]*(<br/>[^"<>]*)*"\)|\[\["[^"<>]*(<br/>[^"<>]*)*"\]\]):::\w+'
)
_EDGE = re.compile(r'n\d+ (-->|-\.->)(\|"[^"<>]*"\|)? n\d+')
_REST = re.compile(
    r'flowchart LR|acc(Title|Descr): .*|subgraph g\d+\["[^"<>]*"\]|end|style g\d+ .*|classDef \w+ .*'
)


@given(graphs())
def test_any_name_stays_inside_its_quotes(graph: EventGraph) -> None:
    source = mermaid(view(graph, "Events"))
    rows = [row.strip() for row in source.splitlines()]
    assert all(_NODE.fullmatch(row) or _EDGE.fullmatch(row) or _REST.fullmatch(row) for row in rows), source
    assert sum("-->" in row or "-.->" in row for row in rows) < 500


_ROW = re.compile(
    r"sequenceDiagram|accTitle: .*|participant p\d+ as .*|Note over p\d+: .*|p\d+--?(>>|\))p\d+: .*"
)


@given(graphs())
def test_any_flow_is_a_bounded_sequence(graph: EventGraph) -> None:
    for event in graph.events[:3]:
        rows = [row.strip() for row in flow(graph, event.id).splitlines()]
        assert all(_ROW.fullmatch(row) for row in rows), rows
        assert sum(not row.startswith(("Note", "participant")) for row in rows) <= MAX_MESSAGES + 2
