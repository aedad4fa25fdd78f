"""The dock: packs what is confirmed, and gives what is paid to the carrier."""

from collections.abc import Callable

from pubsub_devtools import EventBus, event_handler

from ..orders.events import OrderCancelled, OrderConfirmed
from ..payments.events import PaymentCaptured
from .events import ParcelDelivered, ParcelPacked, ParcelShipped

PIECE_GRAMS = 400
"""What one piece weighs, whatever it is."""


class Dock:
    """Where parcels wait for the carrier."""

    def __init__(self, bus: EventBus, say: Callable[[str, str], None]) -> None:
        self._bus = bus
        self._say = say
        self._ready: dict[str, str] = {}

    @event_handler(OrderConfirmed)
    def pack(self, event: OrderConfirmed) -> None:
        """Put the goods into a box."""
        weight = event.quantity * PIECE_GRAMS
        self._say("dock", f"{event.order_id} is packed, {weight} g")
        self._bus.publish(ParcelPacked(event.order_id, weight))

    @event_handler(PaymentCaptured)
    def make_ready(self, event: PaymentCaptured) -> None:
        """Let the carrier have it from now on."""
        self._ready[event.order_id] = event.customer

    @event_handler(OrderCancelled)
    def unpack(self, event: OrderCancelled) -> None:
        """Keep the parcel, if there is one."""
        self._ready.pop(event.order_id, None)

    def pick_up(self) -> None:
        """Give the carrier all parcels that are ready."""
        waiting, self._ready = self._ready, {}
        for order_id, customer in waiting.items():
            self._say("dock", f"{order_id} leaves with the carrier")
            self._bus.publish(ParcelShipped(order_id, customer, tracking=f"track-{order_id}"))

    def report_delivery(self, order_id: str) -> None:
        """Take the carrier's word that a parcel has arrived."""
        self._say("dock", f"{order_id} has arrived")
        self._bus.publish(ParcelDelivered(order_id))
