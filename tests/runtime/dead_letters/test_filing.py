"""Filing, parking, dropping, retention and alerts."""

import asyncio
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ConfigDict

from pubsub_devtools import BaseEvent
from pubsub_devtools.resilience.codec import UnknownEventError
from pubsub_devtools.resilience.dead_letters.alerts import AlertMeter, AlertRule
from pubsub_devtools.resilience.dead_letters.filing import DeadLetters, Retention
from pubsub_devtools.resilience.dead_letters.letter import LetterFilter
from pubsub_devtools.resilience.dead_letters.parking import parked_in_order
from pubsub_devtools.resilience.dead_letters.replay import replay
from pubsub_devtools.resilience.dead_letters.sqlite import SqliteDeadLetters
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.resilience.services import Handled, Services
from pubsub_devtools.storage.sqlite import Database

from .letters import LetterSent, Target, envelope, failed, letter


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "state.sqlite3")
    yield database
    database.close()


def test_what_is_filed_is_all_that_is_needed_to_try_again(database):
    letters = DeadLetters(SqliteDeadLetters(database))
    event = LetterSent("o-1", 3)
    letters.put(failed(event, key="k"))
    (filed,) = letters.store.find()
    again = letters.read(filed)
    assert again == event
    assert again.id == event.id == filed.event_id
    assert filed.envelope == envelope(event, "k")
    assert (filed.error_type, filed.message, filed.attempts) == ("OSError", "no route", 4)
    assert "OSError: no route" in filed.traceback


def test_filing_inside_a_loop(database):
    letters = DeadLetters(SqliteDeadLetters(database), retention=Retention(max_letters=2))
    memory = DeadLetters()

    async def main():
        await asyncio.gather(*(letters.put_async(failed(LetterSent(str(n)))) for n in range(5)))
        await memory.put_async(failed(LetterSent("o-1")))

    asyncio.run(main())
    assert letters.store.count() in range(2, 6)
    assert memory.store.count() == 1


def test_an_event_that_cannot_be_encoded_is_kept_as_text_and_says_so(caplog):
    class Odd(BaseEvent):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        handle: object

    letters = DeadLetters()
    letters.put(failed(Odd(object())))
    (filed,) = letters.store.find()
    assert filed.body.startswith(b"Odd(handle=<object")
    assert "can be read but not replayed" in caplog.text
    with pytest.raises(ValueError, match="could not be encoded"):
        letters.read(filed)


def test_an_event_whose_class_is_gone_says_what_to_do():
    letters = DeadLetters()
    with pytest.raises(UnknownEventError, match="no class is Gone: import the module"):
        headers = {"ce-specversion": "1.0", "ce-id": "1", "ce-type": "Gone", "ce-source": "shop"}
        letters.read(letter(body=b"{}", headers=headers))


def test_an_error_that_cannot_be_printed_is_filed_all_the_same():
    class MuteError(Exception):
        def __str__(self):
            raise ValueError

    letters = DeadLetters()
    letters.put(failed(LetterSent("o-1"), MuteError()))
    assert letters.store.find()[0].message == "<its __str__ raised ValueError>"


@pytest.mark.parametrize("sequenced", [True, ["shop.mail.write"]])
def test_events_of_a_key_are_held_back_behind_its_dead_letter(database, sequenced):
    letters = DeadLetters(SqliteDeadLetters(database), sequenced=sequenced)
    first, second, third = LetterSent("1"), LetterSent("2"), LetterSent("3")
    handler = "shop.mail.write"
    assert not letters.hold_back(handler, first, envelope(first, "k"))
    letters.put(failed(first, key="k"))
    assert letters.hold_back(handler, second, envelope(second, "k"))
    assert not letters.hold_back(handler, third, envelope(third, "other"))
    assert not letters.hold_back(handler, third, envelope(third))
    assert not letters.hold_back(handler, third, None)
    assert asyncio.run(letters.hold_back_async(handler, third, envelope(third, "k")))
    assert not asyncio.run(letters.hold_back_async(handler, third, None))
    assert [letters.read(one).order for one in letters.store.find()] == ["1", "2", "3"]
    letters.drop(LetterFilter(), reason="test")
    assert not letters.hold_back(handler, second, envelope(second, "k"))


def test_nothing_is_held_back_unless_it_is_asked_for():
    letters = DeadLetters(sequenced=["shop.other"])
    letters.put(failed(LetterSent("1"), key="k"))
    event = LetterSent("2")
    assert not letters.hold_back("shop.mail.write", event, envelope(event, "k"))


def test_dropping_tells_the_audit_why(database):
    letters = DeadLetters(SqliteDeadLetters(database), clock=lambda: 77.0)
    for order in ("1", "2"):
        letters.put(failed(LetterSent(order)))
    assert letters.drop(LetterFilter(event="LetterSent"), reason="paid by hand", by="ada") == 2
    assert {(one.action, one.note, one.by, one.time) for one in letters.store.audit()} == {
        ("dropped", "paid by hand", "ada", 77.0)
    }
    assert letters.drop(LetterFilter(), reason="again") == 0


def test_retention_sweeps_now_and_then(caplog):
    now, ticks = [1000.0], [0.0]
    letters = DeadLetters(
        retention=Retention(max_age=100.0), clock=lambda: now[0], monotonic=lambda: ticks[0]
    )
    letters.put(failed(LetterSent("old"), at=800.0))
    letters.put(failed(LetterSent("older"), at=700.0))
    assert letters.store.count() == 1  # the first put swept before the second came
    ticks[0] = 61.0
    letters.put(failed(LetterSent("new"), at=1000.0))
    assert letters.store.count() == 1
    assert "as the retention says" in caplog.text


def test_an_alert_goes_to_all_and_a_broken_target_harms_nobody(caplog):
    told, heard, ticks = [], [], [0.0]

    class Hooks:
        on_alert = staticmethod(lambda rule, text: heard.append((rule, text)))

    def broken(alert):
        raise ValueError("target is down")

    from pubsub_devtools.resilience.dead_letters.alerts import to_log

    rule = AlertRule("orders", at_least=3, window_seconds=60, per="handler", to=(broken, told.append, to_log))
    letters = DeadLetters(alerts=[rule], hooks=Hooks(), monotonic=lambda: ticks[0])
    for order in "12345":
        ticks[0] += 10
        letters.put(failed(LetterSent(order)))
    (alert,) = told
    assert (alert.rule, alert.count, alert.group, alert.event) == (
        "orders",
        3,
        "shop.mail.write",
        "LetterSent",
    )
    assert heard == [("orders", alert.text)]
    assert "3 dead letters within 60 s of shop.mail.write; the last at" in alert.text
    assert "a target of the alert rule orders failed" in caplog.text
    assert any(record.levelno == logging.ERROR and alert.text in record.message for record in caplog.records)


@given(st.lists(st.floats(0.01, 40), max_size=60), st.integers(1, 6))
def test_a_rule_fires_exactly_when_its_window_holds_enough(gaps, at_least):
    """Against the definition: count all that lie in the window; once told, be quiet for one window."""
    meter = AlertMeter(AlertRule("r", at_least=at_least, window_seconds=60))
    now, times, quiet_until = 0.0, [], 0.0
    for gap in gaps:
        now += gap
        times.append(now)
        enough = sum(now - time <= 60 for time in times) >= at_least
        fires = enough and now >= quiet_until
        assert (meter.saw(letter(), now) is not None) == fires
        if fires:
            quiet_until = now + 60


def test_groups_are_counted_apart_and_old_ones_forgotten():
    meter = AlertMeter(AlertRule("r", at_least=2, window_seconds=60, per="cause", again_after=0))
    assert meter.saw(letter(fingerprint="a"), 0) is None
    assert meter.saw(letter(fingerprint="b"), 0) is None
    assert meter.saw(letter(fingerprint="a"), 1).group == "a"
    assert meter.saw(letter(fingerprint="a"), 2).group == "a"
    for number in range(1100):
        meter.saw(letter(fingerprint=str(number)), 3)
    assert len(meter._groups) == 1000
    by_event = AlertMeter(AlertRule("r", 1, 60, per="event", which=LetterFilter(event="LetterSent")))
    assert by_event.saw(letter(), 0).group == "shop.LetterSent"
    assert by_event.saw(letter(event_type="Other"), 0) is None


def test_a_senseless_rule_is_refused():
    with pytest.raises(ValueError, match="AlertRule\\('r'\\): at_least and window_seconds"):
        AlertRule("r", 0, 60)


@pytest.mark.parametrize("is_async", [False, True])
def test_the_guard_parks_what_comes_behind_a_dead_letter_and_calls_for_the_rest(is_async):
    letters = DeadLetters(sequenced=["shop.mail.write"])
    around, called = [None], []
    services = Services(dead_letters=letters, envelope=lambda: around[0])

    async def call_async(event):
        called.append(event.order)

    call = call_async if is_async else lambda event: called.append(event.order)
    guarded = parked_in_order(call, Handled("shop.mail.write", "LetterSent", is_async=is_async), services)
    assert parked_in_order(call, Handled("shop.other", "LetterSent", is_async=is_async), services) is call

    def deliver(order, key):
        event = LetterSent(order)
        around[0] = envelope(event, key)
        return asyncio.run(guarded(event)) if is_async else guarded(event)

    assert deliver("1", "k") is None
    letters.put(failed(LetterSent("2"), key="k"))
    assert deliver("3", "k") is Outcome.DEAD_LETTERED
    assert deliver("4", "other") is None
    assert called == ["1", "4"]
    assert letters.store.count(LetterFilter(state="parked")) == 1


def test_a_clock_that_jumps_loses_no_letter_and_rings_no_alarm(database):
    """Letters keep what the clock said; windows and sweeps count by a clock that nobody sets."""
    told, clock, ticks = [], [1e9], [0.0]
    letters = DeadLetters(
        SqliteDeadLetters(database),
        alerts=[AlertRule("r", at_least=3, window_seconds=60, to=(told.append,))],
        clock=lambda: clock[0],
        monotonic=lambda: ticks[0],
    )
    for jump in (0.0, 1e8, -1e8, -9e8, 5e8):
        clock[0] += jump
        ticks[0] += 40
        letters.put(failed(LetterSent(str(jump)), at=clock[0]))
    assert told == []
    assert letters.store.count() == 5
    assert replay(letters, Target(shop__mail__write=lambda event: None)).replayed == 5
