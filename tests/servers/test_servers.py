"""The servers that other tests rely on really start, are fresh for each test, and end with the run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import running
from tests.servers.sharing import shared

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_postgresql_database_of_its_own(postgresql_url, turn):
    import psycopg

    with psycopg.connect(postgresql_url) as connection:
        connection.execute("CREATE TABLE once (id integer)")
        assert connection.execute("SHOW server_version").fetchone()


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_an_empty_redis(redis_url, turn):
    from redis import Redis

    with Redis.from_url(redis_url) as connection:
        assert connection.dbsize() == 0
        connection.set("once", 1)


def test_the_first_starts_and_the_last_stops(tmp_path):
    started = []

    def start():
        folder = running.scratch_folder("sleep")
        started.append(running.Server(0, running.launch(["sleep", "600"], folder), str(folder)))
        return started[-1]

    with shared(tmp_path, "sleep", start) as first:
        with shared(tmp_path, "sleep", start) as second:
            assert second == first
        assert running.is_alive(first.pid)
    assert not running.is_alive(first.pid)
    assert len(started) == 1


KILLED = """
import os, time
from tests.servers import running

def test_it():
    folder = running.scratch_folder("killed")
    pid = running.launch(["sleep", "600"], folder)
    with open("{note}.new", "w") as note:
        note.write(f"{{pid}} {{folder}}")
    os.rename("{note}.new", "{note}")
    time.sleep(600)
"""


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["alone", "in a worker"])
def test_a_server_ends_with_a_run_that_is_killed(tmp_path, workers):
    note, module = tmp_path / "note", tmp_path / "test_killed_run.py"
    module.write_text(KILLED.format(note=note))
    environment = {name: value for name, value in os.environ.items() if "XDIST" not in name}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [environment.get("PYTHONPATH")])])
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        os.devnull,
        f"--rootdir={tmp_path}",
        *workers,
        str(module),
    ]
    run = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until(note.exists, 60)
        pid, folder = note.read_text().split()
        assert running.is_alive(int(pid))
    finally:
        run.kill()
        run.wait()
    until(lambda: not running.is_alive(int(pid)) and not Path(folder).exists(), 30)


def until(is_so, seconds):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_server_that_does_not_start_shows_its_log():
    folder = running.scratch_folder("broken")
    pid = running.launch(["sh", "-c", "echo no room; exit 1"], folder)
    with pytest.raises(RuntimeError, match="no room"):
        running.wait_until(lambda: False, running.Server(0, pid, str(folder)))
