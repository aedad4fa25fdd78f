"""Lanes: back-pressure, workers, order, loops and threads that end, cancellation at each step."""

import asyncio
import random
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools.bus.flow import Flow
from pubsub_devtools.bus.lane import Lane
from pubsub_devtools.bus.launching import Means
from pubsub_devtools.bus.loop import LoopThread
from pubsub_devtools.bus.queueing import QueueFull
from pubsub_devtools.bus.threads import Threads
from pubsub_devtools.bus.timers import Timers
from pubsub_devtools.bus.under_way import UnderWay

from ..events import Ping


class Yard:
    """A lane with all that it needs, and notes of how every event ended."""

    def __init__(self, call, *, is_async, **flow):
        self.own = LoopThread()
        self.under_way = UnderWay()
        self.timers = Timers()
        means = Means(self.own.running, Threads("test"), self.timers, self.under_way)
        self.lane = Lane("test.handler", call, is_async=is_async, flow=Flow(**flow), means=means)
        self.ended = {}

    def note(self, number):
        def ended(error):
            assert number not in self.ended, "ended twice"
            self.ended[number] = error

        return ended

    def put(self, number, key=None):
        self.lane.put(Ping(number), key, self.note(number))

    async def put_async(self, number, key=None):
        await self.lane.put_async(Ping(number), key, self.note(number))

    def close(self):
        assert self.under_way.wait(10), self.under_way.left()
        self.timers.close()
        self.own.close()


def test_synchronous_work_runs_on_threads_at_most_as_many_as_workers():
    running, most, lock = [0], [0], threading.Lock()

    def handle(event):
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.002)
        with lock:
            running[0] -= 1

    yard = Yard(handle, is_async=False, workers=3)
    for number in range(30):
        yard.put(number)
    yard.close()
    assert most == [3]
    assert yard.ended == dict.fromkeys(range(30))


@pytest.mark.parametrize("is_async", [False, True])
def test_events_of_one_key_neither_overlap_nor_overtake_over_threads_and_loops(is_async):
    busy, order, lock = set(), [], threading.Lock()

    def enter(event):
        with lock:
            assert event.number % 4 not in busy
            busy.add(event.number % 4)
            order.append(event.number)

    def leave(event):
        with lock:
            busy.discard(event.number % 4)

    def handle(event):
        enter(event)
        time.sleep(random.random() / 1000)
        leave(event)

    async def handle_async(event):
        enter(event)
        await asyncio.sleep(random.random() / 1000)
        leave(event)

    yard = Yard(handle_async if is_async else handle, is_async=is_async, workers=8)

    def publish_key(key):  # each key from a thread of its own, half of them inside a loop
        async def inside():
            for number in range(key, 200, 4):
                await yard.put_async(number, key)
                await asyncio.sleep(0)
            while yard.under_way.left():
                await asyncio.sleep(0.001)

        if key % 2:
            asyncio.run(inside())
        else:
            for number in range(key, 200, 4):
                yard.put(number, key)

    threads = [threading.Thread(target=publish_key, args=(key,)) for key in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    yard.close()
    assert yard.ended == dict.fromkeys(range(200))
    for key in range(4):
        assert [number for number in order if number % 4 == key] == list(range(key, 200, 4))


def test_a_full_queue_blocks_the_thread_that_publishes_until_there_is_room():
    gate, seen = threading.Semaphore(0), []

    def handle(event):
        gate.acquire(timeout=10)
        seen.append(event.number)

    yard = Yard(handle, is_async=False, queue_size=2)
    publisher = threading.Thread(target=lambda: [yard.put(number) for number in range(5)])
    publisher.start()
    publisher.join(0.1)
    assert publisher.is_alive()
    assert len(yard.lane) == 3  # two inside, one outside
    gate.release(5)
    publisher.join(10)
    yard.close()
    assert seen == [0, 1, 2, 3, 4]


def test_a_full_queue_makes_async_publishers_wait_and_refuses_those_that_cannot():
    gate, seen = asyncio.Event(), []

    async def handle(event):
        await gate.wait()
        seen.append(event.number)

    yard = Yard(handle, is_async=True, queue_size=1)

    async def main():
        for number in range(2):
            await yard.put_async(number)
        with pytest.raises(
            QueueFull, match=r"Ping finds 1 events waiting before test.handler: .*publish_async"
        ):
            yard.put(99)
        waiting = [asyncio.create_task(yard.put_async(number)) for number in (2, 3)]
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in waiting)
        gate.set()
        await asyncio.gather(*waiting)
        await yard.under_way.wait_async()

    asyncio.run(main())
    assert seen == [0, 1, 2, 3]
    assert 99 not in yard.ended  # refused: the publisher got the error


@pytest.mark.parametrize(("overflow", "kept"), [("drop_oldest", [0, 4, 5]), ("drop_newest", [0, 1, 2])])
def test_what_is_dropped_is_told(overflow, kept, caplog):
    gate, seen = threading.Event(), []

    def handle(event):
        gate.wait(10)
        seen.append(event.number)

    yard = Yard(handle, is_async=False, queue_size=2, overflow=overflow)
    for number in range(6):
        yard.put(number)
    gate.set()
    yard.close()
    assert seen == kept
    dropped = {number for number, error in yard.ended.items() if error}
    assert dropped == set(range(6)) - set(kept)
    assert all(isinstance(yard.ended[number], QueueFull) for number in dropped)
    assert yard.lane.dropped == 3
    assert "test.handler is too slow: 2 events dropped" in caplog.text


def test_raise_raises():
    gate = threading.Event()
    yard = Yard(lambda event: gate.wait(10), is_async=False, queue_size=1, overflow="raise")
    yard.put(0)
    yard.put(1)
    with pytest.raises(QueueFull) as caught:
        yard.put(2)
    assert (caught.value.event, caught.value.handler, caught.value.size) == ("Ping", "test.handler", 1)
    gate.set()
    yard.close()


def test_a_handler_never_waits_for_room_in_the_queue_that_it_serves():
    errors = []

    def handle(event):
        try:
            for number in range(3 if event.number == 0 else 0):
                yard.put(number + 1)
        except QueueFull as error:
            errors.append(error)

    yard = Yard(handle, is_async=False, queue_size=1)
    yard.put(0)
    yard.close()
    assert "would wait for itself" in str(errors[0])


def test_batches_are_full_or_their_window_is_over():
    batches = []
    yard = Yard(batches.append, is_async=False, batch=3, window=0.05)
    for number in range(7):
        yard.put(number)
    yard.close()
    assert [[event.number for event in batch] for batch in batches] == [[0, 1, 2], [3, 4, 5], [6]]


def test_a_hurried_lane_does_not_wait_for_its_window():
    batches = []
    yard = Yard(batches.append, is_async=False, batch=10, window=3_600)
    yard.put(0)
    assert not yard.under_way.wait(0.05)
    yard.under_way.hurried += 1
    yard.lane.flush()
    assert yard.under_way.wait(5)
    yard.put(1)
    assert yard.under_way.wait(5)
    yard.under_way.hurried -= 1
    yard.put(2)
    assert not yard.under_way.wait(0.05)
    yard.lane.give_up(RuntimeError("closed"))
    assert str(yard.ended[2]) == "closed"
    yard.close()


@pytest.mark.parametrize("count", [3, 3_000])
def test_a_loop_that_ends_takes_what_waits_for_it_and_nothing_else(count):
    async def handle(event):
        await asyncio.sleep(0 if event.number < 0 else 60)

    yard = Yard(handle, is_async=True)

    async def main():
        for number in range(count):
            yard.put(number)
        await asyncio.sleep(0.01)

    asyncio.run(main())
    assert all(isinstance(yard.ended[number], asyncio.CancelledError) for number in range(count))
    yard.put(-1)  # from no loop: the lane lives on
    yard.close()
    assert yard.ended[-1] is None


def test_work_for_a_loop_that_has_ended_meanwhile_is_told_and_not_lost():
    go, began = threading.Event(), threading.Event()

    async def handle(event):
        began.set()
        while not go.is_set():
            await asyncio.sleep(0.001)

    yard = Yard(handle, is_async=True)
    yard.put(0)  # runs on the lane's own loop and holds the only worker
    assert began.wait(5)

    async def main():
        for number in range(1, 3_000):  # far more than a recursion could tell
            yard.put(number)

    asyncio.run(main())
    go.set()
    yard.close()
    assert yard.ended[0] is None
    assert all(isinstance(yard.ended[number], asyncio.CancelledError) for number in range(1, 3_000))


def test_a_handler_that_is_cancelled_by_what_it_awaits_breaks_off_itself_alone():
    async def handle(event):
        if event.number == 0:
            raise asyncio.CancelledError

    yard = Yard(handle, is_async=True)

    async def main():
        for number in range(3):
            yard.put(number)
        await yard.under_way.wait_async()

    asyncio.run(main())
    assert isinstance(yard.ended[0], asyncio.CancelledError)
    assert yard.ended[1] is yard.ended[2] is None
    yard.close()


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_cancelled_at_any_step_every_event_ends_once_and_no_worker_is_lost(data):
    """Publishers, cancelled after any number of turns of the loop; then the lane must work as before."""
    turns = data.draw(st.lists(st.integers(0, 8), min_size=4, max_size=4))
    size = data.draw(st.integers(1, 2))
    workers = data.draw(st.integers(1, 2))
    handled = []

    async def handle(event):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        handled.append(event.number)

    yard = Yard(handle, is_async=True, queue_size=size, workers=workers)

    async def publish(start):
        for number in range(start, start + 3):
            await yard.put_async(number, key=start % 20)

    async def main():
        publishers = [asyncio.create_task(publish(10 * index)) for index in range(4)]
        for index, count in enumerate(turns):
            for _ in range(count):
                await asyncio.sleep(0)
            publishers[index].cancel()
        await asyncio.gather(*publishers, return_exceptions=True)
        async with asyncio.timeout(10):
            await yard.under_way.wait_async()
            await yard.put_async(99)
            await yard.under_way.wait_async()

    asyncio.run(main())
    assert 99 in handled
    assert sorted(handled) == sorted(number for number, error in yard.ended.items() if error is None)
    assert all(isinstance(error, asyncio.CancelledError | None) for error in yard.ended.values())
    for start in (0, 10, 20, 30):
        mine = [number for number in handled if start <= number < start + 10]
        assert mine == sorted(mine)
    assert (len(yard.lane), yard.lane.running) == (0, 0)
    yard.close()


def test_whoever_waits_for_the_end_may_be_cancelled_and_may_give_up():
    under_way = UnderWay()
    under_way.begin("a")

    async def main():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await under_way.wait_async()
        assert under_way._waiting == []
        waiting = asyncio.create_task(under_way.wait_async())
        await asyncio.sleep(0)
        under_way.end("a")
        await waiting

    assert not under_way.wait(0.01)
    asyncio.run(main())
    assert under_way.wait(0)
