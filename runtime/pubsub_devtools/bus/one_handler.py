"""Calls one handler of a bus by its name, in the delivery of an event that it had before: what a replay does."""

from __future__ import annotations

from typing import Any

from pubsub_devtools.bus.context import Delivery
from pubsub_devtools.bus.loop import LoopThread
from pubsub_devtools.bus.plan import Plan, Queued, Step
from pubsub_devtools.bus.running import refuse_awaitable
from pubsub_devtools.bus.scheduled import to_the_end
from pubsub_devtools.tracing.scope import scope


def step_of(plan: Plan, handler: str) -> Step:
    """Return the step of a handler. What stood in its queue before is called past it.

    Raises:
        LookupError: The handler does not hear this event.
    """
    for step in (*plan.steps, *plan.queued):
        if step.name == handler:
            return step if step.lane is None else _past_the_queue(step, step.lane)
    heard = ", ".join(plan.names) or "nobody"
    raise LookupError(f"{handler} does not hear this event any more; heard by {heard}")


def call_one(step: Step, delivery: Delivery) -> Any:
    """Call a handler with its guards and return what they say; an async one runs to its end on a loop of its own."""
    token = scope.set(delivery)
    try:
        if not step.is_async:
            result = step.call(delivery.event)
            refuse_awaitable(result)
            return result
        return _to_the_end(step, delivery)
    finally:
        scope.reset(token)


async def call_one_async(step: Step, delivery: Delivery) -> Any:
    """Call a handler with its guards inside the running loop."""
    token = scope.set(delivery)
    try:
        result = step.call(delivery.event)
        return await result if step.is_async else result
    finally:
        scope.reset(token)


def _past_the_queue(step: Step, lane: Queued) -> Step:
    return Step(step.name, lambda event: lane.call(step.call(event)), lane.is_async)


def _to_the_end(step: Step, delivery: Delivery) -> Any:
    results: list[Any] = []

    async def work() -> None:
        results.append(await step.call(delivery.event))

    loop = LoopThread()
    try:
        loop.run(to_the_end(work()))
    finally:
        loop.close()
    return results[0]
