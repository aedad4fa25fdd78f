"""The desk: takes orders, and knows what became of each."""

from collections.abc import Callable

from pubsub_devtools import EventBus, event_handler

from ..payments.events import PaymentDeclined
from ..shipping.events import ParcelDelivered
from ..stock.events import StockShort
from .events import OrderCancelled, OrderCompleted, OrderConfirmed, OrderPlaced


class Desk:
    """Where customers order and cancel."""

    def __init__(self, bus: EventBus, say: Callable[[str, str], None], prices: dict[str, int]) -> None:
        self._bus = bus
        self._say = say
        self._prices = prices
        self._orders: dict[str, OrderPlaced] = {}

    def place_order(self, order_id: str, customer: str, item: str, quantity: int) -> None:
        """Take an order for some pieces of an item."""
        total = self._prices[item] * quantity
        order = OrderPlaced(order_id, customer, item, quantity, total)
        self._orders[order_id] = order
        self._say("desk", f"{customer} orders {quantity} x {item} for {total / 100:.2f} ({order_id})")
        self._bus.publish(order)

    def confirm(self, order_id: str) -> None:
        """Promise the order to its customer."""
        order = self._orders[order_id]
        self._say("desk", f"{order_id} is confirmed")
        self._bus.publish(OrderConfirmed(order_id, order.customer, order.item, order.quantity))

    def cancel(self, order_id: str, reason: str) -> None:
        """Give the order up."""
        order = self._orders[order_id]
        self._say("desk", f"{order_id} is cancelled: {reason}")
        self._bus.publish(OrderCancelled(order_id, order.customer, reason))

    @event_handler(StockShort)
    def on_stock_short(self, event: StockShort) -> None:
        """Cancel what cannot be delivered."""
        self.cancel(event.order_id, f"only {event.left} x {event.item} left")

    @event_handler(PaymentDeclined)
    def on_payment_declined(self, event: PaymentDeclined) -> None:
        """Cancel what cannot be paid."""
        self.cancel(event.order_id, f"payment declined, {event.reason}")

    @event_handler(ParcelDelivered)
    def on_delivered(self, event: ParcelDelivered) -> None:
        """Close the order."""
        self._say("desk", f"{event.order_id} is complete")
        self._bus.publish(OrderCompleted(event.order_id, self._orders[event.order_id].customer))
