"""Writes letters; publishes nothing."""

from django.dispatch import receiver

from orders import signals as orders
from shipping.signals import parcel_shipped


@receiver(orders.order_confirmed)
def thank(sender, order_id, **kwargs):
    """Confirm the order in writing."""
    print(f"{order_id}: thank you")


@receiver(orders.order_cancelled)
def apologize(sender, order_id, reason, **kwargs):
    """Say that nothing will come."""
    print(f"{order_id}: we are sorry, {reason}")


@receiver(parcel_shipped)
def announce(sender, order_id, **kwargs):
    """Say that the parcel is on its way."""
    print(f"{order_id}: on its way")
