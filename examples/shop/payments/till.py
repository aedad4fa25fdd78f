"""The till: bills, and what the bank says to them."""

from collections.abc import Callable
from dataclasses import dataclass

from pubsub_devtools import EventBus, event_handler

from ..shipping.events import ParcelPacked
from .events import PaymentAuthorized, PaymentCaptured, PaymentDeclined, PaymentRefunded


@dataclass
class Bill:
    """What a customer owes for an order, in cents, and whether it is paid."""

    customer: str
    amount: int
    paid: bool = False


class Till:
    """Takes payments up to a limit in cents; above it the bank declines."""

    def __init__(self, bus: EventBus, say: Callable[[str, str], None], limit: int) -> None:
        self._bus = bus
        self._say = say
        self._limit = limit
        self._bills: dict[str, Bill] = {}

    def open_bill(self, order_id: str, customer: str, amount: int) -> None:
        """Note what is to be paid."""
        self._bills[order_id] = Bill(customer, amount)

    def authorize(self, order_id: str) -> None:
        """Ask the bank to hold the amount."""
        amount = self._bills[order_id].amount
        if amount > self._limit:
            self._say("till", f"the bank declines {amount / 100:.2f}")
            self._bus.publish(PaymentDeclined(order_id, "over the card's limit"))
            return
        self._say("till", f"{amount / 100:.2f} authorized")
        self._bus.publish(PaymentAuthorized(order_id, amount))

    def refund(self, order_id: str) -> None:
        """Give back what was captured; without effect where nothing was."""
        bill = self._bills[order_id]
        if bill.paid:
            bill.paid = False
            self._say("till", f"{bill.amount / 100:.2f} refunded")
            self._bus.publish(PaymentRefunded(order_id, bill.customer, bill.amount))

    @event_handler(ParcelPacked)
    def capture(self, event: ParcelPacked) -> None:
        """Take the money now that the goods are packed."""
        bill = self._bills[event.order_id]
        bill.paid = True
        self._say("till", f"{bill.amount / 100:.2f} captured")
        self._bus.publish(PaymentCaptured(event.order_id, bill.customer, bill.amount))
