"""Fields follow edits file by file, and are remembered between runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pubsub_devtools_analysis.fields.bodies import Bodies
from pubsub_devtools_analysis.host import AnalysisHost
from tests.analysis.fields.workspace import EMITTER, write

APP = f"{EMITTER}from stores import store\n\n\n@ee.on('order')\ndef on_order(m):\n    store(m)\n"
OTHER = f"{EMITTER}@ee.on('other')\ndef on_other(m):\n    print(m.other)\n"
STORES = "def store(order):\n    print(order.{0})\n"


def reads(host: AnalysisHost) -> dict[str, list[str]]:
    """What each handler reads."""
    return {
        site.symbol: [use.name for use in site.reads]
        for site in host.with_fields().sites
        if site.kind == "handle"
    }


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    project = tmp_path / "project"
    write(project, {"app.py": APP, "other.py": OTHER, "stores.py": STORES.format("total")})
    return project


def test_an_edit_of_a_function_that_gets_the_message(root: Path) -> None:
    with AnalysisHost.open(root, use_cache=False) as host:
        assert reads(host) == {"on_order": ["total"], "on_other": ["other"]}
        host.update("stores.py", STORES.format("sku").encode())
        assert reads(host) == {"on_order": ["sku"], "on_other": ["other"]}
        host.update("stores.py", None)
        assert reads(host) == {"on_order": [], "on_other": ["other"]}
        host.update("stores.py", ("\n\n" + STORES.format("back")).encode())
        assert reads(host) == {"on_order": ["back"], "on_other": ["other"]}


def test_an_edit_of_the_handler(root: Path) -> None:
    with AnalysisHost.open(root, use_cache=False) as host:
        reads(host)
        host.update("app.py", APP.replace("store(m)", "print(m.here)").encode())
        assert reads(host)["on_order"] == ["here"]


def test_only_what_an_edit_bears_on_is_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    before = Bodies._text

    def counted(self: Bodies, path: str) -> object:
        parsed.append(path)
        return before(self, path)

    monkeypatch.setattr(Bodies, "_text", counted)
    with AnalysisHost.open(root, use_cache=False) as host:
        reads(host)
        assert sorted(parsed) == ["app.py", "other.py", "stores.py"]
        parsed.clear()
        host.update("stores.py", STORES.format("sku").encode())
        reads(host)
        assert "other.py" not in parsed


def test_the_next_run_remembers(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in root.iterdir():
        os.utime(path, (1, 1))  # what has just been written may be written again within the clock's grain
    with AnalysisHost.open(root) as host:
        first = host.with_fields()
    monkeypatch.setattr(Bodies, "_text", None)
    with AnalysisHost.open(root) as host:
        assert host.with_fields() == first
