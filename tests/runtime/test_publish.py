"""Publishing: loops, threads, errors, and what a publisher learns."""

import asyncio
import logging
import threading

import pytest

from pubsub_devtools import EventBus, current_context, event_handler

from .events import OrderPlaced, Ping, Pong


def test_what_is_no_event_is_refused():
    for wrong in ("orders.placed", Ping, None):
        with pytest.raises(TypeError, match="publish takes an instance of a BaseEvent"):
            EventBus().publish(wrong)


def test_the_same_instance_keeps_its_id_from_publish_to_publish():
    bus, seen = EventBus(), []
    bus.include(event_handler(Ping)(lambda event: seen.append(event.id)))
    ping = Ping()
    receipts = [bus.publish(ping), bus.publish(ping)]
    assert seen == [ping.id, ping.id] == [receipt.event_id for receipt in receipts]


def test_errors_are_raised_together_and_the_failure_hook_hears_each():
    failures = []
    bus = EventBus(on_handler_failed=failures.append)

    @event_handler(Ping, priority=2)
    def breaks(event):
        raise ValueError("one")

    @event_handler(Ping, priority=1)
    def breaks_too(event):
        raise KeyError("two")

    bus.include(breaks, breaks_too)
    with pytest.raises(ExceptionGroup, match=r"2 of 2 handlers failed: .*breaks, .*breaks_too") as caught:
        bus.publish(Ping())
    assert [type(error) for error in caught.value.exceptions] == [ValueError, KeyError]
    assert [failure.error for failure in failures] == list(caught.value.exceptions)


def test_a_nested_error_reaches_the_outer_publisher_through_the_handler_between():
    bus = EventBus()

    @event_handler(Ping)
    def forward(event):
        bus.publish(Pong(event.number))

    @event_handler(Pong)
    def breaks(event):
        raise ValueError(event.number)

    bus.include(forward, breaks)
    with pytest.raises(ExceptionGroup) as caught:
        bus.publish(Ping(7))
    assert caught.value.exceptions[0].exceptions[0].args == (7,)


def test_an_interrupt_is_no_handlers_error():
    bus, calls = EventBus(), []

    @event_handler(Ping, priority=1)
    def interrupted(event):
        raise KeyboardInterrupt

    bus.include(interrupted, event_handler(Ping)(lambda event: calls.append(event.number)))
    with pytest.raises(KeyboardInterrupt):
        bus.publish(Ping())
    assert calls == []
    assert current_context() is None


def test_a_scheduled_error_is_on_the_receipt_in_the_hook_and_in_the_log(caplog):
    failures = []
    bus = EventBus(on_handler_failed=failures.append)

    @event_handler(Ping)
    async def breaks(event):
        raise ValueError("late")

    @event_handler(Ping, priority=-1)
    async def runs_all_the_same(event):
        failures.append(event)

    bus.include(breaks, runs_all_the_same)

    async def main():
        receipt = bus.publish(Ping(3))
        assert (receipt.done, receipt.failures) == (False, [])
        await bus.drain()
        return receipt

    with caplog.at_level(logging.ERROR, "pubsub_devtools"):
        receipt = asyncio.run(main())
    assert receipt.done
    (failure,) = receipt.failures
    assert failures == [failure, Ping(3)]
    assert receipt.event_id in caplog.text
    assert failure.handler in caplog.text
    assert "ValueError: late" in caplog.text


def test_a_loop_that_ends_early_leaves_no_silence(caplog):
    bus = EventBus()

    @event_handler(Ping)
    async def never_ends(event):
        await asyncio.Event().wait()

    bus.include(never_ends)
    receipts = []

    async def main():
        receipts.append(bus.publish(Ping()))

    asyncio.run(main())
    assert receipts[0].done
    assert isinstance(receipts[0].failures[0].error, asyncio.CancelledError)
    assert "never_ends failed on Ping" in caplog.text


def test_a_broken_hook_breaks_nothing_else(caplog):
    def hook(failure):
        raise RuntimeError("the hook")

    bus, calls = EventBus(on_handler_failed=hook), []

    @event_handler(Ping, priority=1)
    def breaks(event):
        raise ValueError

    bus.include(breaks, event_handler(Ping)(lambda event: calls.append(event.number)))
    with pytest.raises(ExceptionGroup):
        bus.publish(Ping())
    assert calls == [0]
    assert "RuntimeError: the hook" in caplog.text


def test_without_a_loop_what_handlers_publish_in_turn_is_done_too():
    bus, calls = EventBus(), []

    @event_handler(Ping)
    async def forward(event):
        if event.number:
            bus.publish(Ping(event.number - 1))
        await asyncio.sleep(0)
        calls.append(event.number)

    bus.include(forward)
    bus.publish(Ping(3))
    assert sorted(calls) == [0, 1, 2, 3]


def test_async_handlers_of_a_bus_run_on_its_own_thread_where_no_loop_runs():
    bus, threads = EventBus(), []

    @event_handler(Ping)
    async def note(event):
        threads.append(threading.current_thread())

    bus.include(note)
    bus.publish(Ping())
    bus.close()
    bus.publish(Ping())  # starts anew after close
    assert threading.main_thread() not in threads
    assert not threads[0].is_alive()
    bus.close()


@pytest.mark.parametrize("request_to_end", [SystemExit, KeyboardInterrupt])
def test_a_handler_that_ends_the_program_ends_it_and_never_hangs_the_publisher(request_to_end):
    bus = EventBus()

    @event_handler(Ping)
    async def leaves(event):
        raise request_to_end

    bus.include(leaves)
    for _ in range(2):  # the loop of the bus is as good as before
        with pytest.raises(request_to_end):
            bus.publish(Ping())
    bus.close()


def test_a_scheduled_handler_that_ends_the_program_is_not_silent(caplog):
    bus = EventBus()

    @event_handler(Ping)
    async def forward(event):
        bus.publish(Pong())

    @event_handler(Pong)
    async def leaves(event):
        raise SystemExit

    bus.include(forward, leaves)
    assert bus.publish(Ping()).failures == []
    bus.close()
    assert "leaves failed on Pong" in caplog.text


def test_a_publish_inside_a_loop_never_waits():
    bus = EventBus()

    async def main():
        gate = asyncio.Event()

        @event_handler(Ping)
        async def waits(event):
            await gate.wait()

        bus.include(waits)
        receipt = bus.publish(Ping())
        with pytest.raises(TimeoutError):
            await bus.drain(timeout=0.01)
        gate.set()
        await bus.drain()
        return receipt

    assert asyncio.run(main()).done


def test_drain_waits_for_what_another_loop_has_under_way():
    bus, started, calls = EventBus(), threading.Event(), []

    async def publish_elsewhere():
        gate = asyncio.Event()

        @event_handler(Ping)
        async def waits(event):
            started.set()
            await gate.wait()
            calls.append(event.number)

        bus.include(waits)
        bus.publish(Ping(1))
        asyncio.get_running_loop().call_later(0.02, gate.set)
        await bus.drain()

    thread = threading.Thread(target=asyncio.run, args=(publish_elsewhere(),))
    thread.start()
    assert started.wait(10)
    asyncio.run(bus.drain())
    assert calls == [1]
    thread.join()


def test_drain_inside_a_handler_would_wait_for_itself():
    bus = EventBus()

    @event_handler(Ping)
    async def impatient(event):
        await bus.drain()

    bus.include(impatient)
    with pytest.raises(ExceptionGroup) as caught:
        asyncio.run(bus.publish_async(Ping()))
    assert "wait for that handler itself" in str(caught.value.exceptions[0])


def test_a_sync_handler_that_returns_an_awaitable_is_told_so():
    bus = EventBus()

    async def work():
        raise AssertionError("never awaited")

    bus.include(event_handler(Ping)(lambda event: work()))
    for publish in (bus.publish, lambda event: asyncio.run(bus.publish_async(event))):
        with pytest.raises(ExceptionGroup) as caught:
            publish(Ping())
        assert "async def" in str(caught.value.exceptions[0])


def test_threads_publish_and_include_at_once():
    bus, lock, heard = EventBus(), threading.Lock(), []

    def hear(event):
        with lock:
            heard.append(event.number)

    bus.include(event_handler(Ping)(hear))

    def work(thread):
        for number in range(100):
            bus.publish(Ping(thread * 100 + number))
            bus.include(event_handler(OrderPlaced)(lambda event: None))

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == list(range(400))
