"""Packs and ships."""

from django.dispatch import receiver

from orders.signals import order_confirmed
from payments.signals import payment_captured

from .signals import parcel_packed, parcel_shipped


@receiver(order_confirmed)
def pack(sender, order_id, **kwargs):
    """Put the goods into a box."""
    parcel_packed.send(sender=sender, order_id=order_id)


@receiver(payment_captured)
def ship(sender, order_id, **kwargs):
    """Give the parcel to the carrier."""
    parcel_shipped.send(sender=sender, order_id=order_id)
