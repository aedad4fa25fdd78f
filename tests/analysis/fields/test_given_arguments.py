"""Fields that are arguments: of tasks by their parameters, of signals by keyword, objects of emitters."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analysis.fields.workspace import EMITTER, gives, publishers, words

CELERY = """
from celery import Celery, shared_task
from functools import partial
from django.db import transaction

app = Celery()


@shared_task
def pay(order, amount=0, *, note=""):
    pass


@shared_task(bind=True)
def bound(task, order):
    pass


@shared_task
def many(*orders):
    pass


def both(x):
    return (x, 2)


"""
DRAMATIQ = """
import dramatiq


@dramatiq.actor
def pay(order, amount=0):
    pass


"""
BLINKER = """
from blinker import signal

paid = signal("paid")


"""
DJANGO = """
from django.dispatch import Signal

paid = Signal()


"""


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        ("pay.delay(1)", "order"),
        ("pay.delay(1, 2, note=x)", "order amount note"),
        ("pay.delay(amount=1)", "amount"),
        ("pay.delay(order={'a': 1})", "order"),
        ("pay.delay(*x)", "..."),
        ("pay.delay(1, **x)", "order ..."),
        ("pay.delay(**{'order': 1})", "order"),
        ("pay.delay(*both(x))", "order amount"),
        ("pay.delay(1, 2, 3)", "order amount ..."),
        ("pay.s(1)", "order"),
        ("pay.apply_async((1, 2))", "order amount"),
        ("pay.apply_async(args=[1], kwargs={'note': x})", "order note"),
        ("pay.apply_async(kwargs={**x, 'note': x})", "note ..."),
        ("pay.apply_async(args=x)", "..."),
        ("pay.apply_async(args=None, countdown=3)", ""),
        ("pay.apply_async()", ""),
        ("bound.delay(1)", "order"),
        ("many.delay(1, 2)", "..."),
        ("app.send_task('app.pay', args=[1, 2])", "order amount"),
        ("app.send_task('other.task', args=[1])", "..."),
        ("app.send_task('other.task', kwargs={'a': 1})", "a"),
        ("transaction.on_commit(pay.delay)", ""),
        ("transaction.on_commit(lambda: pay.delay(x))", "order"),
        ("partial(pay.delay, 1, note=x)", "order note"),
        ("x(pay.delay, 1)", "order"),
        ("x(pay.delay, retry=True)", "..."),
    ],
)
def test_celery(tmp_path: Path, call: str, fields: str) -> None:
    assert gives(tmp_path, CELERY, f"def publish(x):\n    {call}\n") == fields


def test_arguments_in_variables(tmp_path: Path) -> None:
    assert gives(tmp_path, CELERY, """
        def publish(x):
            args = (1, 2)
            kwargs = {"note": x}
            pay.delay(*args, **kwargs)
    """) == "order amount note"  # fmt: skip


def test_a_schedule(tmp_path: Path) -> None:
    found = publishers(tmp_path, {"app.py": CELERY + """
app.conf.beat_schedule = {
    "one": {"task": "app.pay", "schedule": 3, "args": (1, 2)},
    "two": {"task": "app.pay", "schedule": 3},
    "three": {"task": "app.pay", "kwargs": {"note": 1}},
}
"""})  # fmt: skip
    assert [words(site) for site in found] == ["order amount", "", "note"]


def test_a_method_of_a_task_class(tmp_path: Path) -> None:
    assert gives(tmp_path, "from celery import Celery, Task\n\napp = Celery()\n\n", """
        class Pay(Task):
            name = "pay"

            def run(self, order, amount):
                pass

        def publish():
            app.send_task("pay", args=(1, 2))
    """) == "order amount"  # fmt: skip


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        ("pay.send(1, amount=2)", "order amount"),
        ("pay.send_with_options(args=(1,), delay=3)", "order"),
        ("pay.send_with_options(kwargs={'order': 1})", "order"),
    ],
)
def test_dramatiq(tmp_path: Path, call: str, fields: str) -> None:
    assert gives(tmp_path, DRAMATIQ, f"def publish(x):\n    {call}\n") == fields


@pytest.mark.parametrize(
    ("head", "call", "fields"),
    [
        (BLINKER, "paid.send(x, order=1, data={'a': 1})", "order data"),
        (BLINKER, "paid.send(x)", ""),
        (BLINKER, "paid.send()", ""),
        (BLINKER, "paid.send(x, **x)", "..."),
        (DJANGO, "paid.send(sender=x, order=1)", "order"),
        (DJANGO, "paid.send(x, order=1)", "order"),
        (DJANGO, "paid.send_robust(sender=x, **{'order': 1})", "order"),
    ],
)
def test_signals(tmp_path: Path, head: str, call: str, fields: str) -> None:
    assert gives(tmp_path, head, f"def publish(x):\n    {call}\n") == fields


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        ("ee.emit('paid')", ""),
        ("ee.emit('paid', x)", "..."),
        ("ee.emit('paid', {'order': 1})", "order"),
        ("ee.emit('paid', {'order': 1}, {'by': 2})", "..."),
        ("ee.emit('paid', order=1)", "order"),
        ("ee.emit('paid', x, order=1)", "order ..."),
        ("ee.emit('paid', *x)", "..."),
        ("ee.emit('paid', Page(1))", "..."),
        ("ee.emit('paid', Data(1))", "order"),
    ],
)
def test_emitters(tmp_path: Path, call: str, fields: str) -> None:
    classes = """
from dataclasses import dataclass


class Page:
    def __init__(self, number):
        self.number = number


@dataclass
class Data:
    order: int


"""
    assert gives(tmp_path, EMITTER + classes, f"def publish(x):\n    {call}\n") == fields
