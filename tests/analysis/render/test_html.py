from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import msgspec
import pytest

from pubsub_devtools_analysis.render import html as html_module
from pubsub_devtools_analysis.render.errors import RenderError
from pubsub_devtools_analysis.render.html import html
from pubsub_devtools_analysis.render.json import decode
from tests.analysis.shop_graph import shop

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """<!doctype html><title>Event graph</title><div id="app"></div>
<script type="application/json" id="pubsub-graph">null</script>
<script id="pubsub-view" type="application/json">null</script>
<script>show("<\\/script>")</script>"""


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = dict(attrs).get("id") or "" if tag == "script" else ""

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open] = self.texts.get(self._open, "") + data


def scripts(page: str) -> dict[str, str]:
    parser = _Scripts()
    parser.feed(page)
    return parser.texts


def test_the_graph_and_the_first_view_stand_in_the_page() -> None:
    found = scripts(html(shop(), {"event": "bus:orders.OrderPlaced", "depth": 1}, page=PAGE))
    assert decode(found["pubsub-graph"]) == shop()
    assert json.loads(found["pubsub-view"]) == {"event": "bus:orders.OrderPlaced", "depth": 1}


def test_without_a_wish_the_view_stays_null() -> None:
    assert scripts(html(shop(), page=PAGE))["pubsub-view"] == "null"


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", "<!--<script>", "\\1 \\g<0>", "\u2028", "null"]
)
def test_no_name_can_leave_its_place(name: str) -> None:
    event = msgspec.structs.replace(shop().events[0], name=name)
    page = html(msgspec.structs.replace(shop(), events=(event,)), page=PAGE)
    assert decode(scripts(page)["pubsub-graph"]).events[0].name == name
    assert page.count("</script>") == PAGE.count("</script>")
    assert "<!--" not in page


def test_a_page_of_another_version_is_refused() -> None:
    with pytest.raises(RenderError, match="no place for pubsub-graph"):
        html(shop(), page="<html></html>")


def test_a_missing_page_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(html_module, "files", lambda _: tmp_path)
    with pytest.raises(RenderError, match="lacks the interactive page"):
        html(shop())


def test_the_shipped_page_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "graph.html").write_text(PAGE)
    monkeypatch.setattr(html_module, "files", lambda _: tmp_path)
    assert decode(scripts(html(shop()))["pubsub-graph"]) == shop()
