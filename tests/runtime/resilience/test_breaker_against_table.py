"""The circuit breaker against a table of its states, with calls that overlap, are broken off, or never end."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pubsub_devtools import CircuitOpenError
from pubsub_devtools.resilience.declarations import CircuitBreaker
from pubsub_devtools.resilience.guard import Handled, Services, guarded
from pubsub_devtools.resilience.states import MemoryStates
from tests.runtime.resilience.worlds import Ping, Told, Turn, World

# phase, what a call that began in it did -> the next phase, given (failures, threshold, successes of probes, probes)
TABLE = {
    ("closed", "succeeded"): lambda failures, threshold, good, probes: "closed",
    ("closed", "failed"): lambda failures, threshold, good, probes: (
        "open" if failures + 1 == threshold else "closed"
    ),
    ("closed", "abandoned"): lambda failures, threshold, good, probes: "closed",
    ("half-open", "succeeded"): lambda failures, threshold, good, probes: (
        "closed" if good + 1 == probes else "half-open"
    ),
    ("half-open", "failed"): lambda failures, threshold, good, probes: "open",
    ("half-open", "abandoned"): lambda failures, threshold, good, probes: "half-open",
}
ERRORS = {"failed": OSError, "excluded": KeyError, "abandoned": GeneratorExit}


class BreakerMachine(RuleBasedStateMachine):
    """Calls are coroutines that wait inside the handler until a rule ends one of them."""

    @initialize(
        threshold=st.integers(1, 3),
        probes=st.integers(1, 3),
        shared=st.sampled_from([None, "mail"]),
    )
    def start(self, threshold, probes, shared):
        self.threshold, self.probes = threshold, probes
        self.now, self.phase, self.since, self.epoch = 0.0, "closed", 0.0, 0
        self.failures = self.given = self.good = 0
        self.running, self.hooks, self.changes = [], Told(), []
        guard = CircuitBreaker(
            failure_threshold=threshold, recovery_timeout=60.0, probes=probes, exclude=KeyError, shared=shared
        )
        clock = lambda: self.now  # noqa: E731
        services = Services(clock=clock, monotonic=clock, hooks=self.hooks, states=MemoryStates())

        async def handle(event):
            return await Turn()

        self.call = guarded(handle, Handled("shop.pong", "Ping", True), [guard], services)

    def enters(self, phase):
        if phase != self.phase:
            self.changes.append(("on_breaker_changed", "shop.pong", self.phase, phase))
        self.phase, self.since, self.epoch = phase, self.now, self.epoch + 1
        self.failures = self.given = self.good = 0

    @rule()
    def begin(self):
        wait = 0.0
        if self.phase != "closed":
            wait = self.since + 60.0 - self.now
            if wait <= 0:
                self.enters("half-open")
            is_let_through = self.phase == "half-open" and self.given < self.probes
            self.given += is_let_through
            wait = 0.0 if is_let_through else wait
        coroutine = self.call(Ping())
        if wait:
            with pytest.raises(CircuitOpenError) as refused:
                coroutine.send(None)
            assert refused.value.retry_after == wait
        else:
            coroutine.send(None)
            self.running.append((coroutine, self.epoch))

    @precondition(lambda self: self.running)
    @rule(data=st.data(), how=st.sampled_from(["succeeded", "failed", "excluded", "abandoned"]))
    def end(self, data, how):
        coroutine, epoch = self.running.pop(data.draw(st.integers(0, len(self.running) - 1)))
        error = ERRORS.get(how, StopIteration)
        with pytest.raises(error):
            coroutine.throw(error()) if how != "succeeded" else coroutine.send("done")
        if epoch != self.epoch:
            return
        how = "abandoned" if how == "excluded" else how  # neither says anything
        phase = TABLE[self.phase, how](self.failures, self.threshold, self.good, self.probes)
        if phase != self.phase:
            self.enters(phase)
        elif self.phase == "closed" and how != "abandoned":
            self.failures = self.failures + 1 if how == "failed" else 0
        elif how == "succeeded":
            self.good += 1
        elif how == "abandoned" and self.phase == "half-open":
            self.given -= 1

    @rule(seconds=st.sampled_from([1.0, 30.0, 59.0, 60.0, 61.0]))
    def wait(self, seconds):
        self.now += seconds

    @invariant()
    def tells_every_change(self):
        assert self.hooks.told == self.changes

    def teardown(self):
        for coroutine, _ in self.running:
            coroutine.close()


BreakerMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestBreaker = BreakerMachine.TestCase


@pytest.mark.parametrize("is_async", [False, True])
def test_excluded_errors_neither_count_nor_make_up_for_others(is_async):
    w = World(is_async, CircuitBreaker(failure_threshold=2, exclude=(KeyError, ValueError)))
    w.script = [KeyError(), OSError(), KeyError(), ValueError(), OSError()]
    for kind in (KeyError, OSError, KeyError, ValueError, OSError, CircuitOpenError):
        with pytest.raises(kind):
            w.call()


@pytest.mark.parametrize("is_async", [False, True])
def test_what_is_broken_off_is_no_failure(is_async):
    w = World(is_async, CircuitBreaker(failure_threshold=1))
    w.script = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        w.call()
    assert w.call() == "done"


@pytest.mark.parametrize("jump", [-1e9, -100.0, 1e9])
def test_a_clock_that_jumps_never_keeps_it_open_longer_than_its_time(jump):
    w = World(False, CircuitBreaker(failure_threshold=1, recovery_timeout=60, shared="mail"))
    w.now, w.script = 1e9, [OSError()]
    with pytest.raises(OSError):
        w.call()
    w.now += jump
    if jump < 0:
        with pytest.raises(CircuitOpenError) as refused:
            w.call()
        assert refused.value.retry_after == 60.0
        w.now += 60.0
    assert w.call() == "done"


def test_breakers_of_one_name_are_one():
    states = MemoryStates()
    guard = CircuitBreaker(failure_threshold=2, shared="mail")
    first, second = World(False, guard, states=states), World(True, guard, states=states)
    first.script, second.script = [OSError()], [OSError()]
    for w in (first, second):
        with pytest.raises(OSError):
            w.call()
    with pytest.raises(CircuitOpenError):
        first.call()
