"""Takes an event down its plan, from the thread, task or loop in which it was published."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pubsub_devtools.bus.context import Delivery, current_delivery
from pubsub_devtools.bus.failing import Failures, HandlersFailedError, raise_failures
from pubsub_devtools.bus.loop import LoopThread
from pubsub_devtools.bus.loops import running_loop
from pubsub_devtools.bus.plan import Plan, Step
from pubsub_devtools.bus.receipt import Receipt
from pubsub_devtools.bus.running import Work, refuse_awaitable, run, run_async
from pubsub_devtools.bus.scheduled import Scheduled, to_the_end
from pubsub_devtools.logger import logger
from pubsub_devtools.tracing.scope import scope

if TYPE_CHECKING:
    import asyncio

    from pubsub_devtools.bus.flows import Flows
    from pubsub_devtools.resilience.stores.journal import Unfinished
    from pubsub_devtools.schema.event import BaseEvent


Result = TypeVar("Result")


class Deliveries:
    """The deliveries of one bus."""

    def __init__(self, failures: Failures, clock: Callable[[], float]) -> None:
        self.failures = failures
        self._clock = clock
        self._lock = threading.Lock()
        self._flows: Flows | None = None
        self._loop = LoopThread()
        self._scheduled = Scheduled()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def flows(self) -> Flows:
        """What flows over time. A bus without queues, keys and timers has none."""
        with self._lock:
            if self._flows is None:
                from pubsub_devtools.bus.flows import Flows  # noqa: PLC0415 - most buses need none

                self._flows = Flows(self._loop, self._clock, self.failures)
            return self._flows

    def take(self, plan: Plan, delivery: Delivery) -> Receipt:
        """Take an event to its handlers: async ones are scheduled where a loop runs, else run to their end.

        Raises:
            ExceptionGroup: Handlers failed before this returned.
        """
        if delivery.key and plan.steps:
            return self._take_in_turn(plan, delivery)
        if not plan.plain or plan.awaited:
            return self._take(plan, delivery)
        # What most publishes are, written out: each call less makes a twentieth of the time.
        event = delivery.event
        receipt = Receipt(event, plan.names)
        token = scope.set(delivery)
        try:
            if plan.before is not None and delivery.made is None:  # else it was published before
                plan.before(event)
            for step in plan.steps:
                try:
                    if (result := step.call(event)) is not None:
                        refuse_awaitable(result)
                except Exception as error:
                    self.failures.note(step.name, error, receipt)
        finally:
            scope.reset(token)
        receipt.done = True
        if receipt.failures:
            raise_failures(receipt)
        return receipt

    def _take(self, plan: Plan, delivery: Delivery) -> Receipt:
        event = delivery.event
        token = scope.set(delivery)
        try:
            if plan.before is not None and delivery.made is None:  # else it was published before
                plan.before(event)
            if plan.choosy:
                plan = plan.narrowed(event)
            receipt = Receipt(event, plan.names)
            if plan.queued:
                self.flows.put(plan.queued, receipt, delivery.key)
            if not plan.awaited:
                run(plan.steps, receipt, self.failures.note)
            elif _loop_is_running():
                run(plan.inline, receipt, self.failures.note)
                self._scheduled.start(Work(plan.awaited, receipt, delivery.key, self.failures.note_alone))
                raise_failures(receipt)
                return receipt
            else:
                self._run_with_own_loop(plan.steps, receipt)
        finally:
            scope.reset(token)
        if receipt.parts == 1:
            receipt.done = True
        else:
            receipt.part_ended()
        if receipt.failures:
            raise_failures(receipt)
        return receipt

    async def take_async(self, plan: Plan, delivery: Delivery) -> Receipt:
        """Take an event to its handlers and await them all.

        Raises:
            ExceptionGroup: Handlers failed.
        """
        if delivery.key and plan.steps:
            return await self._take_in_turn_async(plan, delivery)
        if not plan.plain:
            return await self._take_async(plan, delivery)
        event = delivery.event  # as in ``take``
        receipt = Receipt(event, plan.names)
        token = scope.set(delivery)
        try:
            if plan.before is not None and delivery.made is None:
                plan.before(event)
            for step in plan.steps:
                try:
                    if step.is_async:
                        await step.call(event)
                    elif (result := step.call(event)) is not None:
                        refuse_awaitable(result)
                except Exception as error:
                    self.failures.note(step.name, error, receipt)
        finally:
            scope.reset(token)
        receipt.done = True
        if receipt.failures:
            raise_failures(receipt)
        return receipt

    async def _take_async(self, plan: Plan, delivery: Delivery) -> Receipt:
        event = delivery.event
        token = scope.set(delivery)
        try:
            if plan.before is not None and delivery.made is None:  # else it was published before
                plan.before(event)
            if plan.choosy:
                plan = plan.narrowed(event)
            receipt = Receipt(event, plan.names)
            if plan.queued:
                await self.flows.put_async(plan.queued, receipt, delivery.key)
            await run_async(plan.steps, receipt, self.failures.note)
        finally:
            scope.reset(token)
        if receipt.parts == 1:
            receipt.done = True
        else:
            receipt.part_ended()
        if receipt.failures:
            raise_failures(receipt)
        return receipt

    def _run_with_own_loop(self, steps: Iterable[Step], receipt: Receipt) -> None:
        for step in steps:
            if step.is_async:
                self._loop.run(to_the_end(run_async([step], receipt, self.failures.note)))
            else:
                run([step], receipt, self.failures.note)

    def _take_in_turn(self, plan: Plan, delivery: Delivery) -> Receipt:
        turns, in_loop = self.flows.turns, _loop_is_running()
        turn = None if in_loop and plan.awaited else turns.try_enter(delivery.key)
        if turn is None:
            if in_loop or not turns.may_wait:
                return self._follow_in_turn(plan, delivery)
            turn = turns.wait(delivery.key)
        with turns.inside(turn):
            return self._take(plan, delivery)

    async def _take_in_turn_async(self, plan: Plan, delivery: Delivery) -> Receipt:
        turns = self.flows.turns
        turn = turns.try_enter(delivery.key)
        if turn is None:
            if not turns.may_wait:
                return self._follow_in_turn(plan, delivery)
            turn = await turns.wait_async(delivery.key)
        with turns.inside(turn):
            return await self._take_async(plan, delivery)

    def _follow_in_turn(self, plan: Plan, delivery: Delivery) -> Receipt:
        """Go on; the handlers follow when those before them with the same key have ended."""
        event = delivery.event
        token = scope.set(delivery)
        try:
            if plan.before is not None and delivery.made is None:
                plan.before(event)
            if plan.choosy:
                plan = plan.narrowed(event)
            receipt = Receipt(event, plan.names)
            if plan.queued:
                self.flows.put(plan.queued, receipt, delivery.key)
            self.flows.follow(Work(plan.steps, receipt, delivery.key, self.failures.note_alone))
        finally:
            scope.reset(token)
        return receipt

    @property
    def backlog(self) -> int:
        """How many events wait: in queues, and for handlers that were scheduled."""
        return len(self._scheduled) + (self._flows.waiting if self._flows is not None else 0)

    async def drain(self, timeout: float | None) -> None:
        """Wait until nothing is under way."""
        if current_delivery() is not None:
            raise RuntimeError("drain() inside a handler would wait for that handler itself")
        import asyncio  # noqa: PLC0415 - most of what it takes to load a bus, and many programs never run a loop

        try:
            async with asyncio.timeout(timeout):
                await self._scheduled.wait()
                while self._flows is not None and self._flows.under_way.left():
                    await self._flows.drained()
                    await self._scheduled.wait()
        except TimeoutError:
            raise TimeoutError(f"still under way after {timeout} s: {told(self.left())}") from None

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Start work as a task of the running loop that ``drain`` waits for."""
        import asyncio  # noqa: PLC0415 - it is loaded, since a loop runs

        under_way = self.flows.under_way
        under_way.begin(name)
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            under_way.end(name)

        task.add_done_callback(ended)

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine on the bus's own loop and wait for it."""
        return self._loop.run(work)

    def alone(self, publish: Callable[[], Receipt]) -> Receipt | None:
        """Publish where nobody waits for the result: what handlers raise is logged."""
        try:
            return publish()
        except HandlersFailedError as failed:
            self.failures.log(failed.receipt)
            return failed.receipt
        except Exception:
            logger().exception("an event could not be published")
            return None

    async def alone_async(self, publish: Coroutine[Any, Any, Receipt]) -> None:
        """Await a publish where nobody waits for the result: what handlers raise is logged."""
        try:
            await publish
        except HandlersFailedError as failed:
            self.failures.log(failed.receipt)
        except Exception:
            logger().exception("an event could not be published")

    def recover(self, plan: Callable[[BaseEvent], Plan], delivered: Callable[[Unfinished], Delivery]) -> None:
        """Handle what earlier processes left: nothing where nothing is kept."""

    async def prepared(self, plan: Plan, delivery: Delivery) -> Plan:
        """Return the plan of a delivery when it may begin."""
        return plan

    def left(self) -> dict[str, int]:
        """Return what is under way, by handler or kind."""
        left = self._flows.under_way.left() if self._flows is not None else {}
        return left | ({"scheduled handlers": count} if (count := len(self._scheduled)) else {})

    def wait(self, timeout: float | None) -> bool:
        """Block until nothing is under way that does not need this thread."""
        return self._flows is None or self._flows.wait(timeout)

    def close(self) -> dict[str, int]:
        """Stop the loop, if it was needed, and return what was left. A later publish starts it again."""
        left = self._flows.close() if self._flows is not None else {}
        self._loop.close()
        return left


def told(left: Mapping[str, int]) -> str:
    """Return in words what is left."""
    return ", ".join(f"{count} of {name}" for name, count in left.items()) or "nothing"


def _loop_is_running() -> bool:
    return running_loop() is not None
