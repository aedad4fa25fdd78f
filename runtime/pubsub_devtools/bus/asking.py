"""How a request runs: its handlers in a task of their own, which goes on whatever becomes of whoever asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from pubsub_devtools.bus.loops import settle_soon
from pubsub_devtools.bus.middleware import Middleware, Outgoing, around_publish_async
from pubsub_devtools.bus.receipt import Receipt
from pubsub_devtools.bus.replies import Pending, asked_by, replying
from pubsub_devtools.bus.running import Work
from pubsub_devtools.tracing.scope import scope

if TYPE_CHECKING:
    from pubsub_devtools.bus.context import Delivery
    from pubsub_devtools.bus.delivering import Deliveries
    from pubsub_devtools.bus.plan import Plan
    from pubsub_devtools.schema.event import BaseEvent

Way = Callable[[Outgoing], "tuple[Plan, Delivery]"]
"""Returns the plan and the delivery of what is published."""


async def asked(
    deliveries: Deliveries,
    outgoing: Outgoing,
    way: Way,
    middleware: Sequence[Middleware],
    kind: type[BaseEvent],
    timeout: float | None,
    *,
    first: bool,
) -> Pending:
    """Start a request, and return it when it is settled or the seconds have passed."""
    pending = Pending(outgoing.event, kind, first=first)
    loop = asyncio.get_running_loop()
    settled: asyncio.Future[None] = loop.create_future()
    pending.when_settled(lambda: settle_soon(loop, settled))

    async def ask(outgoing: Outgoing) -> Receipt:
        plan, delivery = way(outgoing)
        pending.event = outgoing.event
        return await _ask(deliveries, await deliveries.prepared(plan, delivery), delivery, pending)

    around = around_publish_async(middleware, ask) or ask
    deliveries.start(_settling(around, outgoing, pending), f"request {outgoing.event.type}")
    try:
        async with asyncio.timeout(timeout):
            await settled
    except TimeoutError:
        pass  # the request itself says who was late
    return pending


async def _settling(
    ask: Callable[[Outgoing], Awaitable[Receipt]], outgoing: Outgoing, pending: Pending
) -> None:
    try:
        await ask(outgoing)
    except Exception as error:
        pending.error = error
        pending.settle()


async def _ask(deliveries: Deliveries, plan: Plan, delivery: Delivery, pending: Pending) -> Receipt:
    event = delivery.event
    token = scope.set(delivery)
    try:
        with asked_by(pending):
            if plan.before is not None:
                plan.before(event)
            if plan.choosy:
                plan = plan.narrowed(event)
            receipt = pending.receipt = Receipt(event, plan.names)
            if plan.queued:
                await deliveries.flows.put_async(plan.queued, receipt, delivery.key, pending.settle_if_done)
            work = Work(replying(plan.steps, pending), receipt, delivery.key, deliveries.failures.note_alone)
            if delivery.key and plan.steps:
                deliveries.flows.follow(work, pending.settle_if_done)
            else:
                await _to_the_end(work)
    finally:
        scope.reset(token)
    pending.settle_if_done()
    return receipt


async def _to_the_end(work: Work) -> None:
    try:
        await work.run()
    except BaseException as reason:
        work.broken_off(reason)
        raise
