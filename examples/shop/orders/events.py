"""What happens to orders."""

from pubsub_devtools import BaseEvent, event_schema


@event_schema(name="OrderPlaced", version="2.0.0")
class OrderPlaced(BaseEvent):
    """A customer has ordered. Amounts are in cents."""

    order_id: str
    customer: str
    item: str
    quantity: int
    total: int


@event_schema(name="OrderConfirmed", version="1.0.0")
class OrderConfirmed(BaseEvent):
    """The goods are reserved and the payment is authorized."""

    order_id: str
    customer: str
    item: str
    quantity: int


@event_schema(name="OrderCancelled", version="1.1.0")
class OrderCancelled(BaseEvent):
    """The order will not be fulfilled; since 1.1.0 it says why."""

    order_id: str
    customer: str
    reason: str = "unknown"


@event_schema(name="OrderCompleted", version="1.0.0")
class OrderCompleted(BaseEvent):
    """The goods have reached the customer."""

    order_id: str
    customer: str
