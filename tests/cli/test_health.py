"""`pubsub-tools health` as one process, against the shop running as another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPOSITORY = Path(__file__).parents[2]

CLI = "from pubsub_devtools_cli.main import main; main()"

SHOP = """
import sys
from examples.shop.shop import open_shop
from pubsub_devtools.bus.control import Check, Control

def stock() -> Check:
    return Check("stock", sys.argv[1], "as the test wants it")

shop = open_shop(lambda department, text: None)
with Control(shop.bus, probes=(stock,), tcp=len(sys.argv) > 2):
    shop.desk.place_order("o-1", "ada", "teapot", 2)
    print("open", flush=True)
    sys.stdin.read()
"""


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(_REPOSITORY)])}
    return subprocess.run(
        [sys.executable, "-c", CLI, *args],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.pubsub-devtools]\n")
    (tmp_path / "app.py").write_text("from pubsub_devtools import EventBus\nbus = EventBus(source='shop')\n")
    (tmp_path / "other.py").write_text(
        "from pubsub_devtools import EventBus\nbus = EventBus(source='bank')\n"
    )
    return tmp_path


def opened(folder: Path, *args: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(_REPOSITORY)])}
    process = subprocess.Popen(
        [sys.executable, "-c", SHOP, *args],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


@pytest.fixture(params=[(), ("tcp",)], ids=["unix", "tcp"])
def shop(folder: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    process = opened(folder, "ok", *request.param)
    yield folder
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert list((folder / ".pubsub/control").iterdir()) == []


def test_a_healthy_shop(shop: Path) -> None:
    result = run(shop, "health", "check")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("shop (process ")
    for line in (
        "healthy",
        "ok    process       reachable",
        "ok    handlers      ",
        "ok    queue         0 events wait",
        "ok    dead letters  none",
        "ok    breakers      none is open",
        "ok    store         ",
        "ok    stock         as the test wants it",
    ):
        assert line in result.stdout


def test_the_same_as_json_and_the_metrics(shop: Path) -> None:
    told = json.loads(run(shop, "health", "check", "--json", "--app", "app:bus").stdout)
    assert told["healthy"] is True
    assert [check["name"] for check in told["processes"][0]["checks"]] == [
        "handlers",
        "queue",
        "dead letters",
        "breakers",
        "store",
        "stock",
    ]
    metrics = json.loads(run(shop, "health", "metrics", "--json").stdout)["processes"][0]["metrics"]
    assert metrics["published"]["OrderPlaced"] == 1
    assert sum(counts["executed"] for counts in metrics["handlers"].values()) > 3
    text = run(shop, "health", "metrics").stdout
    assert "OrderPlaced: 1 published" in text
    assert "ms on average" in text


def test_another_bus_than_the_one_that_runs(shop: Path) -> None:
    result = run(shop, "health", "check", "--app", "other:bus")
    assert result.returncode == 3
    assert "no process of bank can be reached" in result.stderr
    assert "there are those of shop" in result.stderr


def test_an_unhealthy_shop(folder: Path) -> None:
    process = opened(folder, "fail")
    try:
        result = run(folder, "health", "check")
        assert result.returncode == 1
        assert "not healthy" in result.stdout
        assert "fail  stock" in result.stdout
    finally:
        process.communicate(timeout=30)


def test_what_a_killed_process_left_is_no_process(folder: Path) -> None:
    process = opened(folder, "ok")
    process.kill()
    process.communicate(timeout=30)
    result = run(folder, "health", "check")
    assert result.returncode == 3
    assert "no running process can be reached" in result.stderr
    assert "Control(bus)" in result.stderr
    assert list((folder / ".pubsub/control").iterdir()) == []


def test_wrong_usage(folder: Path) -> None:
    assert run(folder, "health", "check", "--app", "app:nothing").returncode == 2
    assert run(folder, "health", "chekc").returncode == 2
