"""Rate limits against what they promise: whatever comes when, no window and no interval holds too many calls."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools import RateLimitedError
from pubsub_devtools.resilience.declarations import DeadLetter, RateLimit, Retry, Throttle
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.resilience.policies.limits import SlidingWindow, TokenBucket
from pubsub_devtools.resilience.policies.pacing import Pacer
from pubsub_devtools.resilience.policies.retry import RetryPolicy
from pubsub_devtools.resilience.states import MemoryStates
from tests.runtime.resilience.worlds import World

gaps = st.lists(st.one_of(st.just(0.0), st.floats(0.001, 3), st.floats(3, 300)), min_size=1, max_size=40)
windows = st.builds(RateLimit, max_events=st.integers(1, 4), window_seconds=st.floats(0.5, 90))
buckets = st.builds(Throttle, rate=st.floats(0.05, 5), burst=st.integers(1, 5))
shared = st.sampled_from([None, "gateway"])


def keeps(limit, times):
    """Tell whether calls at these times keep a limit, looked at from every call on."""
    if isinstance(limit, RateLimit):
        pairs = zip(times, times[limit.max_events :], strict=False)
        return all(later >= earlier + limit.window_seconds for earlier, later in pairs)
    return all(
        number + 1 <= limit.burst + limit.rate * (later - earlier) + 1e-6
        for start, earlier in enumerate(times)
        for number, later in enumerate(times[start:])
    )


def with_choices(limits, **choices):
    return [
        type(limit)(**{name: getattr(limit, name) for name in limit.__struct_fields__} | choices)
        for limit in limits
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(windows | buckets, min_size=1, max_size=3), gaps, shared, st.booleans())
def test_what_is_refused_is_refused_for_a_reason(limits, gaps, shared, is_async):
    w = World(is_async, *with_choices(limits, on_excess="reject", shared=shared))
    for gap in gaps:
        w.now += gap
        try:
            w.call()
        except RateLimitedError as refused:
            soon = w.now + refused.retry_after - 1e-3
            assert refused.retry_after < 1e-3 or not all(keeps(limit, [*w.called, soon]) for limit in limits)
            assert any(not keeps(limit, [*w.called, w.now]) for limit in limits) or refused.retry_after < 1e-4
    assert all(keeps(limit, w.called) for limit in limits)


@settings(max_examples=100, deadline=None)
@given(st.lists(windows | buckets, min_size=1, max_size=3), gaps, st.floats(0, 10), shared, st.booleans())
def test_what_is_put_off_is_called_once_in_the_end(limits, gaps, late, shared, is_async):
    w = World(is_async, *with_choices(limits, shared=shared))
    outcomes, runs = [], 0

    def resume_until(end):
        runs = 0
        while (due := w.services.delayed.next_due()) is not None and due + late <= end:
            w.now = max(w.now, due + late)
            w.resume()
            runs += 1
        return runs

    for gap in gaps:
        end = w.now + gap
        runs += resume_until(end)
        w.now = end
        outcomes.append(w.call())
    runs += resume_until(float("inf"))
    assert set(outcomes) <= {"done", Outcome.DEFERRED}
    assert len(w.called) == len(gaps)
    assert all(keeps(limit, sorted(w.called)) for limit in limits)
    assert runs <= 8 * len(gaps), "who comes when told to is seldom put off again"


@given(st.integers(1, 5), st.integers(1, 30))
def test_a_burst_is_spread_as_tightly_as_the_window_allows(max_events, number):
    w = World(False, RateLimit(max_events=max_events, window_seconds=60.0))
    for _ in range(number):
        w.call()
    while (due := w.services.delayed.next_due()) is not None:
        w.now = due
        w.resume()
    assert w.called == [60.0 * (place // max_events) for place in range(number)]


def test_the_publisher_of_a_late_event_waits_behind_those_put_off_before():
    w = World(False, RateLimit(max_events=1, window_seconds=60.0))
    for _ in range(3):
        w.call()
    w.now = 60.0
    assert w.call() is Outcome.DEFERRED
    assert [w.resume(), w.services.delayed.next_due()] == ["done", 120.0]


def test_an_attempt_of_a_retry_is_counted_and_goes_on_counting():
    w = World(
        False,
        RateLimit(max_events=1, window_seconds=60.0),
        Retry(RetryPolicy(max_retries=2, immediate=0, jitter=False)),
        DeadLetter(),
    )
    w.script = [OSError(1), OSError(2), OSError(3)]
    assert w.call() is Outcome.DEFERRED
    while (due := w.services.delayed.next_due()) is not None:
        w.now = due
        w.resume()
    (failed,) = w.services.dead_letters.failed
    assert (failed.attempts, failed.first_failed, w.called) == (3, 0.0, [0.0, 60.0, 120.0])


@settings(max_examples=60, deadline=None)
@given(windows | buckets, st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_a_clock_that_jumps_bounds_the_wait_all_the_same(limit, jumps):
    w = World(False, *with_choices([limit], on_excess="reject", shared="gateway"))
    longest = 2 * (limit.window_seconds if isinstance(limit, RateLimit) else (limit.burst + 1) / limit.rate)
    w.now = 1e9
    for jump in jumps:
        w.now += jump
        for _ in range(8):
            try:
                w.call()
            except RateLimitedError as refused:
                assert 0 < refused.retry_after <= longest * (1 + 1e-6) + 1e-6


def test_clocks_of_this_process_do_not_care_whether_the_time_is_set():
    w = World(False, RateLimit(max_events=1, window_seconds=60.0, on_excess="reject"))
    w.services.clock = lambda: 1e9
    w.call()
    w.services.clock = lambda: 0.0
    with pytest.raises(RateLimitedError) as refused:
        w.call()
    assert refused.value.retry_after == 60.0


def test_limits_of_one_name_are_one():
    states, limit = (
        MemoryStates(),
        RateLimit(max_events=2, window_seconds=60.0, on_excess="dlq", shared="gateway"),
    )
    first, second = World(False, limit, states=states), World(True, limit, states=states)
    assert [first.call(), second.call(), first.call(), second.call()] == [
        "done",
        "done",
        Outcome.DEAD_LETTERED,
        Outcome.DEAD_LETTERED,
    ]
    (failed,) = first.services.dead_letters.failed
    assert (failed.attempts, type(failed.error)) == (0, RateLimitedError)


def test_a_state_of_other_limits_is_refused():
    one, two = SlidingWindow(1, 60.0), TokenBucket(1.0, 1)
    with pytest.raises(
        ValueError, match="of 1 limits, not of 2: handlers that share a state declare the same"
    ):
        Pacer([one, two]).restored(Pacer([one]).dump())


def test_limits_that_contradict_each_other_are_refused():
    with pytest.raises(ValueError, match="need the same on_excess and the same shared"):
        World(False, RateLimit(max_events=1, window_seconds=1), Throttle(rate=1.0, on_excess="reject"))
