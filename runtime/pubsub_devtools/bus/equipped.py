"""What a bus is equipped with: plugins, middleware, providers, the migrator, and the services of guards."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from pubsub_devtools.bus.assembly import Assembly
from pubsub_devtools.bus.injection import Providers, check_provider
from pubsub_devtools.bus.middleware import (
    Middleware,
    Outgoing,
    around_publish,
    around_publish_async,
    check_handled,
)
from pubsub_devtools.bus.plan import Plan
from pubsub_devtools.bus.receipt import Receipt
from pubsub_devtools.bus.roster import Roster
from pubsub_devtools.plugins.slots import Hooks
from pubsub_devtools.schema.event import BaseEvent

if TYPE_CHECKING:
    from pubsub_devtools.bus.context import Delivery
    from pubsub_devtools.bus.delivering import Deliveries
    from pubsub_devtools.bus.state import State, StateDir
    from pubsub_devtools.model.envelope import Envelope
    from pubsub_devtools.plugins.plugin import Plugin
    from pubsub_devtools.resilience.services import Services
    from pubsub_devtools.schema.migrator import EventMigrator
    from pubsub_devtools.schema.validation import Level, Validation


class Equipped(ABC):
    """The part of `EventBus` that is set up once. Whatever changes here, plans are compiled anew at the next publish."""

    _deliveries: Deliveries

    def __init__(
        self,
        clock: Callable[[], float],
        migrator: EventMigrator | None,
        middleware: Iterable[Middleware],
        providers: Providers | None,
        plugins: Iterable[Plugin | type[Plugin] | str],
        state_dir: StateDir,
        *,
        durable: bool,
    ) -> None:
        if durable and state_dir is False:
            raise ValueError(
                "durable=True keeps events on the disk, and state_dir=False keeps nothing there: leave out one of them"
            )
        self._state_dir: StateDir = state_dir
        self._durable = durable
        self._clock = clock
        self._hooks = Hooks(plugins)
        self._providers = dict(providers or {})
        for kind, provider in self._providers.items():
            check_provider(kind, provider)
        self._assembly = Assembly(
            self._hooks, lambda: self.services, lambda: self._deliveries.flows, self.start
        )
        self._assembly.migrator = migrator
        self._lock = threading.RLock()
        self._roster = Roster()
        self._plans: dict[type[BaseEvent], Plan] = {}
        self._received: dict[type[BaseEvent], Callable[[BaseEvent], None] | None] = {}
        self._around: Callable[[Outgoing], Receipt] | None = None
        self._around_async: Callable[[Outgoing], Awaitable[Receipt]] | None = None
        self._hooks.watch(self._forget_plans)
        for each in middleware:
            self.add_middleware(each)

    @abstractmethod
    def publish(
        self, event: BaseEvent, *, key: str = "", headers: Mapping[str, str] | None = None
    ) -> Receipt:
        """Take an event to its handlers."""

    @abstractmethod
    async def publish_async(
        self, event: BaseEvent, *, key: str = "", headers: Mapping[str, str] | None = None
    ) -> Receipt:
        """Take an event to its handlers and await them."""

    @abstractmethod
    def _plan(self, event: BaseEvent) -> Plan: ...

    @abstractmethod
    def _delivered(self, event: BaseEvent, envelope: Envelope | None) -> Delivery: ...

    @abstractmethod
    def start(self) -> None:
        """Take up what an earlier process left."""

    @abstractmethod
    def _delivery(self, event: BaseEvent, key: str, headers: Mapping[str, str] | None) -> Delivery: ...

    @cached_property
    def services(self) -> Services:
        """What the guards of all handlers share: clocks, stores, plugins. Change it before a guarded handler is called."""
        from pubsub_devtools.bus.state import BusServices  # noqa: PLC0415 - most buses guard nothing

        return BusServices(self._state, self._clock, self._hooks)

    @cached_property
    def _state(self) -> State:
        from pubsub_devtools.bus.state import State  # noqa: PLC0415 - most buses keep nothing

        return State(self._state_dir, durable=self._durable)

    @property
    def handlers(self) -> tuple[tuple[str, str], ...]:
        """Which event, or pattern, is heard by which handler (its dotted name), in the order of inclusion."""
        return self._roster.names()

    @property
    def migrator(self) -> EventMigrator | None:
        """What brings events of earlier versions to those that handlers take."""
        return self._assembly.migrator

    @migrator.setter
    def migrator(self, migrator: EventMigrator | None) -> None:
        with self._lock:
            self._roster.check(migrator)
            self._assembly.migrator = migrator
            self._forget_plans()

    @property
    def validation(self) -> Validation | None:
        """How strictly published events are held to their classes. None: they were validated when they were made."""
        return self._assembly.validation

    @validation.setter
    def validation(self, validation: Validation | Level | None) -> None:
        if isinstance(validation, str):
            from pubsub_devtools.schema.validation import Validation  # noqa: PLC0415 - most buses need none

            validation = Validation(validation)
        with self._lock:
            self._assembly.validation = validation
            self._forget_plans()

    def register_plugin(self, plugin: Plugin | type[Plugin] | str) -> Plugin:
        """Tell a plugin from now on of everything that happens here.

        Args:
            plugin: An instance, a class that needs no arguments, or the name of an installed plugin.

        Returns:
            The instance.

        Raises:
            TypeError: It is no plugin, or one of its slots cannot be called.
            LookupError: No installed plugin has this name.
        """
        return self._hooks.register(plugin)

    def unregister_plugin(self, plugin: Plugin | str) -> None:
        """Tell a plugin nothing more.

        Raises:
            LookupError: It is not registered.
        """
        self._hooks.unregister(plugin)

    def add_middleware(self, middleware: Middleware) -> None:
        """Put middleware inside of what is there already, around every publish and every handler.

        Raises:
            TypeError: It is no instance of ``Middleware``, or would be passed over by a handler that is included already.
        """
        if not isinstance(middleware, Middleware):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"{middleware!r} is no middleware: derive it from pubsub_devtools.Middleware")
        with self._lock:
            for name, is_async in self._roster.kinds():
                check_handled([middleware], name, is_async=is_async)
            self._surround((*self._assembly.middleware, middleware))

    def provide(self, kind: type[Any], provider: Callable[..., Any]) -> None:
        """Say what makes the values of handlers' parameters that are annotated with a type.

        Args:
            kind: The type.
            provider: A function, or a generator that yields the value and cleans up once the handler has ended. Its own
                parameters are filled like those of a handler. Handlers that are included already keep what they have.

        Raises:
            TypeError: It cannot be called.
        """
        check_provider(kind, provider)
        self._providers[kind] = provider

    @contextmanager
    def isolated(self) -> Generator[Self, None, None]:
        """Forget at the end what is included, provided and registered inside, so that one test does not see another's."""
        with self._lock:
            roster, self._roster = self._roster, self._roster.copy()
            providers, self._providers = self._providers, dict(self._providers)
            migrator, validation = self.migrator, self.validation
            middleware, plugins = self._assembly.middleware, self._hooks.plugins
            services, guarded = vars(self).pop("services", None), self._assembly.exchange_guards({})
            state, vars(self)["_state"] = vars(self).get("_state"), _in_memory()
        try:
            yield self
        finally:
            with self._lock:
                self._roster, self._providers = roster, providers
                self._assembly.migrator, self._assembly.validation = migrator, validation
                self._assembly.exchange_guards(guarded)
                _put_back(vars(self), services=services, _state=state)
                self._surround(middleware)
                for plugin in set(self._hooks.plugins) - set(plugins):
                    self._hooks.unregister(plugin)

    def _surround(self, middleware: tuple[Middleware, ...]) -> None:
        self._assembly.middleware = middleware
        self._around = around_publish(middleware, self._publish)
        self._around_async = around_publish_async(middleware, self._publish_async)
        self._forget_plans()

    def _forget_plans(self) -> None:
        with self._lock:  # a plan that is being compiled must not outlive what it was compiled of
            self._plans, self._received = {}, {}

    @abstractmethod
    def _publish(self, outgoing: Outgoing) -> Receipt: ...
    @abstractmethod
    async def _publish_async(self, outgoing: Outgoing) -> Receipt: ...


def _in_memory() -> State:
    from pubsub_devtools.bus.state import State  # noqa: PLC0415 - most buses keep nothing

    return State(False)


def _put_back(attributes: dict[str, Any], **before: Any) -> None:
    """Set attributes to what they were; None: they were not there."""
    for name, value in before.items():
        attributes.pop(name, None)
        if value is not None:
            attributes[name] = value
