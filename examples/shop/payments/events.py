"""What happens to payments. Amounts are in cents."""

from pubsub_devtools import BaseEvent, event_schema


@event_schema(name="PaymentAuthorized", version="1.0.0")
class PaymentAuthorized(BaseEvent):
    """The bank holds the amount for us."""

    order_id: str
    amount: int


@event_schema(name="PaymentDeclined", version="1.0.0")
class PaymentDeclined(BaseEvent):
    """The bank refuses."""

    order_id: str
    reason: str


@event_schema(name="PaymentCaptured", version="1.2.0")
class PaymentCaptured(BaseEvent):
    """The money is ours."""

    order_id: str
    customer: str
    amount: int


@event_schema(name="PaymentRefunded", version="1.0.0")
class PaymentRefunded(BaseEvent):
    """The money has gone back."""

    order_id: str
    customer: str
    amount: int
