"""Retries against a model that is written down here once more, under clocks, delays and errors drawn at random."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools import PoisonMessageError
from pubsub_devtools.resilience.attempt import resuming
from pubsub_devtools.resilience.declarations import DeadLetter, Retry
from pubsub_devtools.resilience.errors import RefusedError, RetryDeadlineError
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.resilience.policies.retry import RetryPolicy
from tests.runtime.resilience.worlds import World

SIMPLE = [OSError, ConnectionError, KeyError, ValueError, PoisonMessageError]
seconds = st.one_of(st.just(0.0), st.floats(0.001, 50))
classes = st.lists(st.sampled_from([Exception, OSError, KeyError, ValueError]), max_size=2).map(tuple)
policies = st.builds(
    RetryPolicy,
    max_retries=st.integers(0, 6),
    immediate=st.integers(0, 4),
    base_delay=seconds,
    factor=st.floats(1, 5),
    max_delay=seconds,
    jitter=st.booleans(),
    retry_on=st.one_of(st.just((Exception,)), classes),
    give_up_on=st.one_of(st.just(()), classes),
    deadline=st.one_of(st.none(), seconds, st.floats(50, 200)),
)
single = st.sampled_from(SIMPLE).map(lambda kind: kind())
errors = st.one_of(
    single,
    st.builds(RefusedError, st.just("refused"), retry_after=seconds),
    st.lists(single, min_size=1, max_size=2).map(lambda inner: ExceptionGroup("several", inner)),
)


def leaves(error):
    return (
        [leaf for inner in error.exceptions for leaf in leaves(inner)]
        if isinstance(error, ExceptionGroup)
        else [error]
    )


def is_curable(policy, error):
    never = (*policy.give_up_on, PoisonMessageError)
    if any(isinstance(one, never) for one in (error, *leaves(error))):
        return False
    return isinstance(error, policy.retry_on) or all(
        isinstance(one, policy.retry_on) for one in leaves(error)
    )


def expected(policy, script, draws, takes, late):
    """Return when the handler is called, and what the delivery ends with."""
    now, calls = 0.0, []
    for number, error in enumerate([*script, None], start=1):
        calls.append(now)
        now += takes
        if error is None:
            return calls, "done"
        if number > policy.max_retries or not is_curable(policy, error):
            return calls, error
        wish = getattr(error, "retry_after", 0.0)
        delay = 0.0
        if number > policy.immediate or wish:
            step = max(0, number - policy.immediate - 1)
            bound = min(policy.max_delay, policy.base_delay * policy.factor**step)
            delay = max(wish, bound * draws[number - 1] if policy.jitter else bound)
        if policy.deadline is not None and now + delay > policy.deadline:
            return calls, error
        if delay:
            now = (now + delay) + late
            if policy.deadline is not None and now > policy.deadline:
                return calls, RetryDeadlineError
    raise AssertionError("the script ends with a success")


@settings(max_examples=150, deadline=None)
@given(
    policies,
    st.lists(errors, max_size=8),
    st.lists(st.floats(0, 1, exclude_max=True), min_size=9, max_size=9),
    seconds,
    seconds,
    st.booleans(),
)
def test_calls_come_when_the_model_says_and_end_as_it_says(policy, script, draws, takes, late, is_async):
    calls, end = expected(policy, script, draws, takes, late)
    w = World(is_async, DeadLetter(), Retry(policy))
    w.script, w.draws, w.takes = list(script), list(draws), takes
    outcome = w.call()
    while outcome is Outcome.DEFERRED:
        w.now = w.services.delayed.next_due() + late
        outcome = w.resume()
    assert w.called == calls
    assert len(calls) <= 1 + policy.max_retries
    assert policy.deadline is None or calls[-1] <= policy.deadline
    assert w.services.delayed.next_due() is None
    if end == "done":
        assert (outcome, w.services.dead_letters.failed) == ("done", [])
        return
    (failed,) = w.services.dead_letters.failed
    assert (outcome, failed.attempts) == (Outcome.DEAD_LETTERED, len(calls))
    assert isinstance(failed.error, end) if isinstance(end, type) else failed.error is end
    assert failed.first_failed == takes


@given(policies, st.integers(1, 5000), st.floats(0, 1, exclude_max=True), st.floats(0, 1000))
def test_a_delay_lies_within_full_jitter(policy, attempt, draw, elapsed):
    delay = policy.delay_after(attempt, OSError(), elapsed=elapsed, random=draw)
    if delay is None:
        return
    bound = policy.bound(attempt)
    assert 0 <= delay <= bound <= policy.max_delay
    assert attempt > policy.immediate or delay == 0
    assert policy.deadline is None or elapsed + delay <= policy.deadline


@given(st.floats(1e-9, 1e6), st.floats(1, 1e3), st.floats(0, 1e9), st.integers(1, 10**6))
def test_no_number_of_attempts_overflows(base, factor, cap, attempt):
    policy = RetryPolicy(immediate=0, base_delay=base, factor=factor, max_delay=cap)
    assert 0 <= policy.bound(attempt) <= policy.bound(attempt + 1) <= cap


def test_an_attempt_that_kills_its_process_again_and_again_is_poison():
    w = World(False, DeadLetter(), Retry(RetryPolicy(immediate=0, max_crashes=2)))
    w.script = [OSError("first")]
    w.call()
    w.now = 1.0
    for _ in range(2):  # two takers die
        w.services.delayed.due(w.now, lease=0.0)
    assert w.resume() is Outcome.DEAD_LETTERED
    (failed,) = w.services.dead_letters.failed
    assert isinstance(failed.error, PoisonMessageError)
    assert "ended during 2 attempts; the last error was: OSError: first" in str(failed.error)
    assert len(w.called) == 1


def test_a_clock_that_is_set_back_ends_no_retry():
    w = World(False, Retry(RetryPolicy(max_retries=5, immediate=0, deadline=10.0, jitter=False)))
    w.now, w.script = 1000.0, [OSError(), OSError()]
    w.call()
    w.services.delayed.due(2000.0, lease=0.0)
    w.now = 500.0  # set back by more than the deadline
    (attempt,) = w.services.delayed.due(2000.0, lease=0.0)
    with resuming(attempt):
        assert w.call(attempt.event) is Outcome.DEFERRED
    assert w.services.delayed.next_due() == 502.0
