"""`EventBus`: takes events to their handlers inside one process."""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import Any

from pubsub_devtools.bus.context import Delivery, delivery
from pubsub_devtools.bus.loop import LoopThread
from pubsub_devtools.bus.plan import Plan, Step, compile_plan
from pubsub_devtools.bus.receipt import Failure, Receipt
from pubsub_devtools.bus.scheduled import Scheduled, to_the_end
from pubsub_devtools.bus.settings import service
from pubsub_devtools.bus.subscription import Subscription, check_versions, subscriptions
from pubsub_devtools.bus.targets import handlers_in
from pubsub_devtools.schema.event import BaseEvent

_log = logging.getLogger("pubsub_devtools")


class EventBus:
    """An in-memory bus: it calls the handlers that it includes, and no others.

    Promises:
        - Handlers of one event run one after the other, from the highest priority to the lowest, equal ones in the order
          of inclusion. Inside a running loop ``publish`` runs the synchronous ones first and schedules the async ones.
        - A handler that raises never keeps the others from running.
        - No error is lost: it is raised to the publisher, or, where the publisher has gone on, logged as ERROR.
        - Buses share nothing. Publishing and including are safe from several threads.

    Args:
        source: Name of this service in envelopes (CloudEvents ``source``). Where it is empty, the ``service`` of
            ``[tool.pubsub-devtools]`` in the nearest ``pyproject.toml`` is taken.
        clock: Returns the time in seconds since 1970; envelopes carry it.
        on_handler_failed: Called with every failure when it happens, raised or not.

    Example:
        >>> from pubsub_devtools import BaseEvent, event_handler
        >>> class OrderPlaced(BaseEvent):
        ...     order_id: str
        >>> @event_handler(OrderPlaced)
        ... async def confirm(event: OrderPlaced) -> None:
        ...     print("confirmed", event.order_id)
        >>> bus = EventBus(source="shop")
        >>> bus.include(confirm)
        >>> bus.publish(OrderPlaced("o-1")).done
        confirmed o-1
        True
    """

    def __init__(
        self,
        *,
        source: str = "",
        clock: Callable[[], float] = time.time,
        on_handler_failed: Callable[[Failure], None] | None = None,
    ) -> None:
        self._source: Callable[[], str] = (lambda: source) if source else service
        self._clock = clock
        self._on_handler_failed = on_handler_failed
        self._lock = threading.RLock()
        self._subscriptions: list[Subscription] = []
        self._plans: dict[type[BaseEvent], Plan] = {}
        self._loop = LoopThread()
        self._scheduled = Scheduled()

    def include(self, *targets: object) -> None:
        """Hear the declared handlers of functions, instances, classes, modules and packages.

        A class is instantiated without arguments; a module gives what it defines itself; a package all its modules. A
        handler that is included already stays as it is.

        Raises:
            TypeError: A target holds no handler, a handler cannot be called with what it is declared for, or two
                handlers take different versions of one event. Nothing is included then.
        """
        handlers = [handler for target in targets for handler in handlers_in(target)]
        with self._lock:
            self._subscriptions = self._with(handlers)
            self._plans = {}

    def publish(self, event: BaseEvent) -> Receipt:
        """Take an event to its handlers.

        Synchronous handlers have run when this returns. So have async ones where no event loop runs in this thread (they
        run on a loop of the bus, with all that they go on to publish there); inside a running loop they are scheduled.

        Returns:
            Which handlers the event went to. Failures of scheduled handlers are added to it.

        Raises:
            ExceptionGroup: Handlers failed before this returned; the others have run all the same.
            TypeError: The argument is no event.
        """
        plan = self._plan(event)
        receipt = Receipt(event, plan.names)
        token = delivery.set(self._delivery(event))
        try:
            if not plan.awaited:
                self._run(plan.steps, receipt)
            elif _loop_is_running():
                self._run(plan.inline, receipt)
                self._schedule(plan.awaited, receipt)
                _raise(receipt)
                return receipt
            else:
                self._run_with_own_loop(plan.steps, receipt)
        finally:
            delivery.reset(token)
        receipt.done = True
        _raise(receipt)
        return receipt

    async def publish_async(self, event: BaseEvent) -> Receipt:
        """Take an event to its handlers and await them all, one after the other.

        What handlers publish in turn with ``publish`` is scheduled, not awaited; ``drain`` waits for it.

        Raises:
            ExceptionGroup: Handlers failed; the others have run all the same.
            TypeError: The argument is no event.
        """
        plan = self._plan(event)
        receipt = Receipt(event, plan.names)
        token = delivery.set(self._delivery(event))
        try:
            await self._run_async(deque(plan.steps), receipt, self._failed)
        finally:
            delivery.reset(token)
        receipt.done = True
        _raise(receipt)
        return receipt

    async def drain(self, timeout: float | None = None) -> None:
        """Wait until no scheduled handler is under way, those included that start meanwhile.

        Args:
            timeout: Seconds to wait at most; None waits for ever. The handlers are not cancelled.

        Raises:
            TimeoutError: Handlers are still under way.
            RuntimeError: It was called inside a handler, which would wait for itself.
        """
        if delivery.get() is not None:
            raise RuntimeError("drain() inside a handler would wait for that handler itself")
        async with asyncio.timeout(timeout):
            await self._scheduled.wait()

    def close(self) -> None:
        """Stop the bus's own loop, if it was needed. A later publish starts it again."""
        self._loop.close()

    @contextmanager
    def isolated(self) -> Generator[EventBus, None, None]:
        """Forget at the end what is included inside, so that one test does not hear another's handlers."""
        with self._lock:
            before = self._subscriptions
        try:
            yield self
        finally:
            with self._lock:
                self._subscriptions = before
                self._plans = {}

    def _with(self, handlers: Iterable[Callable[..., Any]]) -> list[Subscription]:
        known = list(self._subscriptions)
        for handler in handlers:
            if any(subscription.handler == handler for subscription in known):
                continue
            for subscription in subscriptions(handler):
                check_versions(known, subscription)
                known.append(subscription)
        return known

    def _plan(self, event: BaseEvent) -> Plan:
        return self._plans.get(type(event)) or self._compiled(type(event))

    def _compiled(self, cls: type) -> Plan:
        if not issubclass(cls, BaseEvent):
            raise TypeError(f"publish takes an instance of a BaseEvent, not of {cls.__qualname__}")
        with self._lock:
            return self._plans.setdefault(cls, compile_plan(cls, self._subscriptions))

    def _delivery(self, event: BaseEvent) -> Delivery:
        return Delivery(event, self._source, self._clock(), delivery.get())

    def _run(self, steps: Iterable[Step], receipt: Receipt) -> None:
        event = receipt.event
        for step in steps:
            try:
                if (result := step.call(event)) is not None:
                    _refuse_awaitable(result)
            except Exception as error:
                self._failed(Failure(step.name, event, error), receipt)

    def _run_with_own_loop(self, steps: Iterable[Step], receipt: Receipt) -> None:
        for step in steps:
            if step.is_async:
                self._loop.run(to_the_end(self._run_async(deque([step]), receipt, self._failed)))
            else:
                self._run([step], receipt)

    async def _run_async(
        self, steps: deque[Step], receipt: Receipt, failed: Callable[[Failure, Receipt], None]
    ) -> None:
        """Run the steps from the left; one that has ended leaves the deque."""
        event = receipt.event
        while steps:
            step = steps[0]
            try:
                result = step.call(event)
                if step.is_async:
                    await result
                elif result is not None:
                    _refuse_awaitable(result)
            except Exception as error:
                failed(Failure(step.name, event, error), receipt)
            steps.popleft()

    def _schedule(self, steps: tuple[Step, ...], receipt: Receipt) -> None:
        left = deque(steps)

        async def work() -> None:
            await self._run_async(left, receipt, self._failed_alone)
            receipt.done = True

        def broken_off(reason: BaseException) -> None:
            for step in left:
                self._failed_alone(Failure(step.name, receipt.event, reason), receipt)
            receipt.done = True

        self._scheduled.start(work(), broken_off)

    def _failed(self, failure: Failure, receipt: Receipt) -> None:
        receipt.failures.append(failure)
        if self._on_handler_failed:
            try:
                self._on_handler_failed(failure)
            except Exception:
                _log.exception("on_handler_failed itself failed on a failure of %s", failure.handler)

    def _failed_alone(self, failure: Failure, receipt: Receipt) -> None:
        """Log as well: nobody waits for this handler any more."""
        self._failed(failure, receipt)
        _log.error(
            "handler %s failed on %s %s",
            failure.handler,
            type(failure.event).__name__,
            receipt.event_id,
            exc_info=failure.error,
        )


def _raise(receipt: Receipt) -> None:
    errors = [failure.error for failure in receipt.failures if isinstance(failure.error, Exception)]
    if errors:
        names = ", ".join(failure.handler for failure in receipt.failures)
        raise ExceptionGroup(f"{len(errors)} of {len(receipt.handlers)} handlers failed: {names}", errors)


def _refuse_awaitable(result: object) -> None:
    """A synchronous handler that returns a coroutine would never run to its end, and nobody would notice."""
    if inspect.iscoroutine(result):
        result.close()
    if inspect.isawaitable(result):
        raise TypeError("the handler returned an awaitable: declare it with 'async def'")


def _loop_is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
