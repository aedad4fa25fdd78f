"""Shipping: packs what is confirmed, ships what is paid."""

from faststream.kafka import KafkaRouter

from messages import Ref

router = KafkaRouter()


@router.subscriber("order-confirmed", group_id="shipping")
@router.publisher("parcel-packed")
async def pack(order: Ref) -> Ref:
    """Put the goods into a box."""
    return order


@router.subscriber("payment-captured", group_id="shipping")
@router.publisher("parcel-shipped")
async def ship(payment: Ref) -> Ref:
    """Give the parcel to the carrier."""
    return payment
