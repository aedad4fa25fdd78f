"""What happens to the stock; each carries ``order_id``."""

from django.dispatch import Signal

stock_reserved = Signal()  # total
stock_short = Signal()
