"""Stock: puts goods aside."""

from faststream.kafka import KafkaRouter

from messages import Bill, Order, Refusal

router = KafkaRouter()
reserved = router.publisher("stock-reserved")
short = router.publisher("stock-short")

GOODS = {"teapot": 3, "cup": 6}


@router.subscriber("order-placed", group_id="stock")
async def reserve(order: Order) -> None:
    """Put goods aside, if there are enough."""
    if GOODS.get(order.item, 0) < order.quantity:
        await short.publish(Refusal(order_id=order.order_id, reason=f"too few of {order.item}"))
        return
    GOODS[order.item] -= order.quantity
    await reserved.publish(Bill(order_id=order.order_id, total=order.total))
