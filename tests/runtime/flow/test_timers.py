"""`Timers` against a list, under two clocks that the test moves, jumps of the system's time included."""

import threading
import time

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from pubsub_devtools.bus.timers import Timers

moments = st.integers(-5, 20).map(float)


class TimersAgainstModel(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.elapsed, self.wall = 0.0, 1_000.0
        self.timers = Timers(clock=lambda: self.wall, monotonic=lambda: self.elapsed)
        self.by_hand = self.timers.by_hand(lambda: self.wall, lambda: self.elapsed)
        self.by_hand.__enter__()
        self.set, self.fired, self.cancelled, self.handles, self.due = [], [], set(), {}, {}

    def note(self, name, *, again=None):
        def action():
            self.fired.append(name)
            if again is not None:
                self.keep(f"{name}'", "elapsed", again)
            if len(self.fired) % 3 == 0:
                raise ValueError("an action that fails")

        return action

    def keep(self, name, basis, seconds, again=None):
        if basis == "elapsed":
            self.handles[name] = self.timers.after(seconds, self.note(name, again=again))
            self.due[name] = ("elapsed", self.elapsed + max(0.0, seconds))
        else:
            self.handles[name] = self.timers.at(self.wall + seconds, self.note(name, again=again))
            self.due[name] = ("wall", self.wall + max(0.0, seconds))
        self.set.append(name)

    def left(self, name):
        basis, due = self.due[name]
        return due - (self.elapsed if basis == "elapsed" else self.wall)

    def waiting(self):
        return [name for name in self.set if name not in self.cancelled and name not in self.fired]

    @rule(basis=st.sampled_from(["elapsed", "wall"]), seconds=moments, again=st.none() | moments)
    def add(self, basis, seconds, again):
        self.keep(f"{len(self.set)}", basis, seconds, again)

    @rule(seconds=st.integers(0, 10))
    def time_passes(self, seconds):
        self.elapsed += seconds
        self.wall += seconds

    @rule(seconds=st.integers(-30, 30))
    def the_systems_time_is_set(self, seconds):
        self.wall += seconds

    @precondition(lambda self: self.set)
    @rule(data=st.data())
    def cancel(self, data):
        name = data.draw(st.sampled_from(self.set))
        assert self.handles[name].cancel() == (name in self.waiting())
        if name not in self.fired:
            self.cancelled.add(name)

    @rule()
    def fire(self):
        due = [name for name in self.waiting() if self.left(name) <= 0]
        expected = sorted(due, key=self.left)  # sorted() keeps equals in the order in which they were set
        before = len(self.fired)
        assert self.timers.fire_due() == len(expected)
        assert self.fired[before:] == expected

    @rule()
    def look(self):
        waiting = self.waiting()
        assert sorted(timer.due for timer in self.timers.waiting()) == sorted(self.due[n][1] for n in waiting)
        left = [max(0.0, self.left(name)) for name in waiting]
        assert self.timers.seconds_to_next() == (min(left) if left else None)

    def teardown(self):
        assert len(self.fired) == len(set(self.fired)), "fired twice"
        assert not self.cancelled & set(self.fired)
        assert len(self.timers.close()) == len(self.waiting())
        self.by_hand.__exit__(None, None, None)
        assert self.timers._thread is None


TestTimersAgainstModel = TimersAgainstModel.TestCase
TestTimersAgainstModel.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_a_thread_fires_what_is_set_and_only_while_something_is():
    timers, fired = Timers(), threading.Semaphore(0)
    assert timers._thread is None
    for _ in range(3):
        timers.after(0.01, fired.release)
    timers.at(time.time() + 0.02, fired.release)
    for _ in range(4):
        assert fired.acquire(timeout=5)
    thread = timers._thread
    assert timers.close() == []
    assert not thread.is_alive()
    timers.after(0, fired.release)  # starts again
    assert fired.acquire(timeout=5)
    timers.close()


def test_an_earlier_timer_wakes_a_thread_that_sleeps_for_a_later_one():
    timers, fired = Timers(), threading.Event()
    late = timers.after(1e9, lambda: None)
    timers.after(0.01, fired.set)
    assert fired.wait(5)
    assert timers.close() == [late]
    assert late.state == "cancelled"


def test_a_jump_of_the_systems_time_is_noticed_by_the_thread():
    wall, fired = [1_000.0], threading.Event()
    timers = Timers(clock=lambda: wall[0])
    timers.at(5_000.0, fired.set)
    assert not fired.wait(0.05)
    wall[0] = 5_000.0
    assert fired.wait(5)
    timers.close()


def test_clocks_taken_over_keep_what_was_left_and_the_thread_takes_them_back():
    timers, fired = Timers(), threading.Event()
    timer = timers.after(3_600, fired.set)
    now = [0.0]
    with timers.by_hand(lambda: now[0]):
        assert timers.seconds_to_next() == pytest.approx(3_600, abs=5)
        now[0] = 3_599.0 - 5
        assert timers.fire_due() == 0
    assert timers.seconds_to_next() == pytest.approx(6, abs=6)
    assert timer.state == "waiting"
    timer.cancel()
    timers.close()


def test_cancelled_timers_do_not_lie_in_memory_until_they_would_have_been_due():
    timers = Timers()
    with timers.by_hand(lambda: 0.0):
        for _ in range(10_000):
            timers.after(1e6, lambda: None).cancel()
        assert sum(len(heap) for heap in timers._heaps.values()) < 200
