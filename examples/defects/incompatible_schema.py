"""The second version of an event asks for a field that the first one never had."""

from pubsub_devtools import BaseEvent, event_bus, event_handler, event_schema


@event_schema(name="RefundAsked", version="1.0.0")
class RefundAskedV1(BaseEvent):
    """A customer wants money back."""

    order: str


@event_schema(name="RefundAsked", version="2.0.0")
class RefundAsked(BaseEvent):  # PSD010
    """A customer wants money back, and says why."""

    order: str
    reason: str


@event_handler(RefundAsked)
def consider(event: RefundAsked) -> None:
    """Consider it."""
    print("consider", event.order, event.reason)


def ask(order: str, reason: str) -> None:
    """Ask for money back."""
    event_bus.publish(RefundAsked(order=order, reason=reason))
