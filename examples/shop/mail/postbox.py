"""The postbox: one letter for each event that somebody outside should know of. Posting is slow, so its handlers are async."""

from collections.abc import Callable

from pubsub_devtools import Envelope, event_handler

from ..orders.events import OrderCancelled, OrderCompleted, OrderConfirmed
from ..payments.events import PaymentCaptured, PaymentRefunded
from ..shipping.events import ParcelShipped
from ..stock.events import StockLow, StockReleased, StockShort


class Postbox:
    """Sends letters, and remembers who waits for which item."""

    def __init__(self, say: Callable[[str, str], None]) -> None:
        self._say = say
        self._waiting: dict[str, list[str]] = {}
        self.letters: list[tuple[str, str]] = []

    @event_handler(OrderConfirmed)
    async def thank(self, event: OrderConfirmed) -> None:
        """Confirm the order in writing."""
        await self._post(event.customer, f"thank you for ordering {event.item}")

    @event_handler(PaymentCaptured, PaymentRefunded)
    async def send_receipt(self, event: PaymentCaptured | PaymentRefunded) -> None:
        """Write down what was paid or given back."""
        word = "received" if isinstance(event, PaymentCaptured) else "returned"
        await self._post(event.customer, f"{event.amount / 100:.2f} {word}")

    @event_handler(ParcelShipped)
    async def announce(self, event: ParcelShipped) -> None:
        """Say that the parcel is on its way."""
        await self._post(event.customer, f"your parcel is on its way, {event.tracking}")

    @event_handler(OrderCompleted)
    async def ask_for_review(self, event: OrderCompleted) -> None:
        """Ask how it was."""
        await self._post(event.customer, "how do you like it?")

    @event_handler(OrderCancelled)
    async def apologize(self, event: OrderCancelled, envelope: Envelope) -> None:
        """Say that nothing will come; without an apology where the customer wished it so."""
        asked_for_it = not envelope.causation_id
        await self._post(event.customer, "as you wished" if asked_for_it else f"we are sorry: {event.reason}")

    @event_handler(StockShort)
    async def note_interest(self, event: StockShort) -> None:
        """Remember the order that would have liked this item."""
        self._waiting.setdefault(event.item, []).append(event.order_id)

    @event_handler(StockReleased)
    async def tell_waiting(self, event: StockReleased) -> None:
        """Tell those who wait that the item is there again."""
        for order_id in self._waiting.pop(event.item, []):
            await self._post(f"customer of {order_id}", f"{event.quantity} x {event.item} there again")

    @event_handler(StockLow)
    async def order_more(self, event: StockLow) -> None:
        """Write to the supplier."""
        await self._post("supplier", f"more of {event.item}, please: {event.left} left")

    async def _post(self, to: str, text: str) -> None:
        self.letters.append((to, text))
        self._say("postbox", f"to {to}: {text}")
