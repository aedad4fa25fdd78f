"""Guards around a call, of synchronous and async handlers alike, under a clock that the test sets."""

import asyncio

import pytest

from pubsub_devtools import (
    CircuitOpenError,
    HandlerTimeoutError,
    PoisonMessageError,
    RateLimitedError,
)
from pubsub_devtools.resilience.declarations import (
    Bulkhead,
    CircuitBreaker,
    DeadLetter,
    Idempotent,
    RateLimit,
    Retry,
    Timeout,
)
from pubsub_devtools.resilience.errors import BulkheadFullError
from pubsub_devtools.resilience.guard import Handled, Services, guarded
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.resilience.policies.retry import RetryPolicy
from tests.runtime.resilience.worlds import Ping, World


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def world(request):
    return lambda *guards: World(request.param, *guards)


def test_retries_come_at_once_then_delayed_then_as_a_dead_letter(world):
    w = world(DeadLetter(), Retry(RetryPolicy(max_retries=3, immediate=1)))
    w.script = [OSError(number) for number in range(4)]
    assert w.call(Ping()) is Outcome.DEFERRED
    assert (len(w.called), w.services.delayed.next_due()) == (2, 1.0)
    w.now = 1.0
    assert w.resume() is Outcome.DEFERRED
    assert w.services.delayed.next_due() == 3.0
    w.now = 3.0
    assert w.resume() is Outcome.DEAD_LETTERED
    (failed,) = w.services.dead_letters.failed
    assert (failed.attempts, failed.error.args, failed.first_failed, failed.last_failed) == (
        4,
        (3,),
        0.0,
        3.0,
    )
    assert w.services.delayed.next_due() is None


def test_without_dead_letters_the_last_error_is_raised(world):
    w = world(Retry(RetryPolicy(max_retries=1)))
    w.script = [OSError(1), OSError(2)]
    with pytest.raises(OSError, match="2"):
        w.call(Ping())


def test_poison_is_never_retried(world):
    w = world(DeadLetter(), Retry(RetryPolicy()))
    w.script = [PoisonMessageError()]
    assert (w.call(Ping()), len(w.called)) == (Outcome.DEAD_LETTERED, 1)


def test_a_failed_handler_does_not_count_as_seen(world):
    w, ping = world(Idempotent()), Ping()
    w.script = [OSError()]
    with pytest.raises(OSError):
        w.call(ping)
    assert [w.call(ping), w.call(ping), len(w.called)] == ["done", Outcome.DUPLICATE, 2]


def test_a_breaker_opens_probes_and_closes(world):
    w = world(CircuitBreaker(failure_threshold=2, recovery_timeout=60))
    w.script = [OSError(), OSError()]
    for _ in range(2):
        with pytest.raises(OSError):
            w.call(Ping())
    with pytest.raises(CircuitOpenError, match=r"shop\.pong is not called with Ping") as caught:
        w.call(Ping())
    assert (len(w.called), caught.value.retry_after) == (2, 60.0)
    w.now = 60.0
    assert [w.call(Ping()), w.call(Ping())] == ["done", "done"]


def test_an_event_over_the_rate_is_called_when_there_is_room(world):
    w = world(RateLimit(max_events=1, window_seconds=60))
    assert [w.call(Ping()), w.call(Ping())] == ["done", Outcome.DEFERRED]
    w.now = 60.0
    assert w.resume() == "done"


def test_an_event_over_the_rate_is_refused_or_buried_on_choice(world):
    w = world(RateLimit(max_events=1, window_seconds=60, on_excess="reject"))
    w.call(Ping())
    with pytest.raises(RateLimitedError):
        w.call(Ping())
    w = world(RateLimit(max_events=1, window_seconds=60, on_excess="dlq"))
    assert [w.call(Ping()), w.call(Ping())] == ["done", Outcome.DEAD_LETTERED]


def test_what_took_too_long_has_failed(world):
    w = world(Timeout(1.0))
    assert w.call(Ping()) == "done"
    w.takes = 2.0
    with pytest.raises(HandlerTimeoutError):
        w.call(Ping())


def test_an_async_handler_that_waits_too_long_is_cancelled():
    ended = []

    async def waits(event):
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("cancelled")

    call = guarded(waits, Handled("shop.pong", "Ping", True), [Timeout(0.01)], Services())

    async def main():
        await call(Ping())

    with pytest.raises(HandlerTimeoutError):
        asyncio.run(main())
    assert ended == ["cancelled"]


def test_a_full_bulkhead_lets_wait_then_refuses():
    async def main():
        gate = asyncio.Event()

        async def waits(event):
            await gate.wait()

        call = guarded(
            waits, Handled("shop.pong", "Ping", True), [Bulkhead(max_concurrent=1, max_waiting=1)], Services()
        )
        tasks = [asyncio.ensure_future(call(Ping())) for _ in range(3)]
        await asyncio.sleep(0)
        gate.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(result) for result in asyncio.run(main())] == [type(None), type(None), BulkheadFullError]
