"""One suite for every store of dead letters."""

import threading
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.resilience.dead_letters.letter import LetterFilter, Tally
from pubsub_devtools.resilience.dead_letters.memory import MemoryDeadLetters
from pubsub_devtools.resilience.dead_letters.sqlite import SqliteDeadLetters
from pubsub_devtools.resilience.dead_letters.store import EVERY
from pubsub_devtools.storage.sqlite import Database

from .letters import entry, letter


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    if request.param == "memory":
        yield MemoryDeadLetters()
        return
    database = Database(tmp_path / "state.sqlite3")
    yield SqliteDeadLetters(database)
    database.close()


def ids(letters):
    return [one.event_id for one in letters]


def claim_all(store, which=EVERY, run="run"):
    found = []
    while (taken := store.claim(which, run)) is not None:
        found.append(taken[1])
    return found


def test_a_letter_comes_back_as_it_was_filed(store):
    envelope = Envelope(
        "1",
        "LetterSent",
        "1.0.0",
        "shop",
        datetime(2030, 1, 1, tzinfo=UTC),
        "1",
        key="k",
        headers={"x": "y"},
    )
    filed = letter(envelope=envelope, key="k", sequenced=True, body=b"\x00\xff")
    assert store.add(filed) == filed
    assert store.get(filed.id) == filed
    assert store.find() == [filed]
    assert store.get("none") is None


def test_a_letter_that_is_filed_again_adds_up_and_keeps_its_place(store):
    store.add(letter("1", at=10.0))
    store.add(letter("2", at=11.0))
    again = store.add(letter("1", at=20.0, message="worse", attempts=2))
    assert (again.attempts, again.first_failed, again.last_failed, again.message) == (6, 10.0, 20.0, "worse")
    assert ids(store.find()) == ["1", "2"]
    assert ids(store.find(newest=True)) == ["1", "2"]
    assert store.count() == 2


FILTERS = {
    "event": (LetterFilter(event="LetterSent"), ["1", "2", "4"]),
    "whole event": (LetterFilter(event="shop.LetterSent"), ["1", "2", "4"]),
    "exact event": (LetterFilter(event="LetterSent", exact=True), []),
    "part of a name": (LetterFilter(event="Placed"), []),
    "handler": (LetterFilter(handler="mail.write"), ["1", "2", "3"]),
    "fingerprint": (LetterFilter(fingerprint="ff"), ["2"]),
    "key": (LetterFilter(key="k"), ["3"]),
    "since": (LetterFilter(since=12.0), ["3", "4"]),
    "until": (LetterFilter(until=12.0), ["1", "2"]),
    "since and until": (LetterFilter(since=11.0, until=13.0), ["2", "3"]),
    "ids": (LetterFilter(ids=(letter("1").id, letter("4", handler="shop.stock.take").id[:8])), ["1", "4"]),
    "state": (LetterFilter(state="parked"), []),
    "several": (LetterFilter(handler="write", event="shop.LetterSent", since=11.0), ["2"]),
    "sql": (LetterFilter(event="' OR 1=1 --", handler="%"), []),
    "all": (LetterFilter(), ["1", "2", "3", "4"]),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters(store, name):
    for filed in (
        letter("1", at=10.0),
        letter("2", at=11.0, fingerprint="ffff"),
        letter("3", at=12.0, event_type="shop.OrderPaid", key="k"),
        letter("4", at=13.0, handler="shop.stock.take"),
    ):
        store.add(filed)
    which, expected = FILTERS[name]
    assert ids(store.find(which)) == expected
    assert store.count(which) == len(expected)
    assert [one.event_id for one in store.find() if which.matches(one)] == expected
    assert ids(claim_all(store, which)) == expected


def test_causes(store):
    store.add(letter("1", at=10.0))
    store.add(letter("2", at=12.0, handler="shop.stock.take", message="last"))
    store.add(letter("3", at=11.0))
    store.add(letter("4", at=99.0, fingerprint="fff", error_type="KeyError"))
    first, second = store.causes()
    assert (first.fingerprint, first.count, first.first_failed, first.last_failed) == (
        "abc123",
        3,
        10.0,
        12.0,
    )
    assert (first.message, first.sample) == ("last", letter("2", handler="shop.stock.take").id)
    assert (first.handlers, first.events) == (("shop.mail.write", "shop.stock.take"), ("shop.LetterSent",))
    assert (second.error_type, second.count) == ("KeyError", 1)
    assert [cause.count for cause in store.causes(LetterFilter(until=12.0))] == [2]


def test_later_events_of_a_key_are_parked_in_order_behind_a_sequenced_letter_alone(store):
    assert not store.park(letter("2", key="k"))
    store.add(letter("0", key="other", handler="h", sequenced=True))
    store.add(letter("1", key="k"))
    assert not store.is_blocked("shop.mail.write", "k")
    store.add(letter("1", key="k", sequenced=True))
    assert store.is_blocked("shop.mail.write", "k")
    assert not store.is_blocked("shop.mail.write", "other")
    assert store.park(letter("2", key="k"))
    assert store.park(letter("3", key="k"))
    assert store.park(letter("2", key="k"))
    assert [(one.event_id, one.state) for one in store.find(LetterFilter(key="k"))] == [
        ("1", "dead"), ("2", "parked"), ("3", "parked"),
    ]  # fmt: skip
    assert store.tally() == [
        Tally("h", "shop.LetterSent", 1, 0, 0),
        Tally("shop.mail.write", "shop.LetterSent", 1, 2, 0),
    ]
    assert sum(cause.count for cause in store.causes()) == 2


def test_of_a_sequence_only_the_first_can_be_taken(store):
    store.add(letter("1", key="k", sequenced=True))
    store.park(letter("2", key="k"))
    assert ids(claim_all(store)) == ["1"]
    store.settle(store.get(letter("1").id), "run", entry(letter("1")), keep=None)
    assert ids(claim_all(store)) == ["2"]
    store.settle(store.get(letter("2").id), "run", entry(letter("2")), keep=None)
    assert not store.is_blocked("shop.mail.write", "k")


def test_a_claim_keeps_others_away_until_it_is_settled_or_released(store):
    store.add(letter("1"))
    store.add(letter("2"))
    assert store.last_place() == 2
    place, taken = store.claim(LetterFilter(), "run")
    assert (place, taken.event_id) == (1, "1")
    assert store.claim(LetterFilter(), "other")[1].event_id == "2"
    assert store.claim(LetterFilter(), "other") is None
    store.release(taken, "other")
    assert store.claim(LetterFilter(), "other") is None
    store.settle(taken, "other", entry(taken), keep=None)
    assert store.count() == 2
    assert store.audit() == []
    store.release(taken, "run")
    assert store.claim(LetterFilter(), "other", after=1) is None
    assert store.claim(LetterFilter(), "other", after=0, upto=1)[1].event_id == "1"
    store.settle(taken, "other", entry(taken, "failed again"), keep=replace(taken, replays=1))
    assert store.get(taken.id).replays == 1
    assert store.audit() == [entry(taken, "failed again")]
    assert store.claim(LetterFilter(), "third")[1].replays == 1


def test_a_letter_that_its_own_replay_files_again_stays_claimed(store):
    store.add(letter("1"))
    store.claim(LetterFilter(), "run")
    store.add(letter("1", at=20.0))
    assert store.claim(LetterFilter(), "other") is None


def test_many_claim_at_once_and_each_letter_is_taken_once(store):
    for number in range(60):
        store.add(letter(str(number)))
    taken = []
    threads = [
        threading.Thread(target=lambda run=run: taken.extend(claim_all(store, run=run))) for run in "abcdef"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ids(taken), key=int) == [str(number) for number in range(60)]


def test_removing_keeps_what_is_being_replayed_and_tells_the_audit(store):
    letters = [store.add(letter(str(number))) for number in range(3)]
    store.claim(LetterFilter(), "run")
    assert store.remove(letters, [entry(one, "dropped") for one in letters]) == 2
    assert ids(store.find()) == ["0"]
    assert [one.event_id for one in store.audit()] == ["2", "1"]
    assert [one.event_id for one in store.audit(letter=letters[1].id)] == ["1"]
    assert len(store.audit(limit=1)) == 1


def test_what_is_too_old_or_too_much_goes_but_what_is_being_replayed_stays(store):
    for number in range(10):
        store.add(letter(str(number), at=float(number)))
    store.claim(LetterFilter(), "run")
    assert store.expire(3.0, None, 0.0) == 2
    assert ids(store.find()) == ["0", *"3456789"]
    assert store.expire(0.0, 4, 0.0) == 4
    assert ids(store.find()) == ["0", "7", "8", "9"]
    store.settle(letter("0"), "run", entry(letter("0"), time=50.0), keep=None)
    store.expire(0.0, None, 50.0)
    assert len(store.audit()) == 1
    store.expire(0.0, None, 50.1)
    assert store.audit() == []
