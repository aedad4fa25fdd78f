"""One suite for every store of what handlers have seen and of shared states, on real servers."""

import asyncio
import math
import sys
import threading

import pytest

from pubsub_devtools.resilience.seen import Claim, MemorySeen, UnderWay
from pubsub_devtools.resilience.states import MemoryStates, update
from pubsub_devtools.resilience.stores.extras import StoreUnavailableError, driver
from pubsub_devtools.resilience.stores.postgresql import PostgresDatabase, PostgresSeen, PostgresStates
from pubsub_devtools.resilience.stores.redis import RedisSeen, RedisServer, RedisStates
from pubsub_devtools.resilience.stores.sqlite import SqliteSeen, SqliteStates
from pubsub_devtools.storage.sqlite import Database

CLAIMED, SEEN = Claim.CLAIMED, Claim.SEEN
KINDS = ["memory", "sqlite", "postgresql", "redis"]


@pytest.fixture(params=KINDS)
def stores(request, tmp_path):
    match request.param:
        case "memory":
            yield MemorySeen(), MemoryStates()
            return
        case "sqlite":
            shared = Database(tmp_path / "state.sqlite3")
            yield SqliteSeen(shared), SqliteStates(shared)
        case "postgresql":
            shared = PostgresDatabase(request.getfixturevalue("postgresql_url"))
            yield PostgresSeen(shared), PostgresStates(shared)
        case "redis":
            shared = RedisServer(request.getfixturevalue("redis_url"))
            yield RedisSeen(shared), RedisStates(shared)
    shared.close()


@pytest.fixture
def seen(stores):
    return stores[0]


@pytest.fixture
def states(stores):
    return stores[1]


def test_an_event_is_claimed_once_until_the_claim_ends(seen):
    assert seen.claim("h", "1", now=0.0, until=60.0) is CLAIMED
    assert seen.claim("h", "1", now=59.9, until=120.0) == UnderWay(60.0)
    assert seen.claim("other", "1", now=0.0, until=60.0) is CLAIMED
    assert seen.claim("h", "2", now=0.0, until=60.0) is CLAIMED
    assert seen.claim("h", "1", now=60.0, until=120.0) is CLAIMED
    assert seen.claim("h", "1", now=60.0, until=180.0) == UnderWay(120.0)


def test_when_a_claim_ends_is_told_exactly(seen):
    until = 1_764_000_000.123457 + 1 / 3
    assert seen.claim("h", "1", now=until - 60, until=until) is CLAIMED
    assert seen.claim("h", "1", now=until - 1, until=until + 60) == UnderWay(until)


def test_what_is_confirmed_is_known_until_its_time(seen):
    assert seen.claim("h", "1", now=0.0, until=60.0) is CLAIMED
    assert seen.confirm("h", "1", until=60.0, seen_until=3600.0)
    assert seen.claim("h", "1", now=1.0, until=61.0) is SEEN
    assert seen.claim("h", "1", now=3599.0, until=4000.0) is SEEN
    assert seen.claim("h", "1", now=3600.0, until=3660.0) is CLAIMED


def test_what_is_released_can_be_claimed_again(seen):
    assert seen.claim("h", "1", now=0.0, until=60.0) is CLAIMED
    seen.release("h", "1", until=60.0)
    assert seen.claim("h", "1", now=1.0, until=61.0) is CLAIMED


def test_only_its_holder_confirms_or_releases_a_claim(seen):
    assert seen.claim("h", "1", now=0.0, until=60.0) is CLAIMED
    assert seen.claim("h", "1", now=60.0, until=120.0) is CLAIMED
    assert not seen.confirm("h", "1", until=60.0, seen_until=3600.0)
    seen.release("h", "1", until=60.0)
    assert seen.claim("h", "1", now=61.0, until=121.0) == UnderWay(120.0)
    assert seen.confirm("h", "1", until=120.0, seen_until=3600.0)
    seen.release("h", "1", until=120.0)
    seen.release("h", "1", until=3600.0)
    assert seen.claim("h", "1", now=200.0, until=260.0) is SEEN
    assert not seen.confirm("h", "none", until=60.0, seen_until=3600.0)


def test_a_claim_that_has_ended_and_that_nobody_took_can_still_be_confirmed(seen):
    assert seen.claim("h", "1", now=0.0, until=1.0) is CLAIMED
    assert seen.confirm("h", "1", until=1.0, seen_until=3600.0)


def test_what_is_known_for_ever(seen):
    assert seen.claim("h", "1", now=0.0, until=60.0) is CLAIMED
    assert seen.confirm("h", "1", until=60.0, seen_until=math.inf)
    assert seen.claim("h", "1", now=1e9, until=1e9 + 60) is SEEN


def test_of_many_at_once_one_gets_the_claim(seen):
    answers = []

    def claim(number):
        answers.extend(
            (event, seen.claim("h", str(event), now=0.0, until=60.0 + number)) for event in range(20)
        )

    threads = [threading.Thread(target=claim, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(event for event, answer in answers if answer is CLAIMED) == list(range(20))
    assert all(isinstance(answer, UnderWay) for _, answer in answers if answer is not CLAIMED)


def test_an_event_that_is_claimed_and_released_meanwhile_is_claimed_in_the_end(seen):
    """Whoever is refused is told by what: a claim may go between the refusal and the look at it."""

    def turns():
        done = 0
        for _ in range(40):
            if seen.claim("h", "1", now=0.0, until=60.0) is CLAIMED:
                seen.release("h", "1", until=60.0)
                done += 1
        counts.append(done)

    counts = []
    threads = [threading.Thread(target=turns) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == 4
    assert sum(counts) >= 1
    assert seen.claim("h", "1", now=0.0, until=60.0) is CLAIMED


def test_many_claims_sweep_what_is_past(seen):
    for number in range(1100):
        assert seen.claim("h", str(number), now=float(number), until=number + 0.5) is CLAIMED
    assert seen.claim("h", "1099", now=1099.2, until=1200.0) == UnderWay(1099.5)
    if hasattr(seen, "_opened"):
        rows = seen._opened.read(lambda c: c.execute("SELECT count(*) FROM seen_events").fetchone())
        assert rows[0] < 600


def test_claims_inside_a_loop(seen):
    if not hasattr(seen, "claim_async"):
        pytest.skip("it waits for nothing")

    async def main():
        got = await asyncio.gather(*(seen.claim_async("h", "1", 0.0, 60.0 + n) for n in range(10)))
        assert got.count(CLAIMED) == 1
        until = 60.0 + got.index(CLAIMED)
        assert got.count(UnderWay(until)) == 9
        await seen.release_async("h", "1", until)
        assert await seen.claim_async("h", "1", 0.0, 60.0) is CLAIMED
        return await seen.confirm_async("h", "1", 60.0, 3600.0)

    assert asyncio.run(main())


def test_a_state_is_swapped_only_where_it_is_what_was_expected(states):
    assert states.get("breaker") is None
    assert states.swap("breaker", None, None)
    assert states.swap("breaker", None, b"open\x00\xff")
    assert not states.swap("breaker", None, b"closed")
    assert not states.swap("breaker", None, None)
    assert not states.swap("breaker", b"other", b"closed")
    assert states.get("breaker") == b"open\x00\xff"
    assert states.swap("breaker", b"open\x00\xff", b"")
    assert states.get("breaker") == b""
    assert states.swap("breaker", b"", b"half")
    assert not states.swap("breaker", b"other", None)
    assert states.swap("breaker", b"half", None)
    assert states.get("breaker") is None
    assert not states.swap("breaker", b"half", b"open")
    assert states.get("other") is None


def test_no_update_is_lost_when_many_count_at_once(states):
    def step(state):
        count = int(state or 0) + 1
        return str(count).encode(), count

    def count():
        for _ in range(25):
            update(states, "count", step)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states.get("count") == b"100"


def test_states_inside_a_loop(states):
    if not hasattr(states, "get_async"):
        pytest.skip("it waits for nothing")

    async def main():
        got = await asyncio.gather(*(states.swap_async("k", None, str(n).encode()) for n in range(10)))
        assert sum(got) == 1
        return await states.get_async("k") == str(got.index(True)).encode()

    assert asyncio.run(main())


def test_a_server_that_is_away_is_named_without_its_password():
    with pytest.raises(
        StoreUnavailableError, match=r"redis://127\.0\.0\.1:1/0: .*look whether it runs"
    ) as refused:
        RedisStates(RedisServer("redis://ada:secret@127.0.0.1:1/0", timeout=0.5)).get("k")
    assert "secret" not in str(refused.value)


def test_postgresql_that_is_away_is_named(monkeypatch):
    database = PostgresDatabase("postgresql://ada:secret@127.0.0.1:1/shop")
    database._pool.timeout = 0.3
    with pytest.raises(
        StoreUnavailableError, match=r"postgresql://127\.0\.0\.1:1/shop: .*look whether it runs"
    ):
        PostgresStates(database).get("k")
    database.close()


def test_a_driver_that_is_missing_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(
        ModuleNotFoundError, match=r"needs psycopg: pip install 'pubsub-devtools\[postgresql\]'"
    ):
        driver("psycopg", "postgresql")
