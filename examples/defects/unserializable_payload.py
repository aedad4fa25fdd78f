"""A task gets a set, which JSON has no form for."""

from celery import shared_task


@shared_task
def pick(order_id, items):
    """Fetch items from the shelves."""
    print("picked", order_id, items)


def gather(order_id, lines):
    """Have each item picked once."""
    items = {line.item for line in lines}
    pick.delay(order_id, items)  # PSD017
