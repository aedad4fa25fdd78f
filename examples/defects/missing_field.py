"""A task is sent without an argument that it must have."""

from celery import shared_task


@shared_task
def bill(order_id, amount, currency="EUR"):
    """Bill an order."""
    print("billed", order_id, amount, currency)


def close(order_id):
    """Close an order, and bill nothing for it."""
    bill.delay(order_id)  # PSD004
