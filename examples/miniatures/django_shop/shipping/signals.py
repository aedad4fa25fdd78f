"""What happens to parcels; each carries ``order_id``."""

from django.dispatch import Signal

parcel_packed = Signal()
parcel_shipped = Signal()
