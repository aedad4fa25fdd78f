"""Stock: puts goods aside."""

from app import app
from payments import authorize

GOODS = {"teapot": 3, "cup": 6}


@app.task
def reserve(order_id: str, item: str, quantity: int, total: int) -> None:
    """Put goods aside, or cancel the order by the name of its task: importing it would import in a circle."""
    if GOODS.get(item, 0) < quantity:
        app.send_task("orders.cancel_order", args=[order_id, f"too few of {item}"])
        return
    GOODS[item] -= quantity
    authorize.delay(order_id, total)
