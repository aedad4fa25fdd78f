"""What happens to payments; each carries ``order_id``."""

from django.dispatch import Signal

payment_authorized = Signal()
payment_declined = Signal()
payment_captured = Signal()
