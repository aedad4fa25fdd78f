"""Places orders. Run `python -m storefront.orders` to place one."""

import asyncio
import json
from typing import Any

import aio_pika

from storefront.queues import ORDER_PLACED

URL = "amqp://guest:guest@localhost/"


async def place_order(channel: aio_pika.abc.AbstractChannel, order: dict[str, Any]) -> None:
    """Hand an order to the warehouse."""
    await channel.default_exchange.publish(
        aio_pika.Message(json.dumps(order).encode(), content_type="application/json"),
        routing_key=ORDER_PLACED,
    )


async def main() -> None:
    """Place one order."""
    connection = await aio_pika.connect_robust(URL)
    async with connection:
        channel = await connection.channel()
        await place_order(channel, {"order_id": "o-1", "item": "teapot", "quantity": 2, "total": 59_80})


if __name__ == "__main__":
    asyncio.run(main())
