"""Queues, keys, timers, requests and the end, as users of the bus meet them."""

import asyncio
import contextvars
import logging
import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubsub_devtools import BaseEvent, EventBus, Middleware, current_context, event_handler
from pubsub_devtools.bus.queueing import QueueFull
from pubsub_devtools.bus.replies import (
    NoReplyError,
    NoResponderError,
    RequestFailedError,
    RequestTimeoutError,
    reply,
)

from ..events import OrderPlaced, Ping, Pong


def bus_of(*handlers, **options):
    bus = EventBus(**options)
    bus.include(*handlers)
    return bus


def test_a_handler_behind_a_queue_lets_the_publisher_go_on_and_keeps_chain_and_context():
    variable, gate, seen = contextvars.ContextVar("v"), threading.Event(), []

    @event_handler(Pong, workers=2)
    def handle(event):
        gate.wait(5)
        seen.append((event.number, variable.get(), current_context().causation_id))

    @event_handler(Ping)
    def forward(event):
        bus.publish(Pong(event.number))

    bus = bus_of(handle, forward)
    variable.set("mine")
    ping = Ping(7)
    receipt = bus.publish(ping)
    assert receipt.done  # Ping has: what its handler published is an event of its own
    later = bus.publish(Pong(8))
    assert (later.done, seen) == (False, [])
    gate.set()
    bus.close()
    assert later.done
    assert sorted(seen) == [(7, "mine", ping.id), (8, "mine", "")]


def test_the_queue_of_the_bus_stands_before_every_handler_that_does_not_say_it_itself():
    gate, errors = threading.Event(), []

    @event_handler(Ping)
    def slow(event):
        gate.wait(5)

    @event_handler(Ping, queue_size=100)
    def patient(event):
        pass

    bus = bus_of(slow, patient, queue_size=1, overflow="raise")
    receipts = bus.publish_many([Ping(0), Ping(1)])
    with pytest.raises(ExceptionGroup) as caught:
        bus.publish(Ping(2))
    (error,) = caught.value.exceptions
    assert isinstance(error, QueueFull)
    assert (error.event, error.handler) == ("Ping", receipts[0].handlers[0])
    gate.set()
    bus.close()
    assert errors == []
    assert all(receipt.done for receipt in receipts)


def test_errors_behind_a_queue_are_on_the_receipt_in_the_hook_and_in_the_log(caplog):
    failures = []

    @event_handler(Ping, workers=1)
    async def breaks(event):
        raise ValueError("late")

    bus = bus_of(breaks, on_handler_failed=failures.append)

    async def main():
        receipt = bus.publish(Ping())
        await bus.drain(timeout=5)
        return receipt

    receipt = asyncio.run(main())
    assert receipt.done
    assert receipt.failures == failures != []
    assert "ValueError: late" in caplog.text


def test_batches_and_their_mistakes():
    batches = []

    @event_handler(Ping, batch=2, window=0.01)
    def many(events: list[Ping]):
        batches.append([event.number for event in events])

    bus = bus_of(many)
    receipts = bus.publish_many(Ping(number) for number in range(3))
    bus.close()
    assert batches == [[0, 1], [2]]
    assert [(receipt.event.number, receipt.done) for receipt in receipts] == [(0, True), (1, True), (2, True)]

    @event_handler(Ping, batch=2)
    def one(event: Ping):
        pass

    with pytest.raises(TypeError, match=r"gets a list of events"):
        bus.include(one)
    with pytest.raises(TypeError, match="guards count single events"):
        event_handler(Ping, batch=2, dlq=True)
    with pytest.raises(TypeError, match=r"ordered_by='sum': OrderPlaced has the fields order_id, total"):
        event_handler(OrderPlaced, ordered_by="sum")
    for wrong in ({"workers": 0}, {"queue_size": 0}, {"overflow": "wait"}):
        with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
            event_handler(Ping, **wrong)


def test_publish_many_publishes_all_and_raises_what_failed():
    seen = []

    @event_handler(Ping)
    def odd(event):
        seen.append(event.number)
        if event.number % 2:
            raise ValueError(event.number)

    bus = bus_of(odd)
    with pytest.raises(ExceptionGroup, match="handlers of 2 of 4 events failed") as caught:
        bus.publish_many(map(Ping, range(4)))
    assert seen == [0, 1, 2, 3]
    assert [error.receipt.event.number for error in caught.value.exceptions] == [1, 3]
    assert len(asyncio.run(bus.publish_many_async([Ping(0), Ping(2)]))) == 2


@given(st.lists(st.sampled_from("abc"), max_size=8), st.booleans())
@settings(max_examples=40, deadline=None)
def test_events_of_one_key_neither_overlap_nor_overtake_without_queues_too(keys, is_async):
    busy, order = set(), []

    @event_handler(Ping)
    async def handle(event):
        key = current_context().key
        assert key not in busy
        busy.add(key)
        for _ in range(event.number % 3):
            await asyncio.sleep(0)
        order.append((key, event.number))
        busy.discard(key)

    bus = bus_of(handle)

    async def main():
        tasks = []
        for number, key in enumerate(keys):
            if is_async:
                tasks.append(asyncio.create_task(bus.publish_async(Ping(number), key=key)))
            else:
                bus.publish(Ping(number), key=key)
        await asyncio.gather(*tasks)
        await bus.drain(5)

    asyncio.run(main())
    assert len(order) == len(keys)
    for key in "abc":
        mine = [number for other, number in order if other == key]
        assert mine == [number for number, other in enumerate(keys) if other == key]


def test_a_handler_that_publishes_with_its_own_key_or_crosswise_never_waits_for_itself():
    seen = []

    @event_handler(Ping)
    def handle(event):
        if event.number < 3:
            bus.publish(Ping(event.number + 1), key=current_context().key)
            bus.publish(Pong(event.number), key="other")
        seen.append(event.number)

    bus = bus_of(handle)
    threads = [
        threading.Thread(target=bus.publish, args=(Ping(0),), kwargs={"key": key}) for key in ("k", "other")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()
    bus.close()
    assert sorted(seen) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_a_publisher_that_is_cancelled_while_it_waits_for_its_turn_leaves_no_gap():
    seen = []

    @event_handler(Ping)
    async def handle(event):
        await asyncio.sleep(0.005)
        seen.append(event.number)

    bus = bus_of(handle)

    async def main():
        tasks = [asyncio.create_task(bus.publish_async(Ping(number), key="k")) for number in range(4)]
        await asyncio.sleep(0)
        tasks[1].cancel()
        tasks[2].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await bus.publish_async(Ping(9), key="k")

    asyncio.run(asyncio.wait_for(main(), 5))
    assert seen == [0, 3, 9]


def test_scheduled_events_follow_the_clock_and_can_be_cancelled():
    seen, now = [], [1_000.0]
    bus = bus_of(event_handler(Ping)(lambda event: seen.append(event.number)))
    with bus.timers.by_hand(lambda: now[0]):
        first = bus.schedule(Ping(1), delay=3600)
        bus.schedule(Ping(2), delay=timedelta(minutes=30), key="k")
        third = bus.schedule(Ping(3), at=datetime.fromtimestamp(1_000 + 7200, UTC))
        dropped = bus.schedule(Ping(4), at=1_100)
        assert dropped.cancel()
        assert not dropped.cancel()
        now[0] += 3600
        assert bus.timers.fire_due() == 2
        assert seen == [2, 1]
        assert (first.state, third.state, dropped.state) == ("published", "waiting", "cancelled")
        assert first.receipt.done
        assert not first.cancel()
    for wrong in ({}, {"delay": 1, "at": 2}):
        with pytest.raises(TypeError, match="either delay"):
            bus.schedule(Ping(), **wrong)
    for wrong in ({"delay": -1}, {"at": datetime(2030, 1, 1)}, {"at": float("nan")}, {"delay": float("inf")}):
        with pytest.raises(ValueError, match=r"delay|time zone|instant"):
            bus.schedule(Ping(), **wrong)
    bus.close()


def test_a_scheduled_event_is_published_on_the_loop_that_scheduled_it_and_its_errors_are_logged(caplog):
    where, ids = [], []

    @event_handler(Ping)
    async def note(event):
        where.append(asyncio.get_running_loop())

    @event_handler(Ping)
    def breaks(event):
        raise ValueError("nobody waits")

    @event_handler(Pong)
    async def later(event):
        ids.append(event.id)
        bus.schedule(Ping(), delay=0.01)

    bus = bus_of(note, breaks, later)

    async def main():
        await bus.publish_async(Pong())
        await asyncio.sleep(0.1)
        await bus.drain(5)
        return asyncio.get_running_loop()

    assert [asyncio.run(main())] == where
    assert "ValueError: nobody waits" in caplog.text
    bus.close()


def test_a_scheduled_event_without_a_loop_is_published_on_a_thread():
    seen, came = [], threading.Event()
    bus = bus_of(event_handler(Ping)(lambda event: (seen.append(event.number), came.set())))
    bus.schedule(Ping(5), delay=0.01)
    assert came.wait(5)
    bus.close()
    assert seen == [5]


class Price(BaseEvent):
    cents: int


def test_requests_tell_apart_who_answers_who_fails_who_is_silent_and_who_is_late():
    gate = asyncio.Event()

    @event_handler(Ping, priority=3)
    def silent(event):
        return None

    @event_handler(Ping, priority=2)
    def fails(event):
        raise ValueError("no price")

    @event_handler(Ping, priority=1)
    async def answers(event):
        await asyncio.sleep(0)
        return Price(event.number)

    @event_handler(Ping, workers=1)
    def answers_from_its_queue(event):
        reply(Price(event.number + 1))

    @event_handler(Ping, priority=-5)
    async def late(event):
        await gate.wait()

    async def main():
        bus = bus_of(silent, fails, answers, answers_from_its_queue, late)
        assert (await bus.request(Ping(3), Price, timeout=5)).cents in (3, 4)
        everything = await bus.request_all(Ping(3), timeout=0.2)
        assert {answer.event.cents for answer in everything.answers} == {3, 4}
        assert [str(failure.error) for failure in everything.failures] == ["no price"]
        assert (len(everything.silent), len(everything.late)) == (
            0,
            2,
        )  # who is silent shows when all have ended
        gate.set()
        await bus.drain(5)
        everything = await bus.request_all(Ping(3), timeout=5)
        assert (len(everything.silent), len(everything.late)) == (2, 0)
        with pytest.raises(NoResponderError, match="nothing handles Pong"):
            await bus.request(Pong(), timeout=5)
        with pytest.raises(NoReplyError, match=r"replied: .*silent"):
            await bus_of(silent).request(Ping(), timeout=5)
        with pytest.raises(NoReplyError, match="replied with Pong"):
            await bus_of(answers).request(Ping(), Pong, timeout=5)
        with pytest.raises(RequestFailedError, match=r"failed: .*fails") as caught:
            await bus_of(silent, fails).request(Ping(), timeout=5)
        assert str(caught.value.__cause__) == "no price"
        gate.clear()
        bus = bus_of(late)
        with pytest.raises(RequestTimeoutError, match=r"in time; asked: .*late"):
            await bus.request(Ping(), timeout=0.01)
        gate.set()
        await bus.drain(5)

    asyncio.run(main())
    with pytest.raises(RuntimeError, match="nobody has asked"):
        reply(Price(1))


def test_request_sync_and_what_a_requests_handlers_publish_is_no_answer():
    @event_handler(Ping)
    async def ask_further(event):
        bus.publish(Pong(event.number))
        await asyncio.sleep(0.01)
        return Price(1)

    @event_handler(Pong, workers=1)
    def answers_nobody(event):
        return Price(2)

    bus = bus_of(ask_further, answers_nobody)
    assert bus.request_sync(Ping(), Price, timeout=5).cents == 1

    async def main():
        with pytest.raises(RuntimeError, match=r"await bus\.request"):
            bus.request_sync(Ping())

    asyncio.run(main())
    bus.close()


def test_requests_go_through_middleware_keys_and_end_when_publishing_fails():
    class Outer(Middleware):
        async def publish_async(self, outgoing, proceed):
            if outgoing.event.number < 0:
                raise PermissionError("not this one")
            return await proceed(outgoing)

    @event_handler(Ping)
    async def answers(event):
        await asyncio.sleep(0.001)
        return Price(event.number)

    async def main():
        bus = bus_of(answers, middleware=[Outer()])
        prices = await asyncio.gather(*(bus.request(Ping(n), Price, key="k", timeout=5) for n in range(5)))
        assert [price.cents for price in prices] == [0, 1, 2, 3, 4]
        with pytest.raises(PermissionError):
            await bus.request(Ping(-1), timeout=5)
        await bus.drain(5)

    asyncio.run(main())


@given(turns=st.integers(0, 6))
@settings(max_examples=20, deadline=None)
def test_a_request_that_is_cancelled_at_any_step_lets_its_handlers_run_on(turns):
    seen = []

    @event_handler(Ping)
    async def answers(event):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        seen.append(event.number)
        return Price(1)

    async def main():
        bus = bus_of(answers)
        asking = asyncio.create_task(bus.request(Ping(1), timeout=5))
        for _ in range(turns):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await bus.drain(5)
        assert seen == ([1] if turns else [])
        assert await bus.request(Ping(2), Price, timeout=5) == Price(1)
        await bus.drain(5)

    asyncio.run(main())


def test_drain_says_what_is_left_and_hurries_batches():
    gate, batches = asyncio.Event(), []

    @event_handler(Ping, workers=1)
    async def waits(event):
        await gate.wait()

    @event_handler(Pong, batch=10, window=3_600)
    def many(events: list[Pong]):
        batches.append(len(events))

    bus = bus_of(waits, many)

    async def main():
        bus.publish(Ping())
        bus.publish(Pong())
        with pytest.raises(TimeoutError, match=r"under way after 0.05 s: 1 of .*waits"):
            await bus.drain(timeout=0.05)
        assert batches == [1]
        gate.set()
        await bus.drain(timeout=5)

    asyncio.run(main())


def test_leaving_the_bus_waits_and_what_is_left_is_said(caplog):
    seen, gate = [], threading.Event()

    @event_handler(Ping, workers=1)
    def slow(event):
        time.sleep(0.01)
        seen.append(event.number)

    with bus_of(slow) as bus:
        bus.publish_many(map(Ping, range(5)))
    assert seen == [0, 1, 2, 3, 4]

    async def main():
        async with bus:
            for number in range(5, 8):
                bus.publish(Ping(number))

    asyncio.run(main())
    assert seen == list(range(8))
    assert caplog.text == ""

    @event_handler(Pong, workers=1)
    def stuck(event):
        gate.wait(5)

    bus.include(stuck)
    receipts = bus.publish_many([Pong(), Pong(), Pong()])
    bus.schedule(Ping(), delay=60)
    with caplog.at_level(logging.WARNING):
        bus.close(timeout=0.01)
    assert "stuck left; given up: 2 of " in caplog.text
    assert "1 of scheduled" in caplog.text
    gate.set()
    bus.close()
    assert [len(receipt.failures) for receipt in receipts] == [0, 1, 1]
    assert all(receipt.done for receipt in receipts)


def test_sigterm_ends_a_bus_after_what_is_under_way():
    seen = []

    @event_handler(Ping, workers=1)
    async def slow(event):
        await asyncio.sleep(0.02)
        seen.append(event.number)

    bus = bus_of(slow)
    before = signal.getsignal(signal.SIGTERM)

    def serve():
        bus.publish_many(map(Ping, range(3)))
        os.kill(os.getpid(), signal.SIGTERM)

    assert asyncio.run(bus.run_until_stopped(started=serve)) == signal.SIGTERM
    assert seen == [0, 1, 2]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_bus_that_uses_none_of_it_has_none_of_it():
    bus = bus_of(event_handler(Ping)(lambda event: None))
    bus.publish(Ping())
    bus.close()
    assert bus._deliveries._flows is None
