"""Dead letters from end to end: an application that names no store, and the commands beside it as other processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

CLI = "from pubsub_devtools_cli.main import main; main()"

SHOP = """
import os
import sys

from pubsub_devtools import BaseEvent, EventBus, RetryPolicy, event_handler
from pubsub_devtools.bus.control import Control


class PaymentProcessing(BaseEvent):
    order_id: str


@event_handler("PaymentProcessing", dlq=True, retry=RetryPolicy(max_retries=3, immediate=3))
def charge(event: PaymentProcessing) -> None:
    if "FIXED" not in os.environ:
        raise ConnectionError(f"the bank does not answer for {event.order_id}")
    with open("charged", "a") as file:
        print(event.order_id, event.id, file=file)


bus = EventBus(source="shop")
bus.include(charge)

if __name__ == "__main__":
    with Control(bus):
        for order in ("o-1", "o-2"):
            event = PaymentProcessing(order)
            bus.publish(event)
            print(event.id, flush=True)
        sys.stdin.read()
"""


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CLI, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def asked(folder: Path, *arguments: str, **environment: str) -> Any:
    done = run(folder, *arguments, "--json", **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text('[tool.pubsub-devtools]\napp = "shop:bus"\n')
    (tmp_path / "shop.py").write_text(SHOP)
    return tmp_path


@pytest.fixture
def published(folder: Path) -> Iterator[list[str]]:
    """The ids of what the application has published; it runs on meanwhile."""
    process = subprocess.Popen(
        [sys.executable, "shop.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    yield [process.stdout.readline().strip() for _ in range(2)]
    process.stdin.close()
    process.stdout.close()
    assert process.wait(30) == 0


def test_who_only_imports_the_application_writes_nothing(folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", "import shop; shop.bus.publish(shop.PaymentProcessing('o-1'))"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "FIXED": "1"},
        check=True,
        timeout=60,
    )
    assert not (folder / ".pubsub").exists()


def test_what_fails_in_the_application_is_found_understood_and_replayed(
    folder: Path, published: list[str]
) -> None:
    listed = asked(folder, "dlq", "list")
    assert {letter["event_id"] for letter in listed["letters"]} == set(published)
    assert [letter["attempts"] for letter in listed["letters"]] == [4, 4]
    assert (folder / ".pubsub/.gitignore").is_file()

    shown = asked(folder, "dlq", "show", listed["letters"][0]["id"])
    assert shown["handler"] == "shop.charge"
    assert "the bank does not answer" in shown["message"]
    assert "in charge" in shown["traceback"]

    [cause] = asked(folder, "dlq", "causes")["causes"]
    assert cause["count"] == 2

    health = run(folder, "health", "check")
    assert "dead letters" in health.stdout
    assert "2" in health.stdout

    # Each of these is a process of its own, beside the application that still runs.
    planned = asked(folder, "dlq", "replay", "--all", "--dry-run")
    assert planned["letters"] == 2
    assert "shop.charge" in json.dumps(planned["handlers"])
    assert not planned["unknown"]
    assert run(folder, "dlq", "replay", "--all").returncode == 1
    assert [letter["attempts"] for letter in asked(folder, "dlq", "list")["letters"]] == [8, 8]

    report = asked(folder, "dlq", "replay", "--all", FIXED="1")
    assert (report["replayed"], report["failed"]) == (2, 0)
    charged = [line.split() for line in (folder / "charged").read_text().splitlines()]
    assert charged == [["o-1", published[0]], ["o-2", published[1]]]
    assert asked(folder, "dlq", "list")["total"] == 0


def test_a_replay_never_leaves_a_letter_to_an_attempt_that_ends_with_the_command(
    folder: Path, published: list[str]
) -> None:
    code = (folder / "shop.py").read_text()
    (folder / "shop.py").write_text(code.replace("immediate=3", "immediate=0, base_delay=60"))
    assert run(folder, "dlq", "replay", "--all").returncode == 1
    assert asked(folder, "dlq", "list")["total"] == len(published)
