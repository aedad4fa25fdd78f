"""Replay: order, audit, dry runs, rate, failures, breaking off, two at once, sequences."""

import asyncio
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools.resilience.dead_letters.filing import DeadLetters
from pubsub_devtools.resilience.dead_letters.letter import LetterFilter, Tally
from pubsub_devtools.resilience.dead_letters.memory import MemoryDeadLetters
from pubsub_devtools.resilience.dead_letters.replay import plan, replay, replay_async
from pubsub_devtools.resilience.dead_letters.sqlite import SqliteDeadLetters
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.storage.sqlite import Database

from .letters import LetterSent, Target, envelope, failed, letter

WRITE = "shop.mail.write"


@pytest.fixture(params=["memory", "sqlite"])
def letters(request, tmp_path):
    if request.param == "memory":
        yield DeadLetters(sequenced=True)
        return
    database = Database(tmp_path / "state.sqlite3")
    yield DeadLetters(SqliteDeadLetters(database), sequenced=True, clock=lambda: 500.0)
    database.close()


def fill(letters, *orders, **other):
    for order in orders:
        letters.put(failed(LetterSent(order), **other))


def orders(letters, which=LetterFilter()):  # noqa: B008 (a value)
    return [letters.read(one).order for one in letters.store.find(which)]


def test_a_replay_calls_the_handlers_in_order_with_the_ids_kept_and_tells_the_audit(letters):
    events = [LetterSent(order) for order in "123"]
    for event in events:
        letters.put(failed(event))
    seen = []
    target = Target(shop__mail__write=lambda event: seen.append(event.id))
    report = replay(letters, target, by="ada")
    assert seen == [event.id for event in events]
    assert (report.replayed, report.failed, report.tried) == (3, 0, 3)
    assert letters.store.count() == 0
    audit = letters.store.audit()
    assert {(one.run, one.action, one.by) for one in audit} == {(report.run, "replayed", "ada")}
    assert [one.event_id for one in reversed(audit)] == seen


def test_a_dry_run_names_the_handlers_and_calls_none(letters):
    fill(letters, "1", "2")
    fill(letters, "3", handler="shop.gone.f")
    letters.store.add(letter("9", content_type="text/plain"))
    target = Target(shop__mail__write=lambda event: None)
    planned = plan(letters, LetterFilter(), target)
    assert planned.handlers == (
        Tally("shop.gone.f", "LetterSent", 1, 0, 0),
        Tally(WRITE, "LetterSent", 2, 0, 0),
        Tally(WRITE, "shop.LetterSent", 1, 0, 1),
    )
    assert (planned.unknown, planned.letters) == (("shop.gone.f",), 2)
    assert plan(letters).unknown == ()
    assert target.calls == []


def test_what_fails_again_lies_where_it_lay_with_its_attempts_counted(letters):
    fill(letters, "1", "2", "3")

    def write(event):
        if event.order == "2":
            raise KeyError("still broken")

    report = replay(letters, Target(shop__mail__write=write))
    assert (report.replayed, report.failed) == (2, 1)
    (left,) = letters.store.find()
    assert (left.attempts, left.replays, left.error_type, left.message) == (
        5,
        1,
        "KeyError",
        "'still broken'",
    )
    assert letters.store.audit()[1].note == "KeyError: 'still broken'"
    assert replay(letters, Target(shop__mail__write=write)).failed == 1
    assert letters.store.find()[0].replays == 2


def test_what_the_guards_of_a_handler_file_again_is_no_second_letter(letters):
    event = LetterSent("1")
    letters.put(failed(event))

    def write(event):
        letters.put(failed(event, KeyError("again")))
        return Outcome.DEAD_LETTERED

    report = replay(letters, Target(shop__mail__write=write))
    (left,) = letters.store.find()
    assert (report.failed, left.attempts, left.replays, left.error_type) == (1, 8, 1, "KeyError")
    assert letters.store.claim(LetterFilter(), "next") is not None


def test_what_the_guards_try_later_and_what_was_handled_before_is_no_dead_letter_any_more(letters):
    fill(letters, "1", "2")
    outcomes = {"1": Outcome.DEFERRED, "2": Outcome.DUPLICATE}
    report = replay(letters, Target(shop__mail__write=lambda event: outcomes[event.order]))
    assert (report.deferred, report.replayed, letters.store.count()) == (1, 1, 0)


def test_letters_whose_handler_or_event_is_unknown_stay(letters):
    fill(letters, "1", handler="shop.gone.f")
    letters.store.add(letter("2", content_type="text/plain"))
    fill(letters, "3")
    told = []
    report = replay(
        letters, Target(shop__mail__write=lambda event: None), told=lambda one, what: told.append(what)
    )
    assert (report.unknown, report.unreadable, report.replayed) == (1, 1, 1)
    assert letters.store.count() == 2
    assert told == ["unreadable", "replayed"]


def test_a_filter_and_a_limit_choose(letters):
    fill(letters, "1", at=10.0)
    fill(letters, "2", "3", "4", at=20.0)
    target = Target(shop__mail__write=lambda event: None)
    replay(letters, target, LetterFilter(since=15.0), limit=2)
    assert target.calls == [(WRITE, "2"), (WRITE, "3")]
    assert orders(letters) == ["1", "4"]


@pytest.mark.parametrize("wrong", [{"rate": 0}, {"limit": 0}])
def test_senseless_numbers_are_refused(letters, wrong):
    with pytest.raises(ValueError, match="must be above 0"):
        replay(letters, Target(), **wrong)


def test_the_rate_spreads_the_calls_evenly(letters):
    fill(letters, *"12345")
    now, at = [0.0], []
    replay(
        letters,
        Target(shop__mail__write=lambda event: at.append(now[0])),
        rate=4,
        sleep=lambda seconds: now.__setitem__(0, now[0] + seconds),
        monotonic=lambda: now[0],
    )
    assert at == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_what_is_filed_meanwhile_is_left_for_the_next_replay(letters):
    fill(letters, "1")
    target = Target(shop__mail__write=lambda event: fill(letters, event.order + "0"))
    assert replay(letters, target).replayed == 1
    assert orders(letters) == ["10"]


def test_a_replay_that_is_broken_off_gives_its_letter_back_and_the_next_goes_on(letters):
    fill(letters, "1", "2", "3")

    def write(event):
        if event.order == "2":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(letters, Target(shop__mail__write=write))
    target = Target(shop__mail__write=lambda event: None)
    assert replay(letters, target).replayed == 2
    assert target.calls == [(WRITE, "2"), (WRITE, "3")]


def test_two_replays_at_once_never_run_a_letter_twice(letters):
    fill(letters, *map(str, range(100)))
    target = Target(shop__mail__write=lambda event: None)
    reports = []
    threads = [threading.Thread(target=lambda: reports.append(replay(letters, target))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(order) for _, order in target.calls) == list(range(100))
    assert sum(report.replayed for report in reports) == 100


def hold_back(letters, *orders):
    for order in orders:
        event = LetterSent(order)
        assert letters.hold_back(WRITE, event, envelope(event, "k"))


def test_what_is_parked_follows_its_dead_letter_in_order_whatever_the_filter_says(letters):
    fill(letters, "1", key="k")
    hold_back(letters, "2", "3")
    fill(letters, "4")
    target = Target(shop__mail__write=lambda event: None)
    first = letters.store.find()[0]
    assert replay(letters, target, LetterFilter(ids=(first.id,))).replayed == 3
    assert target.calls == [(WRITE, order) for order in "123"]
    assert not letters.store.is_blocked(WRITE, "k")


def test_what_arrives_while_its_key_is_replayed_is_parked_and_follows(letters):
    fill(letters, "1", key="k")

    def write(event):
        assert not letters.hold_back(WRITE, event, envelope(event, "k"))
        if event.order == "1":
            hold_back(letters, "2")

    target = Target(shop__mail__write=write)
    assert replay(letters, target).replayed == 2
    assert [order for _, order in target.calls] == ["1", "2"]


def test_a_sequence_stops_at_what_fails_again_and_is_not_tried_twice_in_one_replay(letters):
    fill(letters, "1", key="k")
    hold_back(letters, "2", "3")

    def write(event):
        if event.order == "2":
            raise OSError("no")

    target = Target(shop__mail__write=write)
    report = replay(letters, target)
    assert [order for _, order in target.calls] == ["1", "2"]
    assert (report.replayed, report.failed) == (1, 1)
    assert [(letters.read(one).order, one.state) for one in letters.store.find()] == [
        ("2", "dead"),
        ("3", "parked"),
    ]


def test_once_the_dead_letter_is_dropped_those_behind_it_can_be_replayed(letters):
    fill(letters, "1", key="k")
    hold_back(letters, "2", "3")
    letters.drop(LetterFilter(state="dead"), reason="lost cause")
    target = Target(shop__mail__write=lambda event: None)
    replay(letters, target)
    assert [order for _, order in target.calls] == ["2", "3"]


def test_replaying_inside_a_loop_and_its_cancellation(letters):
    fill(letters, "1", "2", "3")
    target = Target(shop__mail__write=lambda event: None)
    reached = asyncio.Event()

    async def call(handler, event, envelope):
        if event.order == "2" and not reached.is_set():
            reached.set()
            await asyncio.sleep(60)
        return await target.call_async(handler, event, envelope)

    async def main():
        task = asyncio.create_task(replay_async(letters, call, target))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await replay_async(letters, call, target, rate=1000)

    assert asyncio.run(main()).replayed == 2
    assert [order for _, order in target.calls] == ["1", "2", "3"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", ""]), st.sampled_from(["ok", "once", "never"])), max_size=14
    )
)
def test_keys_keep_their_order_through_failures_parking_and_replays(events):
    """Whatever fails how often: of each key the events are handled in the order in which they came."""
    letters = DeadLetters(MemoryDeadLetters(), sequenced=True)
    handled, failures, fate = [], {}, {}

    def write(event):
        wanted = {"ok": 0, "once": 1, "never": 3}[fate[event.order]]
        if failures.get(event.order, 0) < wanted:
            failures[event.order] = failures.get(event.order, 0) + 1
            raise OSError("no")
        handled.append(event.order)

    for number, (key, how) in enumerate(events):
        event = LetterSent(f"{key}/{number}")
        fate[event.order] = how
        if letters.hold_back(WRITE, event, envelope(event, key)):
            continue
        try:
            write(event)
        except OSError as error:
            letters.put(failed(event, error, key=key))
    for _ in range(4 * len(events)):
        replay(letters, Target(shop__mail__write=write))
    assert letters.store.count() == 0
    assert sorted(handled) == sorted(fate)
    for key in "ab":
        own = [int(order[2:]) for order in handled if order.startswith(key)]
        assert own == sorted(own)
