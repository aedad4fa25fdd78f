"""What the language server's figures rest on: what is asked, what counts as right, and a real server that is asked."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.bench import lsp, lsp_questions, lsp_session, plain_reading, positions_read, seeded_sites
from tests.bench.bench import CACHE, PROJECT, Bench
from tests.bench.figure import Figure
from tests.bench.lsp_questions import Project, is_right, some, spots
from tests.bench.lsp_session import Server, Told
from tests.bench.positions import Asked, Place

SHOP = PROJECT / "examples" / "shop"
DESK, HANDLER = "orders/desk.py", ("orders/fulfilment.py", 24)


def at(path: str, needle: str, question: str, *expected: Place) -> Asked:
    """A question at the first place of some text in the shop, asked at its last word."""
    lines = (SHOP / path).read_text("utf-8").split("\n")
    line = next(number for number, text in enumerate(lines) if needle in text)
    column = (
        lines[line].index(needle) + needle.rindex(".") + 1 if "." in needle else lines[line].index(needle)
    )
    return Asked("shop", question, path, line + 1, column, needle, frozenset(expected), frozenset(expected))


def project(*asked: Asked) -> Project:
    return Project("shop", SHOP, spots(SHOP, asked), frozenset())


def location(path: str, line: int) -> dict[str, Any]:
    here = {"line": line - 1, "character": 0}
    return {"uri": (SHOP / path).as_uri(), "range": {"start": here, "end": here}}


def test_a_real_server_is_asked_and_judged(tmp_path: Path) -> None:
    right = at(DESK, "OrderPlaced(", "implementation", HANDLER)
    wrong = at(DESK, "OrderPlaced(", "implementation", HANDLER, ("orders/fulfilment.py", 1))
    nothing = at(DESK, "quantity", "nothing")
    command = ("env", f"{CACHE}={tmp_path}", sys.executable, "-P", "-m", "pubsub_devtools_lsp")
    told = lsp_session.judged(Server("ours", command), project(right, wrong, nothing))
    assert (told.right, told.asked, told.nothing_right, told.nothing) == (1, 2, 1, 1)
    assert [spot["must"] for spot, _ in told.wrong] == [sorted(wrong.must)]
    assert told.first_right is not None
    assert len(told.quiet["definition"]) >= len(told.quiet["completion"]) == 3
    assert {name: len(times) for name, times in told.typing.items()} == {
        "definition": 3,
        "references": 3,
        "completion": 3,
    }


def test_one_place_missing_or_one_too_many_is_wrong() -> None:
    asked = at(DESK, "OrderPlaced(", "references", ("a.py", 1), ("b.py", 2))
    shop = project(asked._replace(may=asked.must | {("c.py", 3)}))
    (spot,) = shop.spots
    places = [location("a.py", 1), location("b.py", 2)]
    assert is_right(shop, spot, places)
    assert is_right(shop, spot, [*places, location("c.py", 3)])
    assert is_right(shop, spot, [*places, location("tests/a.py", 9)]), "tests are not looked at"
    assert not is_right(shop, spot, places[:1])
    assert not is_right(shop, spot, [*places, location("d.py", 4)])
    assert not is_right(shop, spot, None)


def test_links_and_single_locations_are_answers_too() -> None:
    one = location("a.py", 7)
    link = {"targetUri": one["uri"], "targetRange": one["range"], "targetSelectionRange": one["range"]}
    assert lsp_questions.places(SHOP, one) == lsp_questions.places(SHOP, [link]) == {("a.py", 7)}
    assert lsp_questions.places(SHOP, [{**one, "uri": "file:///elsewhere/a.py"}]) == set()


def test_columns_count_in_utf_16_units(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('"🎉", send()\n', "utf-8")
    asked = Asked("r", "definition", "a.py", 1, 5, "send", frozenset(), frozenset())
    assert [spot["character"] for spot in spots(tmp_path, [asked])] == [6]


def test_a_tenth_of_the_positions_are_no_event_places() -> None:
    event = Asked("r", "definition", "a.py", 1, 0, "", frozenset(), frozenset())
    nothing = event._replace(question="nothing")
    drawn = some([event] * 200 + [nothing] * 200, 90, 1)
    assert [each.question for each in drawn].count("nothing") == 10
    assert len(drawn) == 100


def test_the_harness_takes_the_positions(tmp_path: Path) -> None:
    lsp_questions.written([project(at(DESK, "OrderPlaced(", "references", HANDLER))], tmp_path)
    (spot,) = json.loads((tmp_path / "shop.json").read_text())
    assert (spot["file"], spot["op"], spot["must"]) == (DESK, "references", [list(HANDLER)])


HOME = {
    "homeassistant/components/a/const.py": 'DOMAIN = "a"\nCHANGED = f"{DOMAIN}_changed"\nOPEN = "a_open"\n',
    "homeassistant/components/a/hub.py": """\
        from homeassistant.helpers.dispatcher import async_dispatcher_send
        from .const import CHANGED, OPEN

        def tell(hass, which):
            async_dispatcher_send(hass, CHANGED, 1)
            async_dispatcher_send(hass, OPEN)
            async_dispatcher_send(hass, f"a_op{which}")
        """,
    "homeassistant/components/a/sensor.py": """\
        from homeassistant.helpers.dispatcher import async_dispatcher_connect
        from .const import CHANGED as SIGNAL, OPEN

        class Sensor:
            def added(self):
                async_dispatcher_connect(self.hass, SIGNAL, self.changed)
                async_dispatcher_connect(self.hass, OPEN, self.changed)

            def changed(self, value):
                pass
        """,
}


def test_sites_are_read_without_the_analysis(tmp_path: Path) -> None:
    for path, text in HOME.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(dedent(text))
    asked = list(seeded_sites.seeded("h", tmp_path, seeded_sites.dispatched(tmp_path), is_text=True))
    folder = "homeassistant/components/a"
    handler = (f"{folder}/sensor.py", 9)
    must = frozenset([(f"{folder}/hub.py", 5), handler])
    found = {(each.must, each.may - each.must) for each in asked if each.question == "references"}
    assert found == {(must, frozenset([(f"{folder}/const.py", 2)]))}
    (method,) = (each for each in asked if each.question == "definition")
    assert (method.line, method.column, method.must) == (5, 4, {handler})
    assert {each.text for each in asked} == {"CHANGED", "SIGNAL", "async_dispatcher_send"}, (
        "what an unread name may be is left out"
    )


def test_the_script_imports_nothing_of_the_analysis() -> None:
    for module in (seeded_sites, plain_reading):
        assert "pubsub_devtools" not in Path(module.__file__).read_text("utf-8")


def test_each_peer_is_held_against_ours() -> None:
    quick, slow = Told(asked=2, right=2), Told(asked=2, right=1)
    quick.quiet["definition"], slow.quiet["definition"] = [1.0, 2.0], [4.0, 8.0]
    figures = {figure.name: figure for figure in lsp.beside(Server("peer", ()), [quick], [slow])}
    assert figures["peer: right answers at event places"].value == 0.5
    share = figures["ours / peer: definition p95"]
    assert (share.value, share.peer, share.bound) == (0.25, True, 1.0)


def test_a_peer_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(lsp.INSTALL, raising=False)
    monkeypatch.setitem(lsp.PEERS, "peer", ("no-such-server",))
    assert lsp._peer(Bench(scratch=tmp_path), "peer") is None


def test_a_wrong_answer_misses_the_bound() -> None:
    figures: dict[str, Figure] = {
        figure.name: figure for figure in lsp._answers("ours", [Told(asked=10, right=9)], bounds=True)
    }
    assert figures["ours: right answers"].is_missed(small=False)


def test_fifty_positions_were_read() -> None:
    rows = positions_read.rows()
    assert len(rows) == 50
    assert {row.tree for row in rows} == {"homeassistant", "wagtail"}


def test_what_the_script_has_otherwise_than_was_read_is_told() -> None:
    row = positions_read.Row("wagtail", "references", "a.py", 3, 4, [("a.py", 3)], [("b.py", 1)])
    both = frozenset([("a.py", 3), ("b.py", 1)])
    asked = Asked("wagtail", "references", "a.py", 3, 4, "begun", frozenset([("a.py", 3)]), both)
    assert positions_read.judged("wagtail", [asked], [row]) == (1, [])
    for other in (asked._replace(must=both), asked._replace(may=asked.must), asked._replace(line=4)):
        assert positions_read.judged("wagtail", [other], [row]) == (1, [row])
