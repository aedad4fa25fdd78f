"""The shelves: reserve, release, and notice when an item runs out."""

from collections.abc import Callable

from pubsub_devtools import EventBus, event_handler

from .events import StockLow, StockReleased, StockReserved, StockShort

LOW = 2
"""From this number of pieces downwards an item is running out."""


class Shelves:
    """The goods that are for sale."""

    def __init__(self, bus: EventBus, say: Callable[[str, str], None], goods: dict[str, int]) -> None:
        self._bus = bus
        self._say = say
        self._goods = goods
        self._reserved: dict[str, tuple[str, int]] = {}

    def reserve(self, order_id: str, item: str, quantity: int) -> None:
        """Put goods aside for an order, if there are enough."""
        left = self._goods[item]
        if left < quantity:
            self._say("shelves", f"only {left} x {item}")
            self._bus.publish(StockShort(order_id, item, left))
            return
        self._goods[item] = left - quantity
        self._reserved[order_id] = (item, quantity)
        self._say("shelves", f"{quantity} x {item} put aside")
        self._bus.publish(StockReserved(order_id, item, quantity))

    def release(self, order_id: str) -> None:
        """Put an order's goods back; without effect where none were put aside."""
        if order_id in self._reserved:
            item, quantity = self._reserved.pop(order_id)
            self._goods[item] += quantity
            self._say("shelves", f"{quantity} x {item} put back")
            self._bus.publish(StockReleased(item, quantity))

    @event_handler(StockReserved, priority=-1)
    def watch_level(self, event: StockReserved) -> None:
        """Ask for more in time; after the order itself has gone on."""
        left = self._goods[event.item]
        if left <= LOW:
            self._say("shelves", f"{event.item} runs out: {left} left")
            self._bus.publish(StockLow(event.item, left))
