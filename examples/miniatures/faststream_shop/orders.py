"""Orders: confirmed when they are paid, cancelled when anything is missing."""

from faststream.kafka import KafkaRouter

from messages import Ref, Refusal

router = KafkaRouter()


@router.subscriber("payment-authorized", group_id="orders")
@router.publisher("order-confirmed")
async def confirm(payment: Ref) -> Ref:
    """Promise the order to its customer."""
    return payment


@router.subscriber("stock-short", "payment-declined", group_id="orders")
@router.publisher("order-cancelled")
async def cancel(refusal: Refusal) -> Refusal:
    """Give the order up."""
    return refusal
