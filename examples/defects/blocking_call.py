"""While this handler sleeps, no other handler of the process runs."""

import time

import nats


async def on_paid(msg):
    """Wait for the bank, and have everybody else wait too."""
    time.sleep(2)  # PSD014
    print(msg.data)


async def main():
    """Subscribe and publish."""
    client = await nats.connect("nats://localhost:4222")
    await client.subscribe("payments.made", cb=on_paid)
    await client.publish("payments.made", b"7")
