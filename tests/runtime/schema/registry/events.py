"""One event in several versions."""

from pubsub_devtools import BaseEvent, event_schema


@event_schema(name="orders.placed", version="1.0.0")
class PlacedV1(BaseEvent):
    """An order came in."""

    order_id: str
    total: int


@event_schema(name="orders.placed", version="1.1.0")
class PlacedV11(BaseEvent):
    order_id: str
    total: int
    note: str = ""


@event_schema(name="orders.placed", version="2.0.0")
class PlacedV2(BaseEvent):
    order_id: str
    total: int
    currency: str


@event_schema(name="orders.placed", version="3.0.0")
class PlacedV3(BaseEvent):
    order_id: str


@event_schema(name="orders.paid", version="1.0.0")
class Paid(BaseEvent):
    order_id: str


@event_schema(name="orders.placed", version="1.0.0")
class OtherPlacedV1(BaseEvent):
    order_id: int
