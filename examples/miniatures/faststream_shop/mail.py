"""Mail: writes letters, publishes nothing."""

from faststream.kafka import KafkaRouter

from messages import Ref, Refusal

router = KafkaRouter()


@router.subscriber("order-confirmed", group_id="mail")
async def thank(order: Ref) -> None:
    """Confirm the order in writing."""
    print(f"{order.order_id}: thank you")


@router.subscriber("order-cancelled", group_id="mail")
async def apologize(refusal: Refusal) -> None:
    """Say that nothing will come."""
    print(f"{refusal.order_id}: we are sorry, {refusal.reason}")


@router.subscriber("parcel-shipped", group_id="mail")
async def announce(parcel: Ref) -> None:
    """Say that the parcel is on its way."""
    print(f"{parcel.order_id}: on its way")
