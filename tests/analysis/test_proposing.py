"""What `init` proposes for hand-written buses beyond their forms: hostile names, what cannot be said, later changes."""

from __future__ import annotations

import tomllib
from pathlib import Path
from textwrap import dedent

import pytest

from pubsub_devtools_analysis.analysis import analyze, propose
from pubsub_devtools_analysis.dialect_text import written
from pubsub_devtools_analysis.host import AnalysisHost
from tests.analysis.acceptance import accept, assert_same_but_sure

BUS = """
    class Bus:
        def __init__(self):
            self._handlers = {}

        def subscribe(self, event, handler):
            self._handlers.setdefault(event, []).append(handler)

        def publish(self, event, payload):
            for handler in self._handlers.get(event, []):
                handler(payload)
"""
USE = """
    from {module} import Bus

    bus = Bus()

    def pack(order): ...

    bus.subscribe("paid", pack)
    bus.publish("paid", 1)
"""


def put(root: Path, **texts: str) -> None:
    for name, text in texts.items():
        (root / f"{name}.py").write_text(dedent(text).lstrip(), "utf-8")


def test_a_bus_is_named_with_its_place_and_reason(tmp_path: Path) -> None:
    put(tmp_path, bus=BUS, shop=USE.format(module="bus"))
    (bus,) = propose(tmp_path).buses
    assert (bus.name, bus.place.path, bus.place.line, bus.sites, bus.left) == ("Bus", "bus.py", 1, 2, "")
    assert bus.why == "`subscribe` keeps a handler under `event`, `publish` calls the handlers of `event`"
    (table,) = tomllib.loads(bus.toml)["tool"]["pubsub-devtools"]["dialects"]
    assert table == {
        "name": "custom_bus",
        "title": "Bus",
        "doc": bus.why,
        "handle": [
            {"function": ["bus.Bus.subscribe"], "event": {"argument": ["event"]}, "handler": ["handler"]}
        ],
        "publish": [{"function": ["bus.Bus.publish"], "event": {"argument": ["event"]}}],
    }


def test_a_bus_that_no_one_uses_is_not_proposed(tmp_path: Path) -> None:
    put(tmp_path, bus=BUS)
    assert propose(tmp_path).buses == ()


@pytest.mark.parametrize("folder", ['a"b', "it's", "x\\y", "\x1b[31mred", "new\nline", "\u202ertl", "snow ☃"])
def test_names_of_folders_are_harmless(tmp_path: Path, folder: str) -> None:
    inner = tmp_path / folder
    inner.mkdir()
    (inner / "__init__.py").write_text("")
    put(inner, bus=BUS, shop=USE.format(module=".bus"))
    accepted = accept(tmp_path)
    assert_same_but_sure(accepted)
    assert len(accepted.proposal.buses) == 1
    assert [c for c in accepted.proposal.toml if not c.isprintable() and c != "\n"] == []


def test_what_cannot_be_said_is_named_with_the_reason(tmp_path: Path) -> None:
    text = (
        dedent(BUS) + "    fire = lambda self, event, payload: [h(payload) for h in self._handlers[event]]\n"
    )
    put(tmp_path, bus=text, shop=USE.format(module="bus"))
    accepted = accept(tmp_path)
    (bus,) = accepted.proposal.buses
    assert bus.toml
    assert "a lambda has no name that a setting could give; write a function" in bus.left
    assert {s.id for s in accepted.before.sites} == {s.id for s in accepted.after.sites}


def test_two_services_with_modules_of_one_name(tmp_path: Path) -> None:
    for service in ("orders", "billing"):
        folder = tmp_path / service
        folder.mkdir()
        (folder / "pyproject.toml").write_text(f'[project]\nname = "{service}"\n')
        put(folder, bus=BUS, shop=USE.format(module="bus"))
    accepted = accept(tmp_path)
    assert len(accepted.before.sites) == 4
    assert_same_but_sure(accepted)


def test_a_description_that_speaks_of_nothing_is_told(tmp_path: Path) -> None:
    put(tmp_path, bus=BUS, shop=USE.format(module="bus"))
    toml = propose(tmp_path).toml
    (tmp_path / "pyproject.toml").write_text(toml.replace("Bus.subscribe", "Bus.subscrib"))
    (problem,) = analyze(tmp_path, use_cache=False).problems
    assert problem.message == "There is no bus.Bus.subscrib with such parameters: correct the dialect."
    assert (problem.path, problem.code) == ("pyproject.toml", "dialect-stale")


def test_a_described_bus_is_kept_up_to_date(tmp_path: Path) -> None:
    put(tmp_path, bus=BUS, shop=USE.format(module="bus"))
    (tmp_path / "pyproject.toml").write_text(propose(tmp_path).toml)
    native = "class Bus:\n    def subscribe(self, event, handler): ...\n    def publish(self, event, payload): ...\n"
    with AnalysisHost.open(tmp_path, use_cache=False) as host:
        first = host.snapshot()
        host.update("bus.py", None)
        assert host.snapshot().sites == ()
        host.update("bus.py", native.encode())
        assert [s.id for s in host.snapshot().sites] == [s.id for s in first.sites]
        host.update("bus.py", native.replace("publish", "tell").encode())
        assert [site.kind for site in host.snapshot().sites] == ["handle"]


@pytest.mark.parametrize(
    "text", ["", 'a"b', "back\\slash", "\x00\x1f\x7f", "\n\r\t", "☃", "\u202e", "\U0001f600"]
)
def test_a_text_is_read_back_as_it_was_written(text: str) -> None:
    assert tomllib.loads(f"x = {written([text, True, 1])}") == {"x": [text, True, 1]}
