"""The bulkhead under calls that end, fail, wait and are cancelled at every step: places are neither lost nor doubled."""

import asyncio
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools.resilience.declarations import Bulkhead
from pubsub_devtools.resilience.errors import BulkheadFullError
from pubsub_devtools.resilience.guard import Handled, Services, guarded
from tests.runtime.resilience.stepping import Gates, settled
from tests.runtime.resilience.worlds import Ping, Told


class Room:
    """A bulkhead around a handler that stays until the test opens its gate."""

    def __init__(self, **places):
        self.gates, self.entered, self.inside, self.most, self.tasks = Gates(), [], 0, 0, []
        self.fails = False

        async def handle(event):
            self.entered.append(event.number)
            self.inside += 1
            self.most = max(self.most, self.inside)
            try:
                await self.gates.wait()
            finally:
                self.inside -= 1
            if self.fails:
                raise OSError

        self.hooks = Told()
        self.guarded = guarded(
            handle, Handled("shop.pong", "Ping", True), [Bulkhead(**places)], Services(hooks=self.hooks)
        )

    def call(self):
        self.tasks.append(asyncio.ensure_future(self.guarded(Ping(len(self.tasks)))))

    async def is_whole(self, max_concurrent):
        """Tell whether all places can be taken, and no more."""
        await self.gates.open_all()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        before = len(self.entered)
        for _ in range(max_concurrent + 1):
            self.call()
        await settled()
        entered = len(self.entered) - before
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        return entered == max_concurrent


steps = st.lists(
    st.tuples(st.sampled_from(["call", "call", "open", "fail", "cancel", "both"]), st.integers(0, 5)),
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(steps, st.integers(1, 3), st.integers(0, 3))
def test_no_more_than_allowed_are_inside_or_wait_and_all_come_in_order(steps, max_concurrent, max_waiting):
    async def main():
        room = Room(max_concurrent=max_concurrent, max_waiting=max_waiting, wait_seconds=10)
        for step, place in steps:
            running = sum(not task.done() for task in room.tasks)
            if step == "call":
                room.call()
                await settled()
                is_refused = room.tasks[-1].done()
                assert is_refused == (running == max_concurrent + max_waiting)
                continue
            room.fails = step == "fail"
            if step != "cancel":
                room.gates.open(place)
            if step in ("cancel", "both") and room.tasks:
                # "both": the place is handed over and its new holder cancelled before it can know.
                room.tasks[place % len(room.tasks)].cancel()
            await settled()
            left = sum(not task.done() for task in room.tasks)
            assert room.inside == min(left, max_concurrent), "nobody waits while there is a place"
        assert room.most <= max_concurrent
        assert room.entered == sorted(room.entered)
        assert await room.is_whole(max_concurrent)

    asyncio.run(main())


@pytest.mark.parametrize("steps_before", range(12))
@pytest.mark.parametrize("steps_after", range(3))
def test_a_call_cancelled_at_any_step_gives_its_place_back(steps_before, steps_after):
    async def main():
        room = Room(max_concurrent=1, max_waiting=2, wait_seconds=10)
        for _ in range(3):
            room.call()
        await settled()
        room.gates.open()  # the first is let out, the second is handed its place ...
        for _ in range(steps_before):
            await asyncio.sleep(0)
        room.tasks[1].cancel()  # ... and cancelled, now or then
        for _ in range(steps_after):
            await asyncio.sleep(0)
        room.tasks[0].cancel()
        await room.gates.open_all()
        ends = await asyncio.gather(*room.tasks, return_exceptions=True)
        assert ends[2] is None, "the third has its turn all the same"
        assert await room.is_whole(1)

    asyncio.run(main())


def test_who_waits_too_long_is_refused_and_takes_no_place():
    async def main():
        room = Room(max_concurrent=1, max_waiting=1, wait_seconds=0.01)
        room.call()
        room.call()
        await asyncio.wait(room.tasks[1:])
        error = room.tasks[1].exception()
        assert isinstance(error, BulkheadFullError)
        assert "1 calls are under way and 1 may wait; a retry or dlq=True keeps the event" in str(error)
        assert [slot for slot, *_ in room.hooks.told] == ["on_bulkhead_full"]
        assert await room.is_whole(1)

    asyncio.run(main())


def test_a_coroutine_that_is_closed_gives_its_place_back():
    async def main():
        room = Room(max_concurrent=1, max_waiting=1, wait_seconds=10)
        room.call()
        await settled()
        waiting = room.guarded(Ping(1))
        waiting.send(None)
        waiting.close()
        assert await room.is_whole(1)

    asyncio.run(main())


@pytest.mark.parametrize("max_waiting", [0, 8])
def test_threads_share_the_places(max_waiting):
    inside, most, ended, refused, lock = [0], [0], [], [], threading.Lock()

    def handle(event):
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        time.sleep(0.001)
        with lock:
            inside[0] -= 1

    guard = Bulkhead(max_concurrent=3, max_waiting=max_waiting, wait_seconds=30)
    call = guarded(handle, Handled("shop.pong", "Ping", False), [guard], Services())

    def work():
        for _ in range(20):
            try:
                call(Ping())
                ended.append(1)
            except BulkheadFullError:
                refused.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] <= 3
    assert len(ended) + len(refused) == 160
    assert not refused if max_waiting else ended


def test_a_thread_that_waits_too_long_is_refused():
    entered, leave = threading.Event(), threading.Event()

    def handle(event):
        entered.set()
        leave.wait(30)

    guard = Bulkhead(max_concurrent=1, max_waiting=1, wait_seconds=0.01)
    call = guarded(handle, Handled("shop.pong", "Ping", False), [guard], Services())
    first = threading.Thread(target=call, args=[Ping()])
    first.start()
    entered.wait(30)
    with pytest.raises(BulkheadFullError):
        call(Ping())
    leave.set()
    first.join()
    call(Ping())
