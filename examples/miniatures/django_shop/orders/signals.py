"""What happens to orders. Each signal carries ``order_id``; what else it carries stands beside it."""

from django.dispatch import Signal

order_placed = Signal()  # item, quantity, total
order_confirmed = Signal()
order_cancelled = Signal()  # reason
