"""The Celery application. Run a worker here with `celery -A app worker`, and `celery -A app beat` for the pick-ups."""

from celery import Celery

app = Celery(
    "shop",
    broker="amqp://localhost",
    include=["orders", "stock", "payments", "shipping", "mail"],
)

app.conf.beat_schedule = {
    "give-parcels-to-the-carrier": {
        "task": "shipping.pick_up",
        "schedule": 3600.0,
    },
}
