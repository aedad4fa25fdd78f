"""Payments: authorized before the order is confirmed, captured when it is packed."""

from app import app

LIMIT = 500_00


@app.task(bind=True, max_retries=3)
def authorize(self, order_id: str, total: int) -> None:
    """Ask the bank to hold the amount."""
    if total > LIMIT:
        app.send_task("orders.cancel_order", args=[order_id, "payment declined"])
    else:
        app.send_task("orders.confirm", args=[order_id])


@app.task
def capture(order_id: str) -> None:
    """Take the money, then write a receipt."""
    app.signature("mail.send_receipt", args=[order_id]).delay()
