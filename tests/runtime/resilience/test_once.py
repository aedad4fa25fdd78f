"""An idempotent handler, whatever dies in the middle: no event is lost, and none is handled twice without need.

Two processes that share a store get the same event. Each is a task that waits at a gate before each of its steps, and the
test opens the gates in every order there is. A process that dies is one whose gate is never opened again: what it held in
memory is gone with it, its claim stays.
"""

import asyncio
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import combinations

import pytest

from pubsub_devtools import BaseEvent, Envelope, EventBus, event_handler
from pubsub_devtools.resilience.attempt import resuming
from pubsub_devtools.resilience.declarations import Idempotent, RateLimit, Retry
from pubsub_devtools.resilience.delayed import DelayedAttempt, MemoryDelayedAttempts
from pubsub_devtools.resilience.errors import UnderWayError
from pubsub_devtools.resilience.guard import Handled, Services, guarded
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.resilience.policies.retry import RetryPolicy
from pubsub_devtools.resilience.seen import Claim, MemorySeen, UnderWay

LEASE = 60.0
STEPS = 4
"""The claim, the effect, the confirmation, the end: each follows when the gate is opened once more."""

gate: ContextVar[asyncio.Semaphore | None] = ContextVar("gate", default=None)


class Ping(BaseEvent):
    number: int = 0


async def step():
    if (own := gate.get()) is not None:
        await own.acquire()


class Waiting:
    """A store of which each method is awaited."""

    def __init__(self, store):
        self.claim, self.confirm, self.release = store.claim, store.confirm, store.release

    async def claim_async(self, *values):
        return self.claim(*values)

    async def confirm_async(self, *values):
        return self.confirm(*values)

    async def release_async(self, *values):
        return self.release(*values)


class World:
    """What outlives a process: the store, the clock, and the handler's effects."""

    def __init__(self, *, waits):
        self.now, self.effects = 0.0, 0
        self.store = Waiting(MemorySeen()) if waits else MemorySeen()


class Process:
    """One process: its gate, its attempts that are put off, and its delivery of the event."""

    def __init__(self, world, event):
        self.world, self.event = world, event
        self.gate, self.delayed = asyncio.Semaphore(0), MemoryDelayedAttempts()
        services = Services(clock=lambda: world.now, seen=world.store, delayed=self.delayed)
        handled = Handled("shop.pong", "Ping", is_async=True)
        self.call = guarded(self.handle, handled, [Idempotent(lease=LEASE)], services)
        self.task = asyncio.ensure_future(self.deliver())
        self.steps = 0

    async def handle(self, event):
        await step()
        self.world.effects += 1
        await step()
        return "done"

    async def deliver(self):
        gate.set(self.gate)
        await step()
        outcome = await self.call(self.event)
        await step()
        return outcome

    async def go_on(self):
        self.steps += 1
        self.gate.release()
        for _ in range(6):
            await asyncio.sleep(0)

    async def do_the_rest(self):
        """Do what was put off; the clock goes on to when each is due."""
        outcomes = []
        while (due := self.delayed.next_due()) is not None:
            assert len(outcomes) < 3, "it is put off again and again"
            self.world.now = max(self.world.now, due)
            for attempt in self.delayed.due(self.world.now):
                with resuming(attempt):
                    outcomes.append(await self.call(attempt.event))
                if outcomes[-1] is not Outcome.DEFERRED:
                    self.delayed.remove(attempt.id)
        return outcomes


def orders():
    """Every order of the steps of two processes."""
    for firsts in combinations(range(2 * STEPS), STEPS):
        yield [0 if place in firsts else 1 for place in range(2 * STEPS)]


async def delivered_twice(world, order, *, dies_after=None):
    """Deliver one event in two processes in this order; the first dies after so many steps."""
    event = Ping()
    both = [Process(world, event) for _ in range(2)]
    for who in (*order, 1, 0):
        if who == 1 or dies_after is None or both[0].steps < dies_after:
            await both[who].go_on()
    living = both if dies_after is None else both[1:]
    outcomes = [await process.task for process in living]
    rest = [await process.do_the_rest() for process in living]
    effects = world.effects
    for process in both:
        process.task.cancel()
    await asyncio.gather(*(process.task for process in both), return_exceptions=True)
    return outcomes, rest, effects


@pytest.mark.parametrize("waits", [False, True], ids=["at once", "awaited"])
def test_in_every_order_two_deliveries_have_one_effect(waits):
    async def main():
        met = set()
        for order in orders():
            outcomes, rest, effects = await delivered_twice(World(waits=waits), order)
            assert effects == 1, order
            other = next(outcome for outcome in outcomes if outcome != "done")
            later = [Outcome.DUPLICATE] if other is Outcome.DEFERRED else []
            assert outcomes.count("done") == 1
            assert sorted(rest) == sorted([later, []]), order
            met.add(other)
        assert met == {Outcome.DEFERRED, Outcome.DUPLICATE}

    asyncio.run(main())


@pytest.mark.parametrize("waits", [False, True], ids=["at once", "awaited"])
def test_in_every_order_an_event_whose_process_dies_is_handled_by_the_other(waits):
    async def main():
        met = set()
        for order in orders():
            for dies_after in range(STEPS + 1):
                world = World(waits=waits)
                outcomes, rest, effects = await delivered_twice(world, order, dies_after=dies_after)
                assert effects in (1, 2), (order, dies_after)
                assert effects == 1 or dies_after == 2, (
                    "only a death between the effect and its confirmation repeats it"
                )
                met.add((dies_after, effects, *outcomes, *rest[0]))
        assert (1, 1, Outcome.DEFERRED, "done") in met
        assert (2, 2, Outcome.DEFERRED, "done") in met
        assert (3, 1, Outcome.DUPLICATE) in met
        assert (0, 1, "done") in met

    asyncio.run(main())


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def call(request):
    """Calls a guarded handler, sync or async."""

    def make(services, *guards, handle=lambda event: "done"):
        async def handle_async(event):
            return handle(event)

        is_async = request.param
        handled = Handled("shop.pong", "Ping", is_async)
        guarded_call = guarded(handle_async if is_async else handle, handled, guards, services)

        async def main(event):
            return await guarded_call(event)

        return (lambda event: asyncio.run(main(event))) if is_async else guarded_call

    return make


def test_an_event_under_way_is_kept_until_the_claim_ends(call):
    now, ping, told = [0.0], Ping(), []
    around = Envelope(ping.id, "Ping", "", "shop", datetime(2030, 1, 1, tzinfo=UTC), ping.id, key="k")

    class Hooks:
        on_duplicate = staticmethod(lambda handler, event: told.append(handler))

    services = Services(clock=lambda: now[0], envelope=lambda: around)
    services.hooks = Hooks()
    handler = call(services, Idempotent(lease=LEASE))
    assert services.seen.claim("shop.pong", ping.id, 0.0, 45.0) is Claim.CLAIMED
    assert handler(ping) is Outcome.DEFERRED
    assert told == []
    assert services.delayed.due(44.9) == []
    (attempt,) = services.delayed.due(45.0)
    assert (attempt.event.id, attempt.envelope, attempt.why, attempt.attempt) == (
        ping.id,
        around,
        "under_way",
        0,
    )
    now[0] = 45.0
    with resuming(attempt):
        assert handler(ping) == "done"
        assert handler(ping) is Outcome.DUPLICATE
    assert told == ["shop.pong"]


def test_an_attempt_that_meets_a_claim_stays_what_it_was_and_counts_no_crash(call):
    services, ping = Services(clock=lambda: 0.0), Ping()
    handler = call(services, Idempotent(), Retry(RetryPolicy(max_retries=5)))
    services.seen.claim("shop.pong", ping.id, 0.0, 45.0)
    kept = DelayedAttempt("1", "shop.pong", ping, None, due=0.0, attempt=3, error="OSError: no", taken=1)
    services.delayed.add(kept)
    (taken,) = services.delayed.due(0.0)
    with resuming(taken):
        assert handler(ping) is Outcome.DEFERRED
    (again,) = services.delayed.due(45.0)
    assert (again.id, again.attempt, again.error, again.why, again.taken) == (
        "1",
        3,
        "OSError: no",
        "retry",
        2,
    )


def test_what_was_let_through_by_its_rate_keeps_its_turn(call):
    services, ping, now = Services(clock=lambda: now[0], monotonic=lambda: now[0]), Ping(), [0.0]
    handler = call(services, Idempotent(), RateLimit(max_events=1, window_seconds=10))
    assert [handler(Ping()), handler(ping)] == ["done", Outcome.DEFERRED]
    now[0] = 10.0
    services.seen.claim("shop.pong", ping.id, 10.0, 45.0)
    (attempt,) = services.delayed.due(10.0)
    with resuming(attempt):
        assert handler(ping) is Outcome.DEFERRED
    (attempt,) = services.delayed.due(45.0)
    assert attempt.why == "rate_limit"


def test_an_event_under_way_that_cannot_be_kept_is_told(call):
    class Full(MemoryDelayedAttempts):
        def add(self, attempt):
            raise OSError("disk full")

    services, ping = Services(clock=lambda: 0.0, delayed=Full()), Ping()
    services.seen.claim("shop.pong", ping.id, 0.0, 45.0)
    with pytest.raises(UnderWayError, match=r"shop\.pong is not called with Ping: .* after 45 s") as told:
        call(services, Idempotent(lease=45.0))(ping)
    assert told.value.retry_after == 45.0
    assert "disk full" in told.value.__notes__[0]
    assert services.seen.claim("shop.pong", ping.id, 1.0, 46.0) == UnderWay(45.0), "it is still the other's"


def test_on_a_bus_an_event_whose_handler_died_elsewhere_is_handled_when_that_claim_ends():
    now, handled = [0.0], []
    bus = EventBus(clock=lambda: now[0])

    @event_handler(Ping, idempotent=True)
    def handle(event):
        handled.append(event.number)

    bus.include(handle)
    ping, name = Ping(7), f"{__name__}.{handle.__qualname__}"
    with bus.timers.by_hand(lambda: now[0]):
        bus.services.seen.claim(name, ping.id, 0.0, 45.0)  # by a process that has died
        bus.publish(ping)
        assert handled == []
        now[0] = 44.0
        bus.timers.fire_due()
        assert handled == []
        now[0] = 45.0
        bus.timers.fire_due()
        assert handled == [7]
        bus.publish(ping)
        assert handled == [7]
    bus.close()
