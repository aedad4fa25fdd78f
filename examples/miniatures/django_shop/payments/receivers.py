"""Deals with the bank."""

from django.dispatch import receiver

from shipping.signals import parcel_packed
from stock.signals import stock_reserved

from .signals import payment_authorized, payment_captured, payment_declined

LIMIT = 500_00


@receiver(stock_reserved)
def authorize(sender, order_id, total, **kwargs):
    """Ask the bank to hold the amount."""
    if total > LIMIT:
        payment_declined.send(sender=sender, order_id=order_id)
    else:
        payment_authorized.send(sender=sender, order_id=order_id)


def capture(sender, order_id, **kwargs):
    """Take the money now that the goods are packed."""
    payment_captured.send_robust(sender=sender, order_id=order_id)


parcel_packed.connect(capture, dispatch_uid="payments.capture")
