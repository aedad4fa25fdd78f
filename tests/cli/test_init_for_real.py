"""`init` from end to end: a hand-written bus is proposed, written, and sure from then on."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from pubsub_devtools_cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

BUS = """
    class MessageBus:
        def __init__(self):
            self._handlers = {}

        def subscribe(self, event_type, handler):
            self._handlers.setdefault(event_type, []).append(handler)

        def publish(self, event):
            for handler in self._handlers.get(type(event), []):
                handler(event)
"""
SHOP = """
    from shop.bus import MessageBus

    class Paid: ...

    def pack(event): ...

    bus = MessageBus()
    bus.subscribe(Paid, pack)

    def pay():
        bus.publish(Paid())
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = tmp_path / "shop"
    package.mkdir()
    for name, text in {"__init__": "", "bus": BUS, "orders": SHOP}.items():
        (package / f"{name}.py").write_text(dedent(text).lstrip(), "utf-8")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sites(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """The certainty of each site."""
    assert run(["graph", "--json"]) == 0
    return {
        site["id"]: site.get("certainty", "sure") for site in json.loads(capsys.readouterr().out)["sites"]
    }


def test_a_hand_written_bus_becomes_sure(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sites(capsys)
    assert set(before.values()) == {"likely"}
    assert run(["init", "--yes"]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        "custom_bus: 3 sites",
        "Hand-written bus MessageBus  shop/bus.py:1: `subscribe` keeps a handler under `event_type`,"
        " `publish` calls the handlers of `event`",
        "  3 likely sites will be sure, once it is configured",
    ]
    assert "Wrote pyproject.toml." in told.err
    assert sites(capsys) == dict.fromkeys(before, "sure")


def test_a_second_time_nothing_is_proposed(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--yes"]) == 0
    written = (shop / "pyproject.toml").read_text("utf-8")
    capsys.readouterr()
    assert run(["init", "--yes"]) == 0
    assert capsys.readouterr().out.splitlines() == ["custom_bus: 3 sites", "Nothing needs to be configured."]
    assert (shop / "pyproject.toml").read_text("utf-8") == written
