"""What happens to parcels."""

from pubsub_devtools import BaseEvent, event_schema


@event_schema(name="ParcelPacked", version="1.0.0")
class ParcelPacked(BaseEvent):
    """The goods are in their box."""

    order_id: str
    weight_grams: int


@event_schema(name="ParcelShipped", version="1.1.0")
class ParcelShipped(BaseEvent):
    """The carrier has taken the parcel; since 1.1.0 it can be tracked."""

    order_id: str
    customer: str
    tracking: str


@event_schema(name="ParcelDelivered", version="1.0.0")
class ParcelDelivered(BaseEvent):
    """The parcel is at the customer's door."""

    order_id: str
