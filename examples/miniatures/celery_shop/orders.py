"""Orders: where the flow begins and ends."""

from app import app
from mail import apologize, thank
from shipping import pack
from stock import reserve


def place_order(order_id: str, item: str, quantity: int, total: int) -> None:
    """What the web site calls when a customer orders."""
    reserve.delay(order_id, item, quantity, total)


@app.task
def confirm(order_id: str) -> None:
    """Promise the order to its customer, and have it packed."""
    thank.delay(order_id)
    pack.apply_async(args=[order_id], countdown=5)


@app.task(name="orders.cancel_order")
def cancel(order_id: str, reason: str) -> None:
    """Give the order up."""
    apologize.delay(order_id, reason)
