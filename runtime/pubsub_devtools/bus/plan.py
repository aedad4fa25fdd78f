"""The compiled way of one event class through one bus, so that publishing looks up one plan and runs down a tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from pubsub_devtools.schema.declare import schema_of

if TYPE_CHECKING:
    from pubsub_devtools.bus.subscription import Subscription
    from pubsub_devtools.schema.event import BaseEvent


class Step(NamedTuple):
    """One handler to call."""

    name: str
    call: Callable[[BaseEvent], Any]
    is_async: bool


class Plan(NamedTuple):
    """All handlers of one event class by priority; ``inline`` and ``awaited`` part them by kind."""

    names: tuple[str, ...]
    steps: tuple[Step, ...]
    inline: tuple[Step, ...]
    awaited: tuple[Step, ...]


def compile_plan(cls: type[BaseEvent], subscriptions: Iterable[Subscription]) -> Plan:
    """Choose the handlers of an event class and put them in order.

    A handler that listens to the event more than once, by name and by pattern, is called once, at its highest priority.
    A handler that cannot be given this class stands in the plan as a failure, so that it is never passed over in silence.
    """
    name = schema_of(cls).name
    chosen: dict[Callable[..., Any], Step] = {}
    # sorted() is stable: handlers of one priority stay in the order of their inclusion.
    for subscription in sorted(subscriptions, key=lambda subscription: -subscription.priority):
        if subscription.covers(name) and subscription.handler not in chosen:
            chosen[subscription.handler] = _step(subscription, cls)
    steps = tuple(chosen.values())
    return Plan(
        names=tuple(step.name for step in steps),
        steps=steps,
        inline=tuple(step for step in steps if not step.is_async),
        awaited=tuple(step for step in steps if step.is_async),
    )


def _step(subscription: Subscription, cls: type[BaseEvent]) -> Step:
    if refusal := subscription.refusal(cls):
        return Step(subscription.name, _refuse(str(refusal)), is_async=False)
    return Step(subscription.name, subscription.call, subscription.is_async)


def _refuse(why: str) -> Callable[[BaseEvent], None]:
    def refuse(_: BaseEvent) -> None:
        raise TypeError(why)

    return refuse
