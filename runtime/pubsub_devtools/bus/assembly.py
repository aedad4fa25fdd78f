"""How a subscription becomes a step: each thing that the handler uses is put around it, and nothing else.

From the inside out: the handler with its parameters filled in, what tells plugins of each call, its guards, middleware, and
the upcast to the version that the handler takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pubsub_devtools.bus.middleware import Middleware, around_handler
from pubsub_devtools.bus.plan import Call, Plan, Predicate, Step, failing, plan_of
from pubsub_devtools.bus.subscription import Subscription
from pubsub_devtools.bus.upcasting import upcasting
from pubsub_devtools.schema.event import BaseEvent

if TYPE_CHECKING:
    from pubsub_devtools.bus.flow import Flow
    from pubsub_devtools.bus.flows import Flows
    from pubsub_devtools.bus.guarding import Guarded
    from pubsub_devtools.bus.lane import Lane
    from pubsub_devtools.plugins.slots import Hooks
    from pubsub_devtools.resilience.services import Services
    from pubsub_devtools.schema.migrator import EventMigrator
    from pubsub_devtools.schema.validation import Validation

Handler = Callable[..., Any]


class Assembly:
    """What a bus puts around handlers.

    Guards keep a state, so each handler's are made once and stay while plans come and go; what lies inside of them is
    looked up at each call, as far as plugins may change it.
    """

    def __init__(
        self,
        hooks: Hooks,
        services: Callable[[], Services],
        flows: Callable[[], Flows],
        start: Callable[[], None],
    ) -> None:
        self.middleware: tuple[Middleware, ...] = ()
        self.migrator: EventMigrator | None = None
        self.validation: Validation | None = None
        self._hooks = hooks
        self._services = services
        self._flows = flows
        self._start = start
        self.flow: Flow | None = None
        self._guarded: dict[Handler, Guarded] = {}

    def plan(self, cls: type[BaseEvent], subscriptions: Iterable[Subscription]) -> Plan:
        """Return the way of an event class to its handlers, which are given by priority.

        A handler that listens to the event more than once, by name and by pattern, is called once, at its highest
        priority. A handler that cannot be given this class stands in the plan as a failure: it is never passed over in
        silence.
        """
        chosen: dict[Handler, list[Subscription]] = {}
        for subscription in subscriptions:
            chosen.setdefault(subscription.handler, []).append(subscription)
        steps = [self._step(group, cls) for group in chosen.values()]
        return plan_of(steps, before=self._before(cls))

    def exchange_guards(self, guarded: dict[Handler, Guarded]) -> dict[Handler, Guarded]:
        """Go on with these guards, and return those so far."""
        before, self._guarded = self._guarded, guarded
        return before

    def _before(self, cls: type[BaseEvent]) -> Callable[[BaseEvent], None] | None:
        """Return what is called with each event of a class before its handlers: the check of its fields, and plugins."""
        check = self._check(cls)
        told = self._hooks.on_event_published
        if check is None or told is None:
            return check or told

        def before(event: BaseEvent) -> None:
            check(event)
            told(event)

        return before

    def _check(self, cls: type[BaseEvent]) -> Callable[[BaseEvent], None] | None:
        """Return the check of published events; plugins hear of those that it refuses."""
        if self.validation is None:
            return None
        from pubsub_devtools.bus.validating import dropping, published  # noqa: PLC0415 - most buses check nothing

        check = published(self.validation, cls)
        return check and dropping(check, self._hooks)

    def _step(self, subscriptions: Sequence[Subscription], cls: type[BaseEvent]) -> Step:
        first = subscriptions[0]
        try:
            upcast = upcasting(first, cls, self.migrator)
        except TypeError as refusal:
            return failing(first.name, refusal)
        flow = first.declaration.flow or self.flow
        call = self._told(first, in_batches=flow is not None and flow.batch > 0)
        if flow is None or not flow.batch:  # these stand around single events
            call = self._guarded_call(first, call)
            call = around_handler(self.middleware, first.name, call, is_async=first.is_async)
        when = _either([each.declaration.when for each in subscriptions])
        if flow is not None:
            if upcast is not None:
                when = when and _after(upcast, when)
            return Step(first.name, upcast or _itself, False, when, self._lane(first, call, flow))
        if upcast is not None:
            call, when = _after(upcast, call), when and _after(upcast, when)
        return Step(first.name, call, first.is_async, when)

    def _lane(self, subscription: Subscription, call: Call, flow: Flow) -> Lane:
        name, handler = subscription.name, subscription.handler
        return self._flows().lane(handler, name, call, is_async=subscription.is_async, flow=flow)

    def _told(self, subscription: Subscription, *, in_batches: bool) -> Call:
        """Return the handler's call with the slots of plugins around it that are not empty."""
        started, executed = self._hooks.on_handler_started, self._hooks.on_handler_executed
        if started is None and executed is None:
            return subscription.call
        if started is not None and in_batches:
            started = _for_each(started)
        told = _told_async if subscription.is_async else _told
        return told(subscription.name, subscription.call, started, executed)

    def _guarded_call(self, subscription: Subscription, call: Call) -> Call:
        if not getattr(subscription.handler, "__guards__", ()):
            return call
        from pubsub_devtools.bus.guarding import Guarded  # noqa: PLC0415 - most buses guard nothing

        if subscription.handler not in self._guarded:
            self._guarded[subscription.handler] = Guarded(subscription, self._services())
        self._start()  # its retries may be put off, or have been
        guarded = self._guarded[subscription.handler]
        guarded.replace_inner(call)
        return guarded.call


def _either(predicates: Sequence[Predicate | None]) -> Predicate | None:
    """Return whether any subscription of the handler wants an event; None where one wants them all."""
    wanted = [predicate for predicate in predicates if predicate is not None]
    if len(wanted) < len(predicates):
        return None
    return wanted[0] if len(wanted) == 1 else lambda event: any(predicate(event) for predicate in wanted)


def _itself(event: BaseEvent) -> BaseEvent:
    return event


def _after(upcast: Callable[[BaseEvent], BaseEvent], call: Call) -> Call:
    return lambda event: call(upcast(event))


def _for_each(started: Callable[[str, Any], None]) -> Callable[[str, Any], None]:
    def started_each(name: str, events: Iterable[BaseEvent]) -> None:
        for event in events:
            started(name, event)

    return started_each


def _told(
    name: str, call: Call, started: Callable[..., None] | None, executed: Callable[..., None] | None
) -> Call:
    def told(event: BaseEvent) -> Any:
        if started is not None:
            started(name, event)
        began = time.perf_counter()
        result = call(event)
        if executed is not None:
            executed(name, time.perf_counter() - began)
        return result

    return told


def _told_async(
    name: str, call: Call, started: Callable[..., None] | None, executed: Callable[..., None] | None
) -> Call:
    async def told(event: BaseEvent) -> Any:
        if started is not None:
            started(name, event)
        began = time.perf_counter()
        result = await call(event)
        if executed is not None:
            executed(name, time.perf_counter() - began)
        return result

    return told
