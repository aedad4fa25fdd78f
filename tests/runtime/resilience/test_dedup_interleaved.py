"""Two deliveries of one event, in every order of their steps that a draw finds: the effect happens once, and is never lost."""

import asyncio
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools.resilience.declarations import DeadLetter, Idempotent, Retry
from pubsub_devtools.resilience.guard import Handled, Services, guarded
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.resilience.policies.retry import RetryPolicy
from pubsub_devtools.resilience.seen import Claim, MemorySeen
from tests.runtime.resilience.stepping import Gates, settled
from tests.runtime.resilience.worlds import Ping, World

LEASE = 60.0


class SlowSeen(MemorySeen):
    """A store that waits before or after it does what it was told, as one behind a thread or a network does.

    What it was told while its caller was broken off is done all the same, in the order in which it was told.
    """

    def __init__(self, gates, is_early):
        super().__init__()
        self._gates, self._is_early = gates, is_early

    async def claim_async(self, *arguments):
        return await self._do(self.claim, arguments)

    async def confirm_async(self, *arguments):
        return await self._do(self.confirm, arguments)

    async def release_async(self, *arguments):
        return await self._do(self.release, arguments)

    async def _do(self, step, arguments):
        if self._is_early:
            done = step(*arguments)
            await self._gates.wait()
            return done
        await self._gates.wait()
        return step(*arguments)


class Deliveries:
    """Deliveries of one event to one handler, whose effect comes after it has waited once."""

    def __init__(self, store, gates, script):
        self.now, self.effects, self.script, self.gates = 0.0, 0, script, gates

        async def handle(event):
            await gates.wait()
            if self.script and self.script.pop(0):
                raise OSError
            self.effects += 1
            return "done"

        self.ping = Ping()
        services = Services(clock=lambda: self.now, seen=store)
        self._call = guarded(handle, Handled("shop.pong", "Ping", True), [Idempotent(lease=LEASE)], services)

    def deliver(self):
        return asyncio.ensure_future(self._call(self.ping))


steps = st.lists(
    st.tuples(st.sampled_from(["open", "open", "open", "cancel", "deliver"]), st.integers(0, 3)), max_size=16
)


@settings(max_examples=250, deadline=None)
@given(steps, st.sampled_from(["memory", "early", "late"]), st.lists(st.booleans(), max_size=2))
def test_within_the_lease_the_effect_happens_once_and_is_never_forgotten(steps, kind, fails):
    async def main():
        gates = Gates()
        store = MemorySeen() if kind == "memory" else SlowSeen(gates, kind == "early")
        d = Deliveries(store, gates, fails)
        tasks = [d.deliver(), d.deliver()]
        for step, place in steps:
            if step == "open":
                gates.open(place)
            elif step == "cancel":
                tasks[place % len(tasks)].cancel()
            else:
                tasks.append(d.deliver())
            await settled()
        await gates.open_all()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert d.effects <= 1
        assert ends.count("done") <= d.effects
        before, d.script = d.effects, []
        last = d.deliver()
        await gates.open_all()
        assert (await last, d.effects) == (Outcome.DUPLICATE if before else "done", 1)

    asyncio.run(main())


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["open", "open", "deliver", "wait", "jump back"]), st.integers(0, 3)),
        max_size=16,
    ),
    st.sampled_from(["memory", "early", "late"]),
)
def test_more_effects_than_one_take_a_lease_that_ended(steps, kind):
    async def main():
        gates = Gates()
        d = Deliveries(MemorySeen() if kind == "memory" else SlowSeen(gates, kind == "early"), gates, [])
        tasks, ended = [d.deliver()], 0
        for step, place in steps:
            if step == "open":
                gates.open(place)
            elif step == "deliver":
                tasks.append(d.deliver())
            else:
                d.now += LEASE if step == "wait" else -7.0
                ended += step == "wait"
            await settled()
        await gates.open_all()
        assert 1 <= d.effects <= 1 + ended

    asyncio.run(main())


@pytest.mark.parametrize("is_async", [False, True])
def test_a_claim_whose_process_died_holds_the_event_until_its_lease_ends(is_async):
    w, ping = World(is_async, Idempotent(lease=LEASE)), Ping()
    w.services.seen.claim("shop.pong", ping.id, 0.0, LEASE)  # by a process that is no more
    assert w.call(ping) is Outcome.DEFERRED
    w.now = LEASE
    assert w.resume() == "done"


@pytest.mark.parametrize("is_async", [False, True])
def test_an_event_is_seen_for_its_time(is_async):
    w, ping = World(is_async, Idempotent(ttl=100.0)), Ping()
    outcomes = []
    for w.now in (0.0, 99.0, 100.0, 101.0):
        outcomes.append(w.call(ping))
    assert outcomes == ["done", Outcome.DUPLICATE, "done", Outcome.DUPLICATE]


@pytest.mark.parametrize("is_async", [False, True])
def test_another_event_and_another_handler_are_not_confused(is_async):
    seen, ping = MemorySeen(), Ping()
    w = World(is_async, Idempotent(), seen=seen)
    assert [w.call(ping), w.call(Ping()), seen.claim("shop.other", ping.id, 0.0, 1.0)] == [
        "done",
        "done",
        Claim.CLAIMED,
    ]


@pytest.mark.parametrize("is_async", [False, True])
def test_what_was_put_off_or_buried_does_not_count_as_seen(is_async):
    w, ping = (
        World(is_async, Idempotent(), Retry(RetryPolicy(max_retries=1, immediate=0)), DeadLetter()),
        Ping(),
    )
    w.script = [OSError(), OSError()]
    assert w.call(ping) is Outcome.DEFERRED
    w.now = 1.0
    assert w.resume() is Outcome.DEAD_LETTERED
    assert [w.call(ping), w.call(ping), len(w.called)] == ["done", Outcome.DUPLICATE, 3]


@pytest.mark.parametrize("is_async", [False, True])
def test_a_call_that_outlasts_its_lease_is_told_where_another_came(is_async, caplog):
    class Overtaken(MemorySeen):
        def confirm(self, handler, event_id, until, seen_until):
            self.claim(handler, event_id, until, until + LEASE)  # another call, just before
            return super().confirm(handler, event_id, until, seen_until)

    w, ping = World(is_async, Idempotent(lease=LEASE), seen=Overtaken()), Ping()
    with caplog.at_level(logging.WARNING, "pubsub_devtools"):
        assert w.call(ping) == "done"
    assert "give Idempotent(lease=...) more seconds than a call can take" in caplog.text


def test_memory_forgets_the_oldest_and_says_what_it_needs():
    seen = MemorySeen(max_entries=2)
    for number in range(5):
        assert seen.claim("shop.pong", str(number), 0.0, LEASE) is Claim.CLAIMED
        assert seen.confirm("shop.pong", str(number), LEASE, 1e9)
    assert [seen.claim("shop.pong", str(number), 1.0, LEASE) for number in range(5)] == [
        Claim.CLAIMED,
        Claim.CLAIMED,
        Claim.SEEN,
        Claim.SEEN,
        Claim.SEEN,
    ]
    with pytest.raises(ValueError, match=r"MemorySeen\(max_entries=0\): it must keep at least 1"):
        MemorySeen(max_entries=0)
