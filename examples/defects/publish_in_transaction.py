"""The worker may look for the order before it is committed."""

from celery import shared_task
from django.db import transaction


@shared_task
def send_receipt(order_id):
    """Look the order up and send its receipt."""
    print("receipt", order_id)


def pay(order):
    """Save the order and have its receipt sent, in the wrong order."""
    with transaction.atomic():
        order.save()
        send_receipt.delay(order.id)  # PSD015
