"""Every decision is told to plugins; and what is promised where a plugin or a store fails, or all at once."""

import asyncio
import logging

import pytest

from pubsub_devtools import CircuitOpenError, RateLimitedError
from pubsub_devtools.plugins import Plugin
from pubsub_devtools.plugins.slots import Hooks
from pubsub_devtools.resilience.attempt import resuming
from pubsub_devtools.resilience.declarations import (
    Bulkhead,
    CircuitBreaker,
    DeadLetter,
    Idempotent,
    RateLimit,
    Retry,
    Timeout,
)
from pubsub_devtools.resilience.delayed import MemoryDelayedAttempts
from pubsub_devtools.resilience.errors import BulkheadFullError
from pubsub_devtools.resilience.guard import Handled, guarded
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.resilience.policies.retry import RetryPolicy
from pubsub_devtools.resilience.seen import MemorySeen
from pubsub_devtools.resilience.services import NoHooks
from pubsub_devtools.resilience.states import MemoryStates
from tests.runtime.resilience.worlds import MemoryDeadLetterSink, Ping, World

both = pytest.mark.parametrize("is_async", [False, True])
LATER = RetryPolicy(max_retries=1, immediate=0, jitter=False)


class StoreError(Exception):
    pass


def broken(kind, *methods):
    """Return a store of which these methods fail."""

    def fail(self, *arguments):
        raise StoreError("disk full")

    return type(f"Broken{kind.__name__}", (kind,), dict.fromkeys(methods, fail))()


@both
def test_each_decision_is_told_with_what_it_was_about(is_async):
    first, second = OSError(1), OSError(2)
    w, ping = (
        World(is_async, Idempotent(), DeadLetter(), Retry(RetryPolicy(max_retries=2, jitter=False))),
        Ping(),
    )
    w.script = [first, second, second]
    w.call(ping)
    w.now = 1.0
    w.resume()
    assert w.hooks.told == [
        ("on_retry", "shop.pong", ping, first, 1, 0.0),
        ("on_retry", "shop.pong", ping, second, 2, 1.0),
        ("on_dead_letter", "shop.pong", ping, second, 3),
    ]
    w.told()
    assert [w.call(ping), w.call(ping)] == ["done", Outcome.DUPLICATE]
    assert w.hooks.told == [("on_duplicate", "shop.pong", ping)]


@both
@pytest.mark.parametrize("on_excess", ["delay", "reject", "dlq"])
def test_an_event_over_the_rate_is_told(is_async, on_excess):
    w, ping = World(is_async, RateLimit(max_events=1, window_seconds=60, on_excess=on_excess)), Ping()
    w.call()
    w.now = 20.0
    try:
        w.call(ping)
    except RateLimitedError as refused:
        assert on_excess == "reject"
        assert "over its rate for 40 s; on_excess='delay' would call it later" in str(refused)
    assert w.hooks.told[0] == ("on_rate_limited", "shop.pong", ping, on_excess, 40.0)
    assert w.told()[1:] == (["on_dead_letter"] if on_excess == "dlq" else [])


@both
def test_a_breaker_tells_every_change_and_a_full_bulkhead_itself(is_async):
    w = World(is_async, CircuitBreaker(failure_threshold=1), Bulkhead(max_concurrent=1))
    inner = World(is_async, CircuitBreaker(failure_threshold=1), Bulkhead(max_concurrent=1))
    w.script = [OSError()]
    with pytest.raises(OSError):
        w.call()
    w.now = 60.0
    w.call()
    assert [told[2:] for told in w.hooks.told] == [
        ("closed", "open"),
        ("open", "half-open"),
        ("half-open", "closed"),
    ]

    def nested(event):
        return inner.call(event)

    async def nested_async(event):
        return await inner.guarded(event)

    inner.guarded = guarded(
        nested_async if is_async else nested,
        Handled("shop.pong", "Ping", is_async),
        [Bulkhead(max_concurrent=1)],
        inner.services,
    )
    ping = Ping()
    with pytest.raises(BulkheadFullError):
        inner.call(ping)
    assert inner.hooks.told == [("on_bulkhead_full", "shop.pong", ping)]


class Breaks(Plugin):
    """A plugin that fails in every slot."""

    def on_retry(self, handler, event, error, attempt, delay):
        raise RuntimeError

    def on_dead_letter(self, handler, event, error, attempts):
        raise RuntimeError

    def on_breaker_changed(self, handler, before, after):
        raise RuntimeError

    def on_rate_limited(self, handler, event, action, wait):
        raise RuntimeError

    def on_timed_out(self, handler, event, seconds):
        raise RuntimeError

    def on_duplicate(self, handler, event):
        raise RuntimeError


@both
@pytest.mark.parametrize("make", [lambda: Hooks([Breaks()]), NoHooks], ids=["broken", "none"])
def test_plugins_that_fail_and_plugins_that_are_not_there_change_nothing(is_async, make):
    guards = [
        Idempotent(),
        RateLimit(max_events=3, window_seconds=60),
        DeadLetter(),
        Retry(RetryPolicy(max_retries=1)),
        CircuitBreaker(failure_threshold=2),
        Timeout(1.0),
    ]
    w, ping = World(is_async, *guards, hooks=make()), Ping()
    assert [w.call(ping), w.call(ping)] == ["done", Outcome.DUPLICATE]
    w.takes = 2.0
    assert w.call() is Outcome.DEAD_LETTERED
    w.now += 60.0
    w.takes = 0.0
    assert [w.call() for _ in range(4)] == ["done"] * 3 + [Outcome.DEFERRED]


@both
def test_where_the_claim_fails_the_handler_is_not_called_and_the_publisher_hears_of_it(is_async):
    w = World(is_async, Idempotent(), seen=broken(MemorySeen, "claim"))
    with pytest.raises(StoreError):
        w.call()
    assert w.called == []


@both
def test_where_the_confirmation_fails_the_publisher_hears_of_it_and_the_claim_holds_on(is_async):
    w, ping = World(is_async, Idempotent(lease=60.0), seen=broken(MemorySeen, "confirm")), Ping()
    with pytest.raises(StoreError):
        w.call(ping)
    assert w.call(ping) is Outcome.DEFERRED
    assert len(w.called) == 1


@both
def test_where_the_release_fails_the_handlers_error_is_what_counts(is_async, caplog):
    w, ping = World(is_async, Idempotent(), seen=broken(MemorySeen, "release")), Ping()
    w.script = [OSError("own")]
    with caplog.at_level(logging.ERROR, "pubsub_devtools"), pytest.raises(OSError, match="own"):
        w.call(ping)
    assert (
        f"the claim of shop.pong on event {ping.id} could not be released; it ends by itself" in caplog.text
    )


@both
def test_where_the_release_fails_what_was_put_off_stays_put_off(is_async, caplog):
    w = World(is_async, Idempotent(), Retry(LATER), seen=broken(MemorySeen, "release"))
    w.script = [OSError()]
    assert w.call() is Outcome.DEFERRED
    assert w.services.delayed.next_due() == 1.0
    assert "could not be released" in caplog.text


@both
@pytest.mark.parametrize("dlq", [False, True])
def test_where_no_attempt_can_be_kept_the_event_has_failed_for_good(is_async, dlq):
    w = World(
        is_async, Retry(LATER), *([DeadLetter()] if dlq else []), delayed=broken(MemoryDelayedAttempts, "add")
    )
    w.script = [OSError("own")]
    if dlq:
        assert w.call() is Outcome.DEAD_LETTERED
        (failed,) = w.services.dead_letters.failed
        error = failed.error
    else:
        with pytest.raises(OSError, match="own") as caught:
            w.call()
        error = caught.value
    assert error.__notes__ == ["the event could not be kept for a later attempt: StoreError: disk full"]
    assert "on_retry" not in w.told()


@both
def test_where_no_dead_letter_can_be_kept_the_error_is_raised_with_a_note(is_async):
    w = World(is_async, DeadLetter(), dead_letters=broken(MemoryDeadLetterSink, "put"))
    w.script = [OSError("own")]
    with pytest.raises(OSError, match="own") as caught:
        w.call()
    assert caught.value.__notes__ == [
        "the event could not be put among the dead letters: StoreError: disk full"
    ]
    assert w.told() == []


@both
def test_where_an_event_over_the_rate_cannot_be_kept_it_is_refused(is_async):
    w = World(
        is_async, RateLimit(max_events=1, window_seconds=60), delayed=broken(MemoryDelayedAttempts, "add")
    )
    w.call()
    with pytest.raises(RateLimitedError) as caught:
        w.call()
    assert "could not be kept for a later attempt" in caught.value.__notes__[0]


@both
@pytest.mark.parametrize(
    "guard",
    [CircuitBreaker(shared="mail"), RateLimit(max_events=1, window_seconds=60, shared="mail")],
    ids=str,
)
def test_where_shared_states_cannot_be_read_the_handler_is_not_called(is_async, guard):
    w = World(is_async, guard, states=broken(MemoryStates, "get"))
    with pytest.raises(StoreError):
        w.call()
    assert w.called == []


@both
@pytest.mark.parametrize("end", ["done", OSError("own")], ids=str)
def test_once_the_handler_was_called_its_result_stands_whatever_the_shared_state_does(is_async, end, caplog):
    w = World(is_async, CircuitBreaker(shared="mail", failure_threshold=1))
    w.script = [end]
    get, asked = w.services.states.get, []

    def fails_after(key):
        asked.append(key)
        if len(asked) > 1:
            raise StoreError
        return get(key)

    w.services.states.get = fails_after
    if end == "done":
        assert w.call() == "done"
    else:
        with pytest.raises(OSError, match="own"):
            w.call()
    assert "the shared breaker of shop.pong could not be told how a call ended" in caplog.text


def test_an_open_breaker_and_a_full_store_of_attempts_lose_no_event():
    w = World(False, CircuitBreaker(failure_threshold=1), Retry(LATER), DeadLetter())
    w.script = [OSError()]
    assert [w.call(Ping(1)), w.call(Ping(2))] == [Outcome.DEFERRED, Outcome.DEFERRED]
    w.now = 1.0
    assert w.resume() is Outcome.DEAD_LETTERED  # one retry was asked for, and the breaker is still open
    (failed,) = w.services.dead_letters.failed
    assert (failed.event.number, type(failed.error)) == (1, CircuitOpenError)
    w.now = 60.0
    assert w.resume() == "done"


def test_every_store_that_waits_is_awaited():
    class Waits:
        def __init__(self, store):
            self.store, self.awaited = store, []

        def __getattr__(self, name):
            if not name.endswith("_async"):
                return getattr(self.store, name)
            method = getattr(self.store, name.removesuffix("_async"))

            async def call(*arguments):
                await asyncio.sleep(0)
                self.awaited.append(name)
                return method(*arguments)

            return call

    seen, delayed, buried = Waits(MemorySeen()), Waits(MemoryDelayedAttempts()), Waits(MemoryDeadLetterSink())
    w = World(True, Idempotent(), Retry(LATER), DeadLetter(), seen=seen, delayed=delayed, dead_letters=buried)
    w.script = [OSError(), ValueError()]

    async def main():
        ping = Ping()
        outcomes = [await w.guarded(ping)]
        w.now = 1.0
        (attempt,) = delayed.store.due(1.0)
        with resuming(attempt):
            outcomes.append(await w.guarded(ping))
        return [*outcomes, await w.guarded(ping), await w.guarded(ping)]

    assert asyncio.run(main()) == [Outcome.DEFERRED, Outcome.DEAD_LETTERED, "done", Outcome.DUPLICATE]
    assert seen.awaited == ["claim_async", "release_async"] * 2 + [
        "claim_async",
        "confirm_async",
        "claim_async",
    ]
    assert (delayed.awaited, buried.awaited) == (["add_async"], ["put_async"])
