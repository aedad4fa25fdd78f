"""Publisher and handler mean the same subject, and one of them slipped."""

import nats


async def on_created(msg):
    """Runs for no order at all."""
    print(msg.data)


async def main():
    """Subscribe and publish."""
    client = await nats.connect("nats://localhost:4222")
    await client.subscribe("orders.created", cb=on_created)
    await client.publish("orders.craeted", b"7")  # PSD001
