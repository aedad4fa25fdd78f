"""Mail: one task for each letter."""

from app import app


@app.task
def thank(order_id: str) -> None:
    """Confirm the order in writing."""
    print(f"{order_id}: thank you")


@app.task
def apologize(order_id: str, reason: str) -> None:
    """Say that nothing will come."""
    print(f"{order_id}: we are sorry, {reason}")


@app.task
def send_receipt(order_id: str) -> None:
    """Write down what was paid."""
    print(f"{order_id}: paid")


@app.task
def announce(order_id: str) -> None:
    """Say that the parcel is on its way."""
    print(f"{order_id}: on its way")
