"""`EventBus`: takes events to their handlers inside one process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from sys import modules
from typing import TYPE_CHECKING, Any

from pubsub_devtools.bus.context import Delivery, under
from pubsub_devtools.bus.delivering import Deliveries
from pubsub_devtools.bus.failing import Failures
from pubsub_devtools.bus.injection import Providers
from pubsub_devtools.bus.middleware import Middleware, Outgoing, check_handled
from pubsub_devtools.bus.one_handler import call_one, call_one_async, step_of
from pubsub_devtools.bus.over_time import OverTime
from pubsub_devtools.bus.plan import Plan
from pubsub_devtools.bus.receipt import Failure, Receipt
from pubsub_devtools.bus.settings import service
from pubsub_devtools.bus.subscription import subscriptions
from pubsub_devtools.bus.targets import handlers_in
from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent
from pubsub_devtools.tracing.opentelemetry import API as OPENTELEMETRY
from pubsub_devtools.tracing.scope import scope

if TYPE_CHECKING:
    from pubsub_devtools.bus.queueing import Overflow
    from pubsub_devtools.bus.state import StateDir
    from pubsub_devtools.plugins.plugin import Plugin
    from pubsub_devtools.schema.migrator import EventMigrator
    from pubsub_devtools.schema.registry.protocol import SchemaRegistry
    from pubsub_devtools.schema.validation import Level, Validation


class EventBus(OverTime):
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
        migrator: Brings events of earlier versions to those that handlers take.
        validation: Checks published events against their classes once more: ``"strict"`` refuses what does not fit (made by
            ``model_construct``, or changed inside since), ``"warn"`` logs it; a ``Validation`` may differ for what is
            published and for what ``deliver`` receives. Plugins hear of what is refused by ``on_event_dropped``.
        registry: What is published must be registered there, as it is, under its version; ``validation`` says how strictly,
            ``"strict"`` if it is not given.
        middleware: Stands around every publish and every handler, the first outermost.
        providers: By type, what makes the values of handlers' parameters of that type: a function, or a generator that
            yields the value and cleans up once the handler has ended; async handlers may have async ones.
        plugins: Are told of everything that happens here: instances, classes, or names of installed ones.
        queue_size: How many events may wait before each handler that does not say it itself. Where this or ``workers`` is
            given, every handler stands behind a queue; the publisher goes on when its event stands in all of them.
        overflow: What happens at a full queue: ``"block"`` the publisher waits, ``"raise"`` `QueueFull`, ``"drop_oldest"``
            or ``"drop_newest"``, which are told as failures.
        workers: How many events each of these handlers handles at once.
        durable: Commit each event to the disk before its first handler is called. What a process leaves unfinished is
            handled by the next one at ``start``, so at least once.
        state_dir: The folder of the one file in which guards keep what shall outlive the process: dead letters, what
            ``idempotent=True`` has seen, delayed attempts, shared states. By default the ``state_dir`` of
            ``[tool.pubsub-devtools]``. Where neither is given, and the bus is not durable, dead letters alone go to the disk,
            to ``.pubsub`` beside pyproject.toml, where ``pubsub-tools dlq`` finds them. False keeps all in memory. The file
            is opened when something is first kept.

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
        migrator: EventMigrator | None = None,
        validation: Validation | Level | None = None,
        registry: SchemaRegistry | None = None,
        middleware: Iterable[Middleware] = (),
        providers: Providers | None = None,
        plugins: Iterable[Plugin | type[Plugin] | str] = (),
        queue_size: int | None = None,
        overflow: Overflow = "block",
        workers: int | None = None,
        durable: bool = False,
        state_dir: StateDir = None,
    ) -> None:
        if not isinstance(source, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"EventBus(source={source!r}): source is the name of this service, a text")
        if migrator is not None and not hasattr(migrator, "upcast"):
            raise TypeError(f"EventBus(migrator={migrator!r}): migrator is an EventMigrator")
        self._source: Callable[[], str] = (lambda: source) if source else service
        super().__init__(clock, migrator, middleware, providers, plugins, state_dir, durable=durable)
        if registry is not None:
            from pubsub_devtools.bus.validating import with_registry  # noqa: PLC0415 - most buses check nothing

            validation = with_registry(validation, registry)
        self.validation = validation
        self._started = False
        if queue_size is not None or workers is not None:
            from pubsub_devtools.bus.flow import Flow  # noqa: PLC0415 - most buses queue nothing

            self._assembly.flow = Flow(queue_size=queue_size, overflow=overflow, workers=workers or 1)
        failures = Failures(on_handler_failed, self._hooks)
        if durable:
            from pubsub_devtools.bus.durable import DurableDeliveries  # noqa: PLC0415 - it needs SQLite

            self._deliveries = DurableDeliveries(failures, clock, self._state.stores.journal)
        else:
            self._deliveries = Deliveries(failures, clock)
        self._take, self._take_async = self._deliveries.take, self._deliveries.take_async

    def include(self, *targets: object) -> None:
        """Hear the declared handlers of functions, instances, classes, modules and packages.

        A class is instantiated without arguments; a module gives what it defines itself; a package all its modules. A
        handler that is included already stays as it is.

        Raises:
            TypeError: A target holds no handler, a handler cannot be called with what it is declared for, two handlers
                take different versions of one event, or middleware is for handlers of the other kind alone. Nothing is
                included then.
        """
        handlers = [handler for target in targets for handler in handlers_in(target)]
        with self._lock:
            new = [handler for handler in dict.fromkeys(handlers) if handler not in self._roster]
            found = [each for handler in new for each in subscriptions(handler, self, self._providers)]
            for each in found:
                check_handled(self._assembly.middleware, each.name, is_async=each.is_async)
            self._roster.add(found, self.migrator)
            self._forget_plans()

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
        if (parent := scope.get()) is None and OPENTELEMETRY not in modules:
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
        if (parent := scope.get()) is None and OPENTELEMETRY not in modules:
            delivery = Delivery(event, self._source, self._clock(), key, headers)
        else:
            delivery = under(parent, event, self._source, self._clock(), key, headers)
        return await self._take_async(plan, delivery)

    def deliver(self, event: BaseEvent, envelope: Envelope) -> Receipt:
        """Take an event that was published elsewhere, or before, to its handlers, in the envelope that it came in.

        What handlers publish belongs to the chain and the trace of that envelope. Else it is as ``publish``.

        Raises:
            ExceptionGroup: Handlers failed before this returned; the others have run all the same.
            EventInvalid: Validation on receive is strict, and the event is not what its class says. No handler has run.
        """
        self._check_received(event)
        return self._take(self._plan(event), self._delivered(event, envelope))

    async def deliver_async(self, event: BaseEvent, envelope: Envelope) -> Receipt:
        """Take an event that came from elsewhere to its handlers and await them all: as ``deliver``.

        Raises:
            ExceptionGroup: Handlers failed; the others have run all the same.
            EventInvalid: As of ``deliver``.
        """
        self._check_received(event)
        return await self._take_async(self._plan(event), self._delivered(event, envelope))

    @property
    def backlog(self) -> int:
        """How many published events wait: in queues, and for handlers that were scheduled."""
        return self._deliveries.backlog

    @property
    def source(self) -> str:
        """The name of this service, as envelopes carry it."""
        return self._source()

    def has_handler(self, handler: str) -> bool:
        """Whether a handler of this dotted name is included."""
        with self._lock:
            return self._roster.has(handler)

    def call_handler(self, handler: str, event: BaseEvent, envelope: Envelope | None) -> Any:
        """Call one handler with its guards, as a replay of its dead letter does; the other handlers hear nothing.

        Args:
            handler: Its dotted name.
            event: The event; it keeps its id.
            envelope: That of the first delivery.

        Returns:
            What the handler returned, or an ``Outcome`` of its guards.

        Raises:
            LookupError: The handler does not hear this event.
            Exception: Whatever the handler raised.
        """
        return call_one(step_of(self._plan(event), handler), self._delivered(event, envelope))

    async def call_handler_async(self, handler: str, event: BaseEvent, envelope: Envelope | None) -> Any:
        """Call one handler inside the running loop: as ``call_handler``."""
        return await call_one_async(step_of(self._plan(event), handler), self._delivered(event, envelope))

    def _stop(self) -> None:
        super()._stop()
        if self._started and (stopped := self._hooks.on_bus_stopped) is not None:
            stopped(self)
        self._started = False
        self._forget_plans()

    def _plan(self, event: BaseEvent) -> Plan:
        return self._plans.get(type(event)) or self._compiled(type(event))

    def _compiled(self, cls: type[Any]) -> Plan:
        if not issubclass(cls, BaseEvent) or cls is BaseEvent:
            raise TypeError(_no_event(cls))
        if not self._started:
            self._started = True
            if (started := self._hooks.on_bus_started) is not None:
                started(self)
        with self._lock:
            plan = self._assembly.plan(cls, self._roster.hearing(schema_of(cls).name))
            return self._plans.setdefault(cls, plan)

    def _check_received(self, event: BaseEvent) -> None:
        if (validation := self.validation) is not None:
            from pubsub_devtools.bus.validating import dropping, received  # noqa: PLC0415 - most buses check nothing

            cls = type(event)
            if cls not in self._received:
                check = received(validation, cls)
                self._received[cls] = check and dropping(check, self._hooks)
            if (check := self._received[cls]) is not None:
                check(event)

    def _delivery(self, event: BaseEvent, key: str, headers: Mapping[str, str] | None) -> Delivery:
        return under(scope.get(), event, self._source, self._clock(), key, headers)

    def _delivered(self, event: BaseEvent, envelope: Envelope | None) -> Delivery:
        if envelope is None:
            return Delivery(event, self._source, self._clock())
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


def _no_event(cls: type) -> str:
    if issubclass(cls, type):
        return "publish takes an instance of a BaseEvent, not a class: call it, as in publish(OrderPlaced(order_id=...))"
    if cls is BaseEvent:
        return (
            "publish takes an instance of a BaseEvent's subclass: BaseEvent itself has no name to be heard by"
        )
    return f"publish takes an instance of a BaseEvent, not of {cls.__qualname__}"
