"""`pubsub-tools dlq`, by its words and by its JSON; the application runs as another process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from pubsub_devtools_cli.failure import Failure
from pubsub_devtools_cli.when import ago, point

if TYPE_CHECKING:
    from collections.abc import Callable

SHOP = """
import os
import time
from pubsub_devtools import BaseEvent, EventBus, event_handler
from pubsub_devtools.resilience.dead_letters.filing import DeadLetters
from pubsub_devtools.resilience.failed import FailedDelivery
from pubsub_devtools.resilience.stores.local import LocalStores


class OrderPlaced(BaseEvent):
    order_id: str


@event_handler(OrderPlaced)
def write(event: OrderPlaced) -> None:
    if event.order_id not in os.environ.get("FIXED", ""):
        raise OSError(f"no route for {event.order_id}")
    print("wrote", event.order_id)


@event_handler(OrderPlaced)
async def count(event: OrderPlaced) -> None:
    print("counted", event.order_id)


bus = EventBus(source="shop")
bus.include(write, count)


def fail(stores, *orders, handler="shop.write", at=None):
    letters = DeadLetters(stores.dead_letters)
    for order in orders:
        event = OrderPlaced(order)
        try:
            write(event)
        except OSError as error:
            when = time.time() if at is None else at
            letters.put(FailedDelivery(handler, event, None, error, 4, when, when))


if __name__ == "__main__":
    stores = LocalStores()
    fail(stores, "o-1", "o-2")
    fail(stores, "o-3", handler="shop.count", at=1_600_000_000.0)
    stores.close()
"""


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "shop.py").write_text(SHOP)
    return tmp_path


@pytest.fixture(scope="module")
def after_failures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the shop leaves behind that runs in a process of its own."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "pyproject.toml").write_text("")
    (folder / "shop.py").write_text(SHOP)
    subprocess.run([sys.executable, "shop.py"], cwd=folder, check=True, timeout=60)
    return folder


@pytest.fixture
def failed(project: Path, after_failures: Path) -> Path:
    shutil.copytree(after_failures / ".pubsub", project / ".pubsub")
    return project


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run the command line in this process, in the project's folder."""
    from pubsub_devtools_cli.main import run as run_here

    def dlq(project: Path, *arguments: str) -> Done:
        monkeypatch.chdir(project)
        capsys.readouterr()
        return Done(run_here(["dlq", *arguments]), *capsys.readouterr())

    return dlq


def process(project: Path, *arguments: str, **environment: str) -> Done:
    """The command line as a user starts it, in a process of its own."""
    program = "from pubsub_devtools_cli.main import main; main()"
    command = [sys.executable, "-c", program, "dlq", *arguments]
    env = {**os.environ, **environment}
    done = subprocess.run(
        command, cwd=project, env=env, text=True, capture_output=True, check=False, timeout=60
    )
    return Done(done.returncode, done.stdout, done.stderr)


def letters(run: Callable[..., Done], project: Path, *arguments: str) -> list[dict[str, object]]:
    return json.loads(run(project, "list", "--json", *arguments).stdout)["letters"]


def test_where_nothing_failed_it_says_where_it_looked_and_what_to_do(run, project):
    for command in ("list", "causes"):
        done = run(project, command)
        assert (done.returncode, done.stdout) == (0, "")
        assert ".pubsub/state.sqlite3 does not exist: nothing was filed yet" in done.stderr
        assert "dlq=True" in done.stderr
        assert not (project / ".pubsub").exists()
    assert json.loads(run(project, "list", "--json").stdout) == {"total": 0, "letters": []}
    assert run(project, "show", "a1").returncode == 2
    assert run(project, "replay", "--all", "--dry-run").returncode == 0


def test_letters_are_listed_the_last_failed_first(run, failed):
    done = run(failed, "list")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["Letter", "Event", "Handler", "Error", "Attempts", "Failed", "Cause"]
    assert "OrderPlaced" in lines[2]
    assert "OSError: no route for o-" in lines[2]
    assert "shop.count" in lines[4]
    assert "3 dead letters." in done.stdout
    assert "2 of 3 dead letters." in run(failed, "list", "--limit", "2").stdout


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["--handler", "write"], 2),
        (["--event", "OrderPlaced"], 3),
        (["--since", "2021-01-01"], 2),
        (["--until", "2021-01-01"], 1),
        (["--since", "10 h ago"], 2),
        (["--cause", "ffffffffffff"], 0),
        (["--key", "none"], 0),
    ],
)
def test_filters(run, failed, arguments, count):
    assert len(letters(run, failed, *arguments)) == count


def test_hostile_messages_are_shown_as_they_are_and_do_nothing(run, project):
    hostile = "[/red] :smile: \\x1b]0;owned\\x07\\u202e"
    script = f"from shop import *; stores = LocalStores(); fail(stores, '{hostile}'); stores.close()"
    subprocess.run([sys.executable, "-c", script], cwd=project, check=True, timeout=60)
    (letter,) = letters(run, project)
    for arguments in (["list"], ["causes"], ["show", str(letter["id"])], ["replay", "--all", "--dry-run"]):
        done = run(project, *arguments)
        assert done.returncode == 0
        assert not {"\x1b", "\x07", "\u202e"} & {*done.stdout, *done.stderr}
        assert arguments[0] == "replay" or "[/red] :smile: " in done.stdout


def test_a_filter_that_meets_none_says_so(run, failed):
    done = run(failed, "list", "--handler", "none")
    assert (done.returncode, done.stdout) == (0, "")
    assert "None of 3 dead letters is meant" in done.stderr


def test_causes_are_grouped(run, failed):
    done = json.loads(run(failed, "causes", "--json").stdout)
    (cause,) = done["causes"]
    assert (cause["count"], cause["error_type"], cause["handlers"]) == (
        3,
        "OSError",
        ["shop.count", "shop.write"],
    )
    assert "Once a cause is fixed" in run(failed, "causes").stdout


def test_one_letter_is_shown_in_full_by_the_beginning_of_its_id(run, failed):
    (one, *_) = letters(run, failed, "--handler", "write")
    done = run(failed, "show", str(one["id"])[:10])
    for words in (
        "Dead letter",
        "OrderPlaced",
        "shop.write",
        '"order_id"',
        "OSError: no route for o-",
        "shop.py",
    ):
        assert words in done.stdout
    shown = json.loads(run(failed, "show", str(one["id"]), "--json").stdout)
    assert shown["body"]["order_id"] == "o-1" or shown["body"]["order_id"] == "o-2"
    assert shown["audit"] == []


def test_a_letter_that_is_unknown_or_ambiguous_is_an_error_of_usage(run, failed):
    unknown = run(failed, "show", "zz")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "there is no dead letter zz\n  `dlq list`" in unknown.stderr
    ambiguous = run(failed, "show", "")
    assert ambiguous.returncode == 2
    assert ambiguous.stderr.count("OrderPlaced") == 3


def test_a_dry_run_names_the_handlers_and_calls_none(run, failed):
    done = process(failed, "replay", "--all", "--dry-run", "--app", "shop:bus", FIXED="o-1 o-2 o-3")
    assert "shop.write" in done.stdout
    assert "3 dead letters would be replayed; nothing was called." in done.stdout
    assert "wrote" not in done.stdout
    without_app = process(failed, "replay", "--handler", "write", "--dry-run", "--json")
    assert json.loads(without_app.stdout)["letters"] == 2
    assert len(letters(run, failed)) == 3


def test_a_replay_calls_handlers_keeps_what_fails_again_and_is_told_in_the_audit(run, failed):
    done = process(failed, "replay", "--all", "--app", "shop:bus", "--rate", "1000", FIXED="o-1")
    assert done.returncode == 1
    assert "wrote o-1" in done.stdout
    assert "counted o-3" in done.stdout
    assert "2 replayed, 1 failed again." in done.stdout
    (left,) = letters(run, failed)
    assert (left["attempts"], left["replays"]) == (5, 1)
    shown = run(failed, "show", str(left["id"])).stdout
    assert "and 1 replays" in shown
    assert "failed again by " in shown
    again = process(failed, "replay", str(left["id"]), "--app", "shop:bus", "--json", FIXED="o-2")
    assert (again.returncode, json.loads(again.stdout.partition("\n")[2])["replayed"]) == (0, 1)
    assert letters(run, failed) == []
    assert "no event has failed for good" in run(failed, "list").stderr


def test_a_replay_says_what_it_needs(run, failed):
    which = process(failed, "replay", "--app", "shop:bus")
    assert (which.returncode, "give their ids, a filter such as --cause, or --all" in which.stderr) == (
        2,
        True,
    )
    app = process(failed, "replay", "--all")
    assert (app.returncode, "--app module:bus" in app.stderr) == (2, True)
    when = process(failed, "replay", "--since", "soon", "--app", "shop:bus")
    assert (when.returncode, "--since 'soon' is no point in time" in when.stderr) == (2, True)


def test_dropping_needs_a_reason_and_a_choice(run, failed):
    assert run(failed, "drop", "--all").returncode == 2
    assert run(failed, "drop", "--reason", "x").returncode == 2
    done = run(failed, "drop", "--handler", "count", "--reason", "counted by hand")
    assert done.stdout == "Dropped 1.\n"
    assert len(letters(run, failed)) == 2


def test_state_that_cannot_be_read_ends_with_3_and_the_way_out(run, project):
    (project / "elsewhere").mkdir()
    (project / "elsewhere" / "state.sqlite3").write_bytes(b"no database, but long enough to look" * 100)
    done = run(project, "list", "--state-dir", "elsewhere")
    assert done.returncode == 3
    assert "elsewhere/state.sqlite3: it is damaged" in done.stderr


NOW = datetime(2030, 1, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h ago", "2030-01-31T10:00:00"),
        ("90s", "2030-01-31T11:58:30"),
        ("15 min ago", "2030-01-31T11:45:00"),
        ("3 days ago", "2030-01-28T12:00:00"),
        ("1.5 hours ago", "2030-01-31T10:30:00"),
        ("2w ago", "2030-01-17T12:00:00"),
        ("Now", "2030-01-31T12:00:00"),
        ("today", "2030-01-31T00:00:00"),
        ("yesterday", "2030-01-30T00:00:00"),
        ("2030-01-01", "2030-01-01T00:00:00"),
        ("2030-01-01 14:00", "2030-01-01T14:00:00"),
        ("2030-01-01T14:00:00+02:00", "2030-01-01T12:00:00"),
    ],
)
def test_points_in_time(text, expected):
    assert point(text, "--since", NOW) == datetime.fromisoformat(expected).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize("text", ["", "soon", "2 moons ago", "ago", "2030-13-01", "s"])
def test_what_is_no_point_in_time_names_the_option_and_some_that_are(text):
    with pytest.raises(Failure, match=r"--since .* is no point in time") as refused:
        point(text, "--since", NOW)
    assert '"2h ago"' in refused.value.details[0]


def test_how_long_ago():
    assert [ago(0, seconds) for seconds in (0, 59, 60, 3599, 86_399, 90_000)] == [
        "just now", "59 s ago", "1 min ago", "59 min ago", "23 h ago", "1 d ago",
    ]  # fmt: skip
