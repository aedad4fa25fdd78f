"""What happens to the stock."""

from pubsub_devtools import BaseEvent, event_schema


@event_schema(name="StockReserved", version="1.0.0")
class StockReserved(BaseEvent):
    """The goods of an order are put aside."""

    order_id: str
    item: str
    quantity: int


@event_schema(name="StockShort", version="1.0.0")
class StockShort(BaseEvent):
    """There are too few pieces for an order."""

    order_id: str
    item: str
    left: int


@event_schema(name="StockReleased", version="1.0.0")
class StockReleased(BaseEvent):
    """Goods that were put aside are for sale again."""

    item: str
    quantity: int


@event_schema(name="StockLow", version="1.0.0")
class StockLow(BaseEvent):
    """An item is running out."""

    item: str
    left: int
