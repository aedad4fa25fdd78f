"""Events that several tests publish. Module level, so that they can be pickled."""

from pubsub_devtools import BaseEvent, event_schema


@event_schema(name="orders.placed", version="2.4.0")
class OrderPlaced(BaseEvent):
    order_id: str
    total: int = 0


class Ping(BaseEvent):
    number: int = 0


class Pong(BaseEvent):
    number: int = 0
