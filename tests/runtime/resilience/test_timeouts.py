"""Bounds on calls, sync and async: what is late has failed, what is cancelled is cancelled, and each says which it was."""

import asyncio
import contextvars

import pytest

from pubsub_devtools import HandlerTimeoutError
from pubsub_devtools.resilience.declarations import CircuitBreaker, DeadLetter, Retry, Timeout
from pubsub_devtools.resilience.guard import Handled, Services, guarded
from pubsub_devtools.resilience.outcome import Outcome
from pubsub_devtools.resilience.policies.retry import RetryPolicy
from tests.runtime.resilience.stepping import settled
from tests.runtime.resilience.worlds import Ping, Told, World

MANY = 3600.0
both = pytest.mark.parametrize("is_async", [False, True])


def bounded(handle, seconds, **services):
    return guarded(handle, Handled("shop.pong", "Ping", True), [Timeout(seconds)], Services(**services))


def run(handle, seconds, **services):
    async def main():
        return await bounded(handle, seconds, **services)(Ping())

    return asyncio.run(main())


@both
def test_in_time_means_up_to_the_bound(is_async):
    w = World(is_async, Timeout(2.0))
    w.takes = 2.0
    assert w.call() == "done"
    w.takes = 2.1
    with pytest.raises(
        HandlerTimeoutError, match=r"shop\.pong took longer than 2\.0 s with Ping; give it more"
    ):
        w.call()
    assert w.told() == ["on_timed_out"]


@both
def test_the_smaller_of_two_bounds_counts(is_async):
    w = World(is_async, Timeout(5.0), CircuitBreaker(timeout=2.0, failure_threshold=1))
    w.takes = 3.0
    with pytest.raises(HandlerTimeoutError, match=r"longer than 2\.0 s"):
        w.call()
    assert w.told() == ["on_timed_out", "on_breaker_changed"]


@both
def test_a_failure_stays_what_it_was_however_late(is_async):
    w = World(is_async, Timeout(1.0))
    w.takes, w.script = 2.0, [KeyError("own")]
    with pytest.raises(KeyError, match="own"):
        w.call()


@both
def test_what_was_late_is_retried_and_buried(is_async):
    w = World(is_async, Timeout(1.0), Retry(RetryPolicy(max_retries=2, immediate=2)), DeadLetter())
    w.takes = 2.0
    assert (w.call(), len(w.called)) == (Outcome.DEAD_LETTERED, 3)
    assert w.told() == ["on_timed_out", "on_retry"] * 2 + ["on_timed_out", "on_dead_letter"]


def test_an_async_handler_that_waited_and_then_held_the_loop_is_late_too():
    now = [0.0]

    async def handle(event):
        await asyncio.sleep(0)
        now[0] += 2.0  # without a wait, so that no timer can fire

    with pytest.raises(HandlerTimeoutError):
        run(handle, 1.0, monotonic=lambda: now[0])


def test_a_timeout_of_the_handlers_own_is_not_ours():
    async def handle(event):
        await asyncio.sleep(0)
        raise TimeoutError("own")

    hooks = Told()
    with pytest.raises(TimeoutError, match="own") as caught:
        run(handle, MANY, hooks=hooks)
    assert (type(caught.value), hooks.told) == (TimeoutError, [])


def test_a_handler_that_swallows_its_cancellation_is_late_all_the_same():
    async def handle(event):
        try:
            await asyncio.sleep(MANY)
        except asyncio.CancelledError:
            return "swallowed"

    with pytest.raises(HandlerTimeoutError):
        run(handle, 0.01)


def test_an_error_while_being_cancelled_is_what_the_publisher_hears():
    async def handle(event):
        try:
            await asyncio.sleep(MANY)
        finally:
            raise OSError("rolling back failed")

    with pytest.raises(OSError, match="rolling back failed"):
        run(handle, 0.01)


@pytest.mark.parametrize("steps", range(5))
def test_who_is_cancelled_from_outside_is_cancelled(steps):
    ended = []

    async def handle(event):
        try:
            await asyncio.sleep(0)
            await asyncio.sleep(MANY)
        finally:
            ended.append("ended")

    async def main():
        task = asyncio.ensure_future(bounded(handle, MANY)(Ping()))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert ended == (["ended"] if steps else [])
        assert asyncio.current_task().cancelling() == 0

    asyncio.run(main())


def test_a_call_that_is_closed_closes_its_handler():
    ended = []

    async def handle(event):
        try:
            await asyncio.sleep(MANY)
        finally:
            ended.append("ended")

    async def main():
        call = bounded(handle, MANY)(Ping())
        call.send(None)
        call.close()

    asyncio.run(main())
    assert ended == ["ended"]


def test_a_handler_may_catch_what_it_waits_for_and_go_on():
    variable = contextvars.ContextVar("variable", default="unset")

    async def handle(event):
        variable.set("set")
        task = asyncio.current_task()
        failing = asyncio.get_running_loop().create_future()
        failing.set_exception(OSError())
        found = []
        for _ in range(2):
            await asyncio.sleep(0)
            try:
                await asyncio.shield(failing)
            except OSError:
                found.append(asyncio.current_task() is task)
        async with asyncio.timeout(MANY), asyncio.TaskGroup() as group:
            group.create_task(settled())
        return found, variable.get()

    assert run(handle, MANY) == ([True, True], "set")


def test_an_awaitable_that_is_no_coroutine_is_bounded_too():
    call = bounded(lambda event: asyncio.ensure_future(asyncio.sleep(event.number, "done")), 0.02)

    async def main():
        assert await call(Ping(0)) == "done"
        with pytest.raises(HandlerTimeoutError):
            await call(Ping(3600))

    asyncio.run(main())
