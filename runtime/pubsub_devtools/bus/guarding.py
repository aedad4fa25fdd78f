"""Puts a handler's guards around it. It is imported where a handler has some, so that others do not pay for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pubsub_devtools.bus.context import current_context
from pubsub_devtools.bus.plan import Call
from pubsub_devtools.bus.subscription import Subscription
from pubsub_devtools.resilience.dead_letters.filing import DeadLetters
from pubsub_devtools.resilience.dead_letters.memory import MemoryDeadLetters
from pubsub_devtools.resilience.declarations import declared
from pubsub_devtools.resilience.guard import guarded
from pubsub_devtools.resilience.services import Handled, Services
from pubsub_devtools.schema.event import BaseEvent

if TYPE_CHECKING:
    from pubsub_devtools.plugins.slots import Hooks

MAX_LETTERS = 10_000
"""How many dead letters a bus keeps in memory, where it is given no store for them."""


def services(clock: Callable[[], float], hooks: Hooks) -> Services:
    """Return what the guards of a bus share as long as nobody says otherwise: all in memory."""
    letters = DeadLetters(MemoryDeadLetters(MAX_LETTERS), clock=clock, hooks=hooks)
    return Services(clock=clock, envelope=current_context, hooks=hooks, dead_letters=letters)


class Guarded:
    """A handler's guards, around a call that may be replaced while they keep their state."""

    def __init__(self, subscription: Subscription, services: Services) -> None:
        inner: Call = subscription.call

        def call_inner(event: BaseEvent) -> Any:
            return inner(event)

        def replace_inner(call: Call) -> None:
            nonlocal inner
            inner = call

        handled = Handled(subscription.name, subscription.event, subscription.is_async)
        self.replace_inner = replace_inner
        self.call: Call = guarded(call_inner, handled, declared(subscription.handler), services)
