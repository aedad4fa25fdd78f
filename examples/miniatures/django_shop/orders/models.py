"""The order, as the database keeps it."""

from django.db import models


class Order(models.Model):
    """Some pieces of an item that a customer wants; the total is in cents."""

    item = models.CharField(max_length=100)
    quantity = models.PositiveIntegerField()
    total = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.quantity} x {self.item}"
