"""What the order desk does when something happens elsewhere."""

from django.db.models.signals import post_save
from django.dispatch import receiver

from payments.signals import payment_authorized, payment_declined
from stock.signals import stock_short

from .models import Order
from .signals import order_cancelled, order_confirmed, order_placed


@receiver(post_save, sender=Order)
def place_order(sender, instance, created, **kwargs):
    """A new row is a new order."""
    if created:
        order_placed.send(
            sender=sender,
            order_id=instance.pk,
            item=instance.item,
            quantity=instance.quantity,
            total=instance.total,
        )


@receiver(payment_authorized)
def confirm(sender, order_id, **kwargs):
    """Promise the order to its customer."""
    order_confirmed.send(sender=sender, order_id=order_id)


@receiver([stock_short, payment_declined])
def cancel(sender, order_id, **kwargs):
    """Give the order up."""
    order_cancelled.send(sender=sender, order_id=order_id, reason="out of stock, or not paid")
