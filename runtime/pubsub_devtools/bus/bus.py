"""`EventBus`: takes events to their handlers inside one process."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any

from pubsub_devtools.bus.assembly import Parts, compile_plan
from pubsub_devtools.bus.context import Delivery, current_delivery, under
from pubsub_devtools.bus.failing import Failures, raise_failures
from pubsub_devtools.bus.injection import Providers
from pubsub_devtools.bus.loop import LoopThread
from pubsub_devtools.bus.middleware import Middleware, Outgoing, around_publish, around_publish_async
from pubsub_devtools.bus.plan import Plan, Step
from pubsub_devtools.bus.receipt import Failure, Receipt
from pubsub_devtools.bus.running import Work, refuse_awaitable, run, run_async
from pubsub_devtools.bus.scheduled import Scheduled, to_the_end
from pubsub_devtools.bus.settings import service
from pubsub_devtools.bus.subscription import Subscription, check_versions, subscriptions
from pubsub_devtools.bus.targets import handlers_in
from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.schema.event import BaseEvent
from pubsub_devtools.tracing.scope import scope


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
        middleware: Stands around every publish and every handler, the first outermost.
        providers: By type, what makes the values of handlers' parameters of that type: a function, or a generator that
            yields the value and cleans up once the handler has ended; async handlers may have async ones.

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
        middleware: Iterable[Middleware] = (),
        providers: Providers | None = None,
    ) -> None:
        self._source: Callable[[], str] = (lambda: source) if source else service
        self._clock = clock
        self._failures = Failures(on_handler_failed)
        self._providers = dict(providers or {})
        self._parts = Parts(middleware=tuple(middleware))
        self._lock = threading.RLock()
        self._subscriptions: list[Subscription] = []
        self._plans: dict[type[BaseEvent], Plan] = {}
        self._loop = LoopThread()
        self._scheduled = Scheduled()
        self._around = around_publish(self._parts.middleware, self._publish)
        self._around_async = around_publish_async(self._parts.middleware, self._publish_async)

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

    def publish(
        self, event: BaseEvent, *, key: str = "", headers: Mapping[str, str] | None = None
    ) -> Receipt:
        """Take an event to its handlers.

        Synchronous handlers have run when this returns. So have async ones where no event loop runs in this thread (they
        run on a loop of the bus, with all that they go on to publish there); inside a running loop they are scheduled.

        Args:
            event: What happened.
            key: Stands in the envelope; events of one key keep their order.
            headers: Stand in the envelope, for whatever surrounds the payload.

        Returns:
            Which handlers the event went to. Failures of scheduled handlers are added to it.

        Raises:
            ExceptionGroup: Handlers failed before this returned; the others have run all the same.
            TypeError: The argument is no event.
        """
        if self._around is not None:
            return self._around(Outgoing(event, key, headers))
        plan = self._plans.get(type(event)) or self._compiled(type(event))
        if (parent := scope.get()) is None:
            return self._take(plan, Delivery(event, self._source, self._clock(), key, headers))
        return self._take(plan, under(parent, event, self._source, self._clock(), key, headers))

    async def publish_async(
        self, event: BaseEvent, *, key: str = "", headers: Mapping[str, str] | None = None
    ) -> Receipt:
        """Take an event to its handlers and await them all, one after the other.

        What handlers publish in turn with ``publish`` is scheduled, not awaited; ``drain`` waits for it.

        Args:
            event: What happened.
            key: Stands in the envelope; events of one key keep their order.
            headers: Stand in the envelope, for whatever surrounds the payload.

        Raises:
            ExceptionGroup: Handlers failed; the others have run all the same.
            TypeError: The argument is no event.
        """
        if self._around_async is not None:
            return await self._around_async(Outgoing(event, key, headers))
        plan = self._plans.get(type(event)) or self._compiled(type(event))
        if (parent := scope.get()) is None:
            delivery = Delivery(event, self._source, self._clock(), key, headers)
        else:
            delivery = under(parent, event, self._source, self._clock(), key, headers)
        return await self._take_async(plan, delivery)

    def deliver(self, event: BaseEvent, envelope: Envelope) -> Receipt:
        """Take an event that was published elsewhere, or before, to its handlers, in the envelope that it came in.

        What handlers publish belongs to the chain and the trace of that envelope. Else it is as ``publish``.

        Raises:
            ExceptionGroup: Handlers failed before this returned; the others have run all the same.
        """
        return self._take(self._plan(event), self._delivered(event, envelope))

    async def deliver_async(self, event: BaseEvent, envelope: Envelope) -> Receipt:
        """Take an event that came from elsewhere to its handlers and await them all: as ``deliver``.

        Raises:
            ExceptionGroup: Handlers failed; the others have run all the same.
        """
        return await self._take_async(self._plan(event), self._delivered(event, envelope))

    async def drain(self, timeout: float | None = None) -> None:
        """Wait until no scheduled handler is under way, those included that start meanwhile.

        Args:
            timeout: Seconds to wait at most; None waits for ever. The handlers are not cancelled.

        Raises:
            TimeoutError: Handlers are still under way.
            RuntimeError: It was called inside a handler, which would wait for itself.
        """
        if current_delivery() is not None:
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
            for subscription in subscriptions(handler, self, self._providers):
                check_versions(known, subscription)
                known.append(subscription)
        return known

    def _plan(self, event: BaseEvent) -> Plan:
        return self._plans.get(type(event)) or self._compiled(type(event))

    def _compiled(self, cls: type) -> Plan:
        if not issubclass(cls, BaseEvent):
            raise TypeError(f"publish takes an instance of a BaseEvent, not of {cls.__qualname__}")
        with self._lock:
            return self._plans.setdefault(cls, compile_plan(cls, self._subscriptions, self._parts))

    def _delivery(self, event: BaseEvent, key: str, headers: Mapping[str, str] | None) -> Delivery:
        if (parent := scope.get()) is None:
            return Delivery(event, self._source, self._clock(), key, headers)
        return under(parent, event, self._source, self._clock(), key, headers)

    def _delivered(self, event: BaseEvent, envelope: Envelope) -> Delivery:
        when = envelope.time.timestamp()
        return Delivery(event, self._source, when, envelope.key, envelope.headers, made=envelope)

    def _publish(self, outgoing: Outgoing) -> Receipt:
        """Publish what has come through the middleware, which may have changed it."""
        event = outgoing.event
        return self._take(self._plan(event), self._delivery(event, outgoing.key, outgoing.headers))

    async def _publish_async(self, outgoing: Outgoing) -> Receipt:
        event = outgoing.event
        return await self._take_async(
            self._plan(event), self._delivery(event, outgoing.key, outgoing.headers)
        )

    def _take(self, plan: Plan, delivery: Delivery) -> Receipt:
        event = delivery.event
        token = scope.set(delivery)
        try:
            if plan.before is not None:
                plan.before(event)
            if plan.choosy:
                plan = plan.narrowed(event)
            receipt = Receipt(event, plan.names)
            if not plan.awaited:
                run(plan.steps, receipt, self._failures.note)
            elif _loop_is_running():
                run(plan.inline, receipt, self._failures.note)
                self._scheduled.start(Work(plan.awaited, receipt, delivery.key, self._failures.note_alone))
                raise_failures(receipt)
                return receipt
            else:
                self._run_with_own_loop(plan.steps, receipt)
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
            if plan.before is not None:
                plan.before(event)
            if plan.choosy:
                plan = plan.narrowed(event)
            receipt = Receipt(event, plan.names)
            for step in plan.steps:  # as run_async: one coroutine less makes a fifth of the time
                try:
                    if step.is_async:
                        await step.call(event)
                    elif (result := step.call(event)) is not None:
                        refuse_awaitable(result)
                except Exception as error:
                    self._failures.note(step.name, error, receipt)
        finally:
            scope.reset(token)
        receipt.done = True
        if receipt.failures:
            raise_failures(receipt)
        return receipt

    def _run_with_own_loop(self, steps: Iterable[Step], receipt: Receipt) -> None:
        for step in steps:
            if step.is_async:
                self._loop.run(to_the_end(run_async([step], receipt, self._failures.note)))
            else:
                run([step], receipt, self._failures.note)


def _loop_is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
