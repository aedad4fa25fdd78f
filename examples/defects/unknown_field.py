"""A task is sent with an argument that it does not take."""

from celery import shared_task


@shared_task
def wrap(order_id, paper="brown"):
    """Wrap an order."""
    print("wrapped", order_id, paper)


def prepare(order_id):
    """Prepare an order that is a present."""
    wrap.delay(order_id, papper="red")  # PSD005
