"""The saga of an order: reserve, authorize, confirm; and when it is cancelled, undo in reverse."""

from pubsub_devtools import event_handler, saga, step

from ..payments.events import PaymentAuthorized
from ..payments.till import Till
from ..stock.events import StockReserved
from ..stock.shelves import Shelves
from .desk import Desk
from .events import OrderCancelled, OrderPlaced


@saga("FulfilOrder")
class FulfilOrder:
    """Each step is the handler of what the step before has published."""

    def __init__(self, shelves: Shelves, till: Till, desk: Desk) -> None:
        self._shelves = shelves
        self._till = till
        self._desk = desk

    @step(compensating_action="release_stock")
    @event_handler(OrderPlaced)
    def reserve_stock(self, event: OrderPlaced) -> None:
        """Put the goods aside."""
        self._till.open_bill(event.order_id, event.customer, event.total)
        self._shelves.reserve(event.order_id, event.item, event.quantity)

    @step(compensating_action="return_payment")
    @event_handler(StockReserved)
    def authorize_payment(self, event: StockReserved) -> None:
        """Ask the bank."""
        self._till.authorize(event.order_id)

    @step()
    @event_handler(PaymentAuthorized)
    def confirm_order(self, event: PaymentAuthorized) -> None:
        """Tell the customer that the order stands."""
        self._desk.confirm(event.order_id)

    @event_handler(OrderCancelled, priority=20)
    def return_payment(self, event: OrderCancelled) -> None:
        """Give the money back; before the goods, since it was taken after them."""
        self._till.refund(event.order_id)

    @event_handler(OrderCancelled, priority=10)
    def release_stock(self, event: OrderCancelled) -> None:
        """Put the goods back."""
        self._shelves.release(event.order_id)
