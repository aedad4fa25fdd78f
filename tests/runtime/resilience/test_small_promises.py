"""What guards keep to themselves: small promises that each were broken once."""

import asyncio
import gc

import pytest

from pubsub_devtools import BaseEvent, EventBus, RetryPolicy, circuit_breaker, event_handler
from pubsub_devtools.resilience.attempt import resuming
from pubsub_devtools.resilience.declarations import CircuitBreaker, Idempotent, RateLimit, Retry
from pubsub_devtools.resilience.delayed import DelayedAttempt
from pubsub_devtools.resilience.errors import CircuitOpenError, RateLimitedError
from pubsub_devtools.resilience.guard import Handled, Services, guarded
from pubsub_devtools.resilience.guards.circuit import Circuit
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.resilience.policies.breaker import failed, succeeded
from pubsub_devtools.resilience.seen import CLAIMED, Claim, MemorySeen, UnderWay
from pubsub_devtools.resilience.states import MemoryStates


class SmallPing(BaseEvent):
    number: int = 0


PONG = Handled("shop.pong", "Ping", is_async=False)
PONG_ASYNC = Handled("shop.pong", "Ping", is_async=True)


def scripted(script):
    """A handler that raises what the script says, and succeeds once it is at its end."""

    def handle(event):
        if script and (error := script.pop(0)) is not None:
            raise error
        return "done"

    return handle


def test_a_recovered_breaker_is_as_quiet_as_a_new_one():
    now = 0.0
    circuit = Circuit(
        CircuitBreaker(failure_threshold=2, recovery_timeout=60), PONG, Services(monotonic=lambda: now)
    )
    circuit.ended(failed, 0)
    assert circuit.quiet is None
    circuit.ended(succeeded, 0)
    assert circuit.quiet == 0
    for _ in range(2):
        circuit.ended(failed, 0)
    now = 60.0
    circuit.ended(succeeded, circuit.admitted())
    assert circuit.quiet == 3  # closed, open, half-open, closed
    circuit.ended(failed, 0)  # a call from before has no say
    assert circuit.quiet == 3


def test_an_excluded_error_neither_counts_nor_makes_up_for_failures():
    guard = CircuitBreaker(failure_threshold=2, exclude=KeyError)
    call = guarded(scripted([OSError(), KeyError(), OSError()]), PONG, [guard], Services())
    for error in (OSError, KeyError, OSError, CircuitOpenError):
        with pytest.raises(error):
            call(SmallPing())


def test_an_excluded_error_of_a_probe_frees_it():
    now, guard = 0.0, CircuitBreaker(failure_threshold=1, recovery_timeout=60, exclude=KeyError)
    call = guarded(scripted([OSError(), KeyError()]), PONG, [guard], Services(monotonic=lambda: now))
    with pytest.raises(OSError):
        call(SmallPing())
    now = 60.0
    with pytest.raises(KeyError):
        call(SmallPing())
    assert call(SmallPing()) == "done"


@pytest.mark.parametrize(
    "guards", [[Retry(RetryPolicy(max_retries=1))], [RateLimit(max_events=9, window_seconds=1)]]
)
@pytest.mark.parametrize("is_async", [False, True])
def test_what_a_resumed_handler_publishes_to_itself_is_no_attempt(guards, is_async, monkeypatch):
    from pubsub_devtools.resilience import attempt

    inside = []

    def handle(event):
        inside.append(attempt.resumed("shop.pong", event))

    async def handle_async(event):
        handle(event)

    handled = PONG_ASYNC if is_async else PONG
    call = guarded(handle_async if is_async else handle, handled, guards, Services())
    ping = SmallPing()
    with resuming(DelayedAttempt("1", "shop.pong", ping, None, due=0.0, attempt=1)):
        asyncio.run(_awaited(call, ping)) if is_async else call(ping)
        assert attempt.resumed("shop.pong", ping) is not None
    assert inside == [None]


async def _awaited(call, event):
    return await call(event)


class SlowStates(MemoryStates):
    """A store that can only be awaited."""

    def get(self, key):
        raise AssertionError("it blocks the loop")

    swap = get

    async def get_async(self, key):
        await asyncio.sleep(0)
        return MemoryStates.get(self, key)

    async def swap_async(self, key, expected, new):
        await asyncio.sleep(0)
        return MemoryStates.swap(self, key, expected, new)


def test_shared_states_that_wait_are_awaited():
    states = SlowStates()
    handle = scripted([OSError()])

    async def handle_async(event):
        return handle(event)

    guards = [
        CircuitBreaker(failure_threshold=1, shared="mail"),
        RateLimit(max_events=2, window_seconds=60, on_excess="reject", shared="mail"),
    ]
    one, other = (guarded(handle_async, PONG_ASYNC, guards, Services(states=states)) for _ in range(2))

    async def main():
        return await asyncio.gather(one(SmallPing()), return_exceptions=True) + await asyncio.gather(
            other(SmallPing()), one(SmallPing()), return_exceptions=True
        )

    assert [type(each) for each in asyncio.run(main())] == [OSError, CircuitOpenError, RateLimitedError]


def test_a_shared_state_that_fails_once_a_handler_was_called_leaves_its_result(caplog):
    class Fails(MemoryStates):
        down = False

        def get(self, key):
            if self.down:
                raise ConnectionError
            return super().get(key)

    states = Fails()

    def handle(event):
        states.down = True
        return "done"

    call = guarded(handle, PONG, [CircuitBreaker(shared="mail")], Services(states=states))
    assert call(SmallPing()) == "done"
    assert "could not be told how a call ended" in caplog.text
    with pytest.raises(ConnectionError):  # it cannot be asked, so nobody is called
        call(SmallPing())


def test_claims_with_one_time_are_still_apart():
    seen, until = MemorySeen(), 60.0
    assert [seen.claim("shop.pong", "e", 0.0, until) for _ in range(2)] == [CLAIMED, UnderWay(until)]
    assert seen.claim("shop.other", "e", 0.0, until) is CLAIMED
    assert seen.claim("shop.pong", "e", 60.0, 120.0) is CLAIMED  # the first has ended
    assert not seen.confirm("shop.pong", "e", until, 900.0)
    assert seen.confirm("shop.pong", "e", 120.0, 900.0)
    assert seen.claim("shop.pong", "e", 899.0, 960.0) is Claim.SEEN
    assert seen.claim("shop.pong", "e", 900.0, 960.0) is CLAIMED


def test_guards_on_the_happy_path_leave_nothing_behind():
    call = guarded(
        lambda event: None, PONG, [Idempotent(), Retry(RetryPolicy())], Services(seen=MemorySeen(10))
    )
    gc.collect()
    gc.disable()
    try:
        for number in range(1000):
            call(SmallPing(number))
        held = [each for each in gc.get_objects() if isinstance(each, SmallPing)]
    finally:
        gc.enable()
    assert held == []


def test_a_bus_runs_what_it_guards():
    bus, calls = EventBus(), []

    @event_handler(SmallPing, idempotent=True)
    @circuit_breaker(failure_threshold=1)
    def pong(event: SmallPing) -> None:
        calls.append(event.number)

    bus.include(pong)
    ping = SmallPing(1)
    bus.publish(ping)
    bus.publish(ping)
    assert calls == [1]


def test_a_duplicate_is_told_apart_from_a_result():
    call = guarded(lambda event: "pong", PONG, [Idempotent()], Services())
    ping = SmallPing()
    assert [call(ping), call(ping)] == ["pong", Outcome.DUPLICATE]
