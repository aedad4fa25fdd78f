"""Puts goods aside for orders."""

from django.dispatch import receiver

from orders.signals import order_placed

from . import signals

GOODS = {"teapot": 3, "cup": 6}


@receiver(order_placed)
def reserve(sender, order_id, item, quantity, total, **kwargs):
    """Put goods aside, if there are enough."""
    if GOODS.get(item, 0) < quantity:
        signals.stock_short.send(sender=sender, order_id=order_id)
        return
    GOODS[item] -= quantity
    signals.stock_reserved.send(sender=sender, order_id=order_id, total=total)
