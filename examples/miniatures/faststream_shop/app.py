"""The application: run it with `faststream run app:app` where Kafka listens on its usual port."""

from faststream import FastStream
from faststream.kafka import KafkaBroker

from mail import router as mail
from orders import router as orders
from payments import router as payments
from shipping import router as shipping
from stock import router as stock

broker = KafkaBroker("localhost:9092")
broker.include_routers(orders, stock, payments, shipping, mail)

app = FastStream(broker)


async def place_order(order_id: str, item: str, quantity: int, total: int) -> None:
    """What the web site calls when a customer orders."""
    order = {"order_id": order_id, "item": item, "quantity": quantity, "total": total}
    await broker.publish(order, topic="order-placed", key=order_id.encode())
