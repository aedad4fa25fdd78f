"""The task was renamed, and the schedule was not."""

from celery import Celery

app = Celery("shop", broker="amqp://")


@app.task
def clean_up():
    """Once called `sweep`."""
    print("clean")


app.conf.beat_schedule = {
    "nightly": {"task": "undefined_task.sweep", "schedule": 86_400},  # PSD019
}
