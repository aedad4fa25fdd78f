"""The servers that other tests rely on really start, are fresh for each test, and end with the run."""

from __future__ import annotations

import pytest

from tests.servers import running
from tests.servers.sharing import shared


@pytest.mark.parametrize("time", [1, 2])
def test_each_test_has_a_postgresql_database_of_its_own(postgresql_url, time):
    import psycopg

    with psycopg.connect(postgresql_url) as connection:
        connection.execute("CREATE TABLE once (id integer)")
        assert connection.execute("SHOW server_version").fetchone()


@pytest.mark.parametrize("time", [1, 2])
def test_each_test_has_an_empty_redis(redis_url, time):
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


def test_a_server_that_does_not_start_shows_its_log():
    folder = running.scratch_folder("broken")
    pid = running.launch(["sh", "-c", "echo no room; exit 1"], folder)
    with pytest.raises(RuntimeError, match="no room"):
        running.wait_until(lambda: False, running.Server(0, pid, str(folder)))
