"""Eight threads at one guarded handler: what is promised holds as in one."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pubsub_devtools import CircuitOpenError
from pubsub_devtools.resilience.declarations import (
    CircuitBreaker,
    DeadLetter,
    Idempotent,
    RateLimit,
    Retry,
    Throttle,
    Timeout,
)
from pubsub_devtools.resilience.guard import Handled, Services, guarded
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.resilience.policies.retry import RetryPolicy
from tests.runtime.resilience.worlds import MemoryDeadLetterSink, Ping, Told

THREADS, EVENTS = 8, 100


def together(work):
    """Call ``work`` with each thread's number, all at once; return what each gave."""
    ready = threading.Barrier(THREADS)

    def start(number):
        ready.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(start, range(THREADS)))


def around(handle, *guards, **services):
    return guarded(handle, Handled("shop.pong", "Ping", False), guards, Services(**services))


def test_each_event_has_its_effect_once():
    effects, pings = [], [Ping(number) for number in range(EVENTS)]
    call = around(lambda event: effects.append(event.number), Idempotent())
    outcomes = together(lambda _: [call(ping) for ping in pings])
    assert sorted(effects) == list(range(EVENTS))
    assert sum(outcome is None for some in outcomes for outcome in some) == EVENTS


@pytest.mark.parametrize("shared", [None, "gateway"])
@pytest.mark.parametrize("on_excess", ["delay", "dlq"])
def test_no_window_holds_more_than_it_may(shared, on_excess):
    limits = [
        RateLimit(max_events=50, window_seconds=3600, on_excess=on_excess, shared=shared),
        Throttle(rate=0.001, burst=40, on_excess=on_excess, shared=shared),
    ]
    calls, hooks = [], Told()
    call = around(calls.append, *limits, hooks=hooks)
    outcomes = together(lambda _: [call(Ping()) for _ in range(EVENTS)])
    refused = [outcome for some in outcomes for outcome in some if outcome is not None]
    assert len(calls) == 40
    told = [slot for slot, *_ in hooks.told if slot == "on_rate_limited"]
    assert len(refused) == len(told) == THREADS * EVENTS - 40


@pytest.mark.parametrize("shared", [None, "mail"])
def test_a_breaker_changes_once_and_lets_as_many_probes_through_as_it_says(shared):
    now, hooks, calls, lock, inside, probes = [0.0], Told(), [], threading.Lock(), [], []
    probing = threading.Barrier(3, action=lambda: inside.append(len(probes)))

    def handle(event):
        calls.append(event)
        if now[0] == 0.0:
            raise OSError
        with lock:
            probes.append(event)
            is_probe = len(probes) <= 3
        if is_probe:
            probing.wait(30)

    clock = lambda: now[0]  # noqa: E731
    guard = CircuitBreaker(failure_threshold=5, recovery_timeout=60, probes=3, shared=shared)
    call = around(handle, guard, clock=clock, monotonic=clock, hooks=hooks)

    def refused(_):
        try:
            call(Ping())
        except CircuitOpenError:
            return True
        except OSError:
            return False
        return False

    for _ in range(3):
        together(refused)
    assert hooks.told == [("on_breaker_changed", "shop.pong", "closed", "open")]
    assert 5 <= len(calls) <= 4 + THREADS
    now[0] = 60.0
    together(refused)
    assert inside == [3], "three were inside at once, and nobody else"
    assert [after for *_, after in hooks.told] == ["open", "half-open", "closed"]


def test_every_guard_at_once_loses_nothing():
    pings = [Ping(number) for number in range(THREADS * EVENTS)]
    done, lock, failed_once = [], threading.Lock(), set()

    def handle(event):
        with lock:
            if event.number % 3 == 0 and event.number not in failed_once:
                failed_once.add(event.number)
                raise OSError
        if event.number % 10 == 0:
            raise ValueError
        done.append(event.number)

    services = Services(dead_letters=MemoryDeadLetterSink())
    call = guarded(
        handle,
        Handled("shop.pong", "Ping", False),
        [
            Idempotent(),
            RateLimit(max_events=10_000, window_seconds=1),
            DeadLetter(),
            Retry(RetryPolicy(max_retries=1, give_up_on=ValueError)),
            CircuitBreaker(failure_threshold=10_000),
            Timeout(60.0),
        ],
        services,
    )
    outcomes = together(lambda number: [call(ping) for ping in pings[number::THREADS]])
    buried = {failed.event.number for failed in services.dead_letters.failed}
    assert buried == {number for number in range(len(pings)) if number % 10 == 0}
    assert sorted(done) == [number for number in range(len(pings)) if number % 10]
    assert sum(outcome is Outcome.DEAD_LETTERED for some in outcomes for outcome in some) == len(buried)
