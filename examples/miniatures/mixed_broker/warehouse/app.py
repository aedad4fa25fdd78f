"""The application: run it with `faststream run warehouse.app:app`."""

from faststream import FastStream
from faststream.rabbit import RabbitBroker, RabbitQueue
from pydantic import BaseModel

broker = RabbitBroker("amqp://guest:guest@localhost/")
app = FastStream(broker)

GOODS = {"teapot": 3, "cup": 6}
LIMIT = 500_00


class Order(BaseModel):
    """A customer wants some pieces of an item; the total is in cents."""

    order_id: str
    item: str
    quantity: int
    total: int


@broker.subscriber("order-placed")
async def reserve(order: Order) -> None:
    """Put goods aside, or give the order up."""
    if GOODS.get(order.item, 0) < order.quantity:
        await broker.publish(order, queue="order-cancelled")
        return
    GOODS[order.item] -= order.quantity
    await broker.publish(order, "stock-reserved")


@broker.subscriber("stock-reserved")
async def authorize(order: Order) -> None:
    """Ask the bank to hold the amount."""
    if order.total > LIMIT:
        await broker.publish(order, queue="order-cancelled")
    else:
        await broker.publish(order, "payment-authorized")


@broker.subscriber(RabbitQueue("order-confirmed"))
@broker.publisher("parcel-shipped")
async def ship(order: Order) -> Order:
    """Pack the goods and give them to the carrier."""
    return order
