"""A shop to be killed: every guard that keeps something is on, through the public API; what was acknowledged is told.

Run as ``python -m tests.runtime.killed_bus crash|finish FOLDER``.
"""

import os
import sys
import time

from pubsub_devtools import BaseEvent, EventBus, RetryPolicy, event_handler

PUBLISHES = 1000


class OrderPlaced(BaseEvent):
    number: int


mode, folder = sys.argv[1:]
effects = os.open(f"{folder}/effects", os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def note(handler, event):
    """One write: it is there as a whole, whenever the process dies."""
    os.write(effects, f"{handler} {event.number}\n".encode())


@event_handler("OrderPlaced", dlq=True)
def bills(event: OrderPlaced):
    if event.number % 5 == 0:
        raise ValueError("no such account")
    note("bills", event)


@event_handler(
    "OrderPlaced", dlq=True, idempotent=True, retry=RetryPolicy(max_retries=2, immediate=0, base_delay=0.3)
)
def ships(event: OrderPlaced):
    if event.number % 7 == 0 and mode == "crash":
        raise OSError("the carrier is down")
    note("ships", event)


bus = EventBus(source="shop", durable=True, state_dir=f"{folder}/state")
bus.include(bills, ships)

if __name__ == "__main__":
    if mode == "crash":
        for number in range(PUBLISHES):
            bus.publish(OrderPlaced(number))
            os.write(1, f"{number}\n".encode())
    else:
        with bus:
            until = time.monotonic() + 60
            while bus.services.delayed.next_due() is not None and time.monotonic() < until:
                time.sleep(0.05)
