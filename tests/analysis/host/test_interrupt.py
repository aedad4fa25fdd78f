"""Ctrl-C in the middle of a cold index: code 130, no traceback, no process left, a cache as sound as before."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench import synthetic

from .conftest import children, command, graph_of, kill, state, wait_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More than the workers are started for."""
    return synthetic.make(tmp_path_factory.mktemp("big") / "project", 2500)


def interrupt(process: subprocess.Popen[str], *, group: bool) -> list[int]:
    """What a terminal does to the whole group, or `kill -INT` to one process. Gives the workers of that moment."""
    workers = children(process.pid)
    os.kill(-process.pid if group else process.pid, signal.SIGINT)
    return workers


def wait_for_end(pids: list[int]) -> None:
    wait_for(lambda: all(state(pid) == "Z" for pid in pids))


def assert_ended(process: subprocess.Popen[str], workers: list[int]) -> None:
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, "", "")
    wait_for_end(workers)


@pytest.mark.parametrize("group", [True, False])
@pytest.mark.parametrize("seconds", [0.0, 0.3])
def test_while_workers_read(big: Path, seconds: float, group: bool) -> None:
    process = command("graph", big, "--json")
    wait_for(lambda: len(children(process.pid)) == 2)
    time.sleep(seconds)  # at once, while the workers start; and a little later, while they read
    workers = interrupt(process, group=group)
    assert workers
    assert_ended(process, workers)


def test_whenever_it_comes(big: Path) -> None:
    """From the first import to the last write: it ends as asked, or was done."""
    chance = random.Random(3)
    for _ in range(4):
        process = command("graph", big, "--json")
        time.sleep(chance.uniform(0, 1.5))  # where it hits is meant to vary
        workers = interrupt(process, group=True)
        _, err = process.communicate(timeout=20)
        assert process.returncode in (0, 130), err
        assert "Traceback" not in err
        wait_for_end(workers)
    assert graph_of(big, use_cache=True) == graph_of(big)


def test_a_killed_command_leaves_no_worker(big: Path) -> None:
    process = command("graph", big, "--json")
    wait_for(lambda: len(children(process.pid)) == 2)
    workers = children(process.pid)
    kill(process.pid)
    out, err = process.communicate(timeout=20)  # it is theirs too, so it ends when the last of them has
    assert (out, err) == ("", "")
    wait_for_end(workers)
