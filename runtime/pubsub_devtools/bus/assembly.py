"""How a subscription becomes a step: each thing that the handler uses is put around it, and nothing else.

From the inside out: the handler with its parameters filled in, middleware, the upcast to the version that the handler takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from pubsub_devtools.bus.middleware import Middleware, around_handler
from pubsub_devtools.bus.plan import Plan, Predicate, Step, failing, plan_of
from pubsub_devtools.bus.subscription import Subscription
from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent


class Parts(msgspec.Struct):
    """What a bus has to put around handlers."""

    middleware: Sequence[Middleware] = ()


def compile_plan(cls: type[BaseEvent], subscriptions: Iterable[Subscription], parts: Parts) -> Plan:
    """Choose the handlers of an event class and put them in order.

    A handler that listens to the event more than once, by name and by pattern, is called once, at its highest priority.
    A handler that cannot be given this class stands in the plan as a failure, so that it is never passed over in silence.
    """
    name = schema_of(cls).name
    chosen: dict[Callable[..., Any], list[Subscription]] = {}
    # sorted() is stable: handlers of one priority stay in the order of their inclusion.
    for subscription in sorted(subscriptions, key=lambda subscription: -subscription.declaration.priority):
        if subscription.covers(name):
            chosen.setdefault(subscription.handler, []).append(subscription)
    return plan_of(_step(group, cls, parts) for group in chosen.values())


def _step(subscriptions: Sequence[Subscription], cls: type[BaseEvent], parts: Parts) -> Step:
    first = subscriptions[0]
    if refusal := first.refusal(cls):
        return failing(first.name, refusal)
    call = around_handler(parts.middleware, first.name, first.call, is_async=first.is_async)
    return Step(first.name, call, first.is_async, _either([each.declaration.when for each in subscriptions]))


def _either(predicates: Sequence[Predicate | None]) -> Predicate | None:
    """Return whether any subscription of the handler wants an event; None where one wants them all."""
    wanted = [predicate for predicate in predicates if predicate is not None]
    if len(wanted) < len(predicates):
        return None
    return wanted[0] if len(wanted) == 1 else lambda event: any(predicate(event) for predicate in wanted)
