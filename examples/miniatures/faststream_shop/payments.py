"""Payments: authorized before the order is confirmed, captured when it is packed."""

from faststream.kafka import KafkaRouter

from messages import Bill, Ref, Refusal

router = KafkaRouter()

# The topics of the bank's answers share a prefix: "payment-" and "authorized" make "payment-authorized".
bank = KafkaRouter(prefix="payment-")
authorized = bank.publisher("authorized")
declined = bank.publisher("declined")
router.include_router(bank)

LIMIT = 500_00


@router.subscriber("stock-reserved", group_id="payments")
async def authorize(bill: Bill) -> None:
    """Ask the bank to hold the amount."""
    if bill.total > LIMIT:
        await declined.publish(Refusal(order_id=bill.order_id, reason="payment declined"))
    else:
        await authorized.publish(Ref(order_id=bill.order_id))


@router.subscriber("parcel-packed", group_id="payments")
@bank.publisher("captured")
async def capture(parcel: Ref) -> Ref:
    """Take the money now that the goods are packed."""
    return parcel
