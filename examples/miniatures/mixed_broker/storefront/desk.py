"""Confirms what is paid, and writes to customers. Run `python -m storefront.desk`."""

import asyncio
import json

import aio_pika

from storefront import queues
from storefront.orders import URL


class Desk:
    """Listens to the warehouse on one channel."""

    def __init__(self, channel: aio_pika.abc.AbstractChannel) -> None:
        self.channel = channel

    async def listen(self) -> None:
        """Consume the queues that the warehouse fills."""
        paid = await self.channel.declare_queue(queues.PAYMENT_AUTHORIZED)
        await paid.consume(self.on_payment_authorized)
        cancelled = await self.channel.declare_queue(queues.ORDER_CANCELLED)
        await cancelled.consume(on_cancelled)

    async def on_payment_authorized(self, message: aio_pika.abc.AbstractIncomingMessage) -> None:
        """Promise the order to its customer."""
        async with message.process():
            await self.channel.default_exchange.publish(
                aio_pika.Message(message.body, content_type="application/json"),
                routing_key=queues.ORDER_CONFIRMED,
            )


async def on_cancelled(message: aio_pika.abc.AbstractIncomingMessage) -> None:
    """Say that nothing will come."""
    async with message.process():
        print(json.loads(message.body)["order_id"], "we are sorry")


async def announce(channel: aio_pika.abc.AbstractChannel) -> None:
    """Say of each parcel that it is on its way."""
    queue = await channel.declare_queue(queues.PARCEL_SHIPPED)
    async with queue.iterator() as messages:
        async for message in messages:
            async with message.process():
                print(json.loads(message.body)["order_id"], "is on its way")


async def main() -> None:
    """Listen until the connection ends."""
    connection = await aio_pika.connect_robust(URL)
    async with connection:
        channel = await connection.channel()
        await Desk(channel).listen()
        await announce(channel)


if __name__ == "__main__":
    asyncio.run(main())
