"""Shipping: packs at once, ships with the next pick-up."""

from celery import shared_task

from app import app
from mail import announce
from payments import capture

READY: list[str] = []


@shared_task
def pack(order_id: str) -> None:
    """Put the goods into a box and have them paid."""
    READY.append(order_id)
    capture.delay(order_id)


@app.task
def pick_up() -> None:
    """Give the carrier all that is ready; the beat schedule calls it by name."""
    while READY:
        announce.s(READY.pop()).delay()
