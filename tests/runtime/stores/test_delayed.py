"""Delayed attempts: one suite for the stores in memory and in SQLite."""

import asyncio
import math

import pytest
from msgspec.structs import replace

from pubsub_devtools.resilience.delayed import DelayedAttempt, MemoryDelayedAttempts
from pubsub_devtools.resilience.stores.sqlite_delayed import SqliteDelayedAttempts
from pubsub_devtools.storage.sqlite import Database

from ..dead_letters.letters import LetterSent, envelope


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    if request.param == "memory":
        yield MemoryDelayedAttempts()
        return
    database = Database(tmp_path / "state.sqlite3")
    yield SqliteDelayedAttempts(database)
    database.close()


EVENT = LetterSent("o-1", 7)


def attempt(id="1", due=60.0, **other):
    return DelayedAttempt(id, "shop.mail.write", EVENT, envelope(EVENT, "k"), due=due, **other)


def test_an_attempt_comes_back_as_it_was_once_it_is_due(store):
    kept = attempt(attempt=2, began=5.0, first_failed=6.0, error="OSError: no", why="rate_limit")
    store.add(kept)
    assert store.next_due() == 60.0
    assert store.due(59.9) == []
    (taken,) = store.due(60.0)
    assert taken == replace(kept, taken=1)
    assert taken.event.id == EVENT.id
    assert store.due(1e9) == []
    assert store.next_due() is None
    store.remove("1")
    store.remove("none")


def test_the_earliest_come_first_and_no_more_than_asked_for(store):
    for id, due in (("c", 3.0), ("a", 1.0), ("b", 2.0), ("later", 99.0)):
        store.add(attempt(id, due))
    assert [one.id for one in store.due(10.0, limit=2)] == ["a", "b"]
    assert [one.id for one in store.due(10.0, limit=2)] == ["c"]
    assert store.next_due() == 99.0


def test_a_lease_that_ends_makes_it_due_again(store):
    store.add(attempt())
    assert len(store.due(60.0, lease=30.0)) == 1
    assert store.next_due() == 90.0
    assert store.due(89.0, lease=30.0) == []
    assert [one.taken for one in store.due(90.0, lease=math.inf)] == [2]


def test_a_successor_takes_its_place(store):
    store.add(attempt())
    (taken,) = store.due(60.0)
    store.add(replace(taken, due=120.0, attempt=1, taken=0))
    assert store.next_due() == 120.0
    assert [(one.attempt, one.taken) for one in store.due(120.0)] == [(1, 1)]


def test_who_watches_hears_of_what_is_added(store):
    heard = []
    store.watch(heard.append)
    store.add(attempt())
    if hasattr(store, "add_async"):
        asyncio.run(store.add_async(attempt("2", 61.0)))
        assert heard == [60.0, 61.0]
    assert heard[0] == 60.0


def test_what_cannot_be_read_here_is_kept_and_told(tmp_path, caplog):
    class Broken:
        def __init__(self, codec):
            self.encode = codec.encode

        def decode(self, stored):
            raise LookupError("no class")

    path = tmp_path / "state.sqlite3"
    first = Database(path)
    SqliteDelayedAttempts(first).add(attempt("1"))
    from pubsub_devtools.resilience.codec import JsonEventCodec

    assert SqliteDelayedAttempts(first, Broken(JsonEventCodec())).due(60.0) == []
    assert f"shop.mail.write on LetterSent {EVENT.id} cannot be read here; it is kept" in caplog.text
    first.close()
    second = Database(path)
    assert [one.taken for one in SqliteDelayedAttempts(second).due(60.0)] == [2]
    second.close()


def test_an_attempt_that_was_taken_when_its_process_ended_is_due_at_once(tmp_path):
    first = Database(tmp_path / "state.sqlite3")
    SqliteDelayedAttempts(first).add(attempt())
    assert len(SqliteDelayedAttempts(first).due(60.0, lease=math.inf)) == 1
    second = Database(tmp_path / "state.sqlite3")
    store = SqliteDelayedAttempts(second)
    assert store.next_due() is None
    assert store.due(1e9) == []
    first.close()
    assert store.next_due() == 60.0
    assert [one.taken for one in store.due(60.0)] == [2]
    second.close()
