"""The queues of both halves. The warehouse is another project and spells the same names itself."""

ORDER_PLACED = "order-placed"
PAYMENT_AUTHORIZED = "payment-authorized"
ORDER_CONFIRMED = "order-confirmed"
ORDER_CANCELLED = "order-cancelled"
PARCEL_SHIPPED = "parcel-shipped"
