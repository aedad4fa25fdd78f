"""Puts a handler's guards around it. It is imported where a handler has some, so that others do not pay for them."""

from __future__ import annotations

from typing import Any

from pubsub_devtools.bus.plan import Call
from pubsub_devtools.bus.subscription import Subscription
from pubsub_devtools.resilience.declarations import declared
from pubsub_devtools.resilience.guard import guarded
from pubsub_devtools.resilience.services import Handled, Services
from pubsub_devtools.schema.event import BaseEvent


class Guarded:
    """A handler's guards, around a call that may be replaced while they keep their state."""

    def __init__(self, subscription: Subscription, services: Services) -> None:
        self.inner: Call = subscription.call
        handled = Handled(subscription.name, subscription.event, subscription.is_async)
        self.call: Call = guarded(self._call_inner, handled, declared(subscription.handler), services)

    def _call_inner(self, event: BaseEvent) -> Any:
        return self.inner(event)
