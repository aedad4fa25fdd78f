"""PSD004: a publisher leaves out a field that its event requires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools.model import Finding, Related
from pubsub_devtools.model.field_type import Scalar, Union
from pubsub_devtools_analysis.checks.check import Check, EachFile, Sample
from pubsub_devtools_analysis.checks.context import listed, shown
from pubsub_devtools_analysis.checks.takers import takers
from pubsub_devtools_analysis.queries.tasks import TASKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model.field_type import RecordField
    from pubsub_devtools_analysis.checks.context import Context


def find(context: Context, path: str) -> Iterator[Finding]:
    """Sure publishers whose keys are all known, and lack one that is required."""
    for site in context.with_fields(context.sure_publishers(path)):
        if site.open:
            continue
        keys = {use.name.partition(".")[0] for use in site.keys}
        for taker in takers(context, site):
            wanted = [f for f in taker.record.fields if f.required and not _may_lack(site.dialect, f)]
            lacking = [f.name for f in wanted if not keys & {f.name, *f.aliases}]
            if lacking:
                name = context.index.events[site.event].name
                message = (
                    f"{shown(name)} is published without {listed(lacking)}, which {taker.words} requires"
                )
                other = Related(taker.place, f"{taker.words} requires {listed(lacking)}")
                yield Finding("PSD004", "error", message, site.place, site.symbol, site.event, (other,))


def _may_lack(dialect: str, field: RecordField) -> bool:
    """Whether older versions of pydantic fill a field in: they took each that may be `None` for optional."""
    is_nullable = isinstance(field.type, Union) and any(
        isinstance(member, Scalar) and member.name == "null" for member in field.type.members
    )
    return is_nullable and dialect != "pubsub_devtools" and dialect not in TASKS


CHECK = Check(
    code="PSD004",
    name="missing-field",
    severity="error",
    summary="A publisher leaves out a field that its event requires.",
    explanation="""\
The publish fails, or its handler does: a model refuses to be made, a task or receiver is called without an argument that
it must have.

Compared is what is given at the publisher with the fields of the class that carries the event, with the parameters of
the task, or with those of each receiver of a signal. Nothing is said where more may be given than can be seen
(`**options`, a dict from elsewhere), of signatures that a chain adds arguments to (`task.s(1)`), of functions under
decorators that may fill arguments in, of classes that fill in fields before they validate, and of classes with bases
that are not known.

**What to do:** give the field, or give it a default.
""",
    find=EachFile(find),
    samples=(
        Sample(
            "An event without one of its fields",
            """
from pubsub_devtools import BaseEvent, event_bus, event_handler


class OrderPlaced(BaseEvent):
    order_id: str
    total: int
    note: str = ""


@event_handler(OrderPlaced)
def confirm(event: OrderPlaced) -> None:
    print("confirm", event.order_id)


def place(order_id: str, **options: int) -> None:
    event_bus.publish(OrderPlaced(order_id=order_id))  # PSD004
    event_bus.publish(OrderPlaced(order_id=order_id, total=5))
    event_bus.publish(OrderPlaced(order_id=order_id, **options))
""",
        ),
        Sample(
            "A task without one of its arguments",
            """
from celery import chain, shared_task


@shared_task
def charge(order_id, amount, currency="EUR"):
    print("charge", order_id, amount, currency)


@shared_task(bind=True)
def refund(self, order_id, *, amount):
    print("refund", order_id, amount)


def pay(order_id, *args, **options):
    charge.delay(order_id)  # PSD004
    charge.delay(order_id, 5)
    charge.delay(*args)
    charge.apply_async(args=[order_id])  # PSD004
    charge.apply_async(kwargs=options)
    refund.delay(order_id, amount=5)
    refund.delay(order_id)  # PSD004
    chain(charge.s(order_id, 5), refund.s(amount=5)).delay()
""",
        ),
        Sample(
            "A receiver needs what one sender does not give",
            """
# file: shop/__init__.py
# file: shop/signals.py
from django.dispatch import Signal, receiver

order_paid = Signal()


@receiver(order_paid)
def send_receipt(sender, order, **kwargs):
    print("receipt", order)


def pay(order):
    order_paid.send(sender=None, order=order)


def pay_again(order):
    order_paid.send(sender=None, amount=order.total)  # PSD004
""",
        ),
        Sample(
            "A decorator that hands on what it gets, and one that adds to it",
            """
# file: shop/__init__.py
# file: shop/tools.py
from functools import wraps


def timed(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        print("begin")
        return function(*args, **kwargs)

    return wrapper


def with_tenant(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function("tenant", *args, **kwargs)

    return wrapper
# file: shop/tasks.py
from celery import shared_task

from shop import tools
from shop.tools import timed


@shared_task
@timed
def charge(order_id, amount):
    print("charge", order_id, amount)


@shared_task
@tools.with_tenant
def refund(tenant, order_id):
    print("refund", tenant, order_id)


def pay(order_id):
    charge.delay(order_id)  # PSD004
    refund.delay(order_id)
""",
        ),
        Sample(
            "Who can tell what is filled in: a base of its own, a decorator, a constructor",
            """
# file: shop/__init__.py
# file: shop/tasks.py
from celery import shared_task

from shop.tools import TenantTask, with_tenant


@shared_task(base=TenantTask)
def charge(tenant, order_id):
    print("charge", tenant, order_id)


@shared_task
@with_tenant
def refund(tenant, order_id):
    print("refund", tenant, order_id)


def pay(order_id):
    charge.delay(order_id=order_id)
    refund.delay(order_id=order_id)
# file: shop/bus.py
from pyee import EventEmitter


class Paid:
    order_id: str
    total: int

    def __init__(self, order):
        self.order_id = order.id


emitter = EventEmitter()


@emitter.on("paid")
def on_paid(event):
    print(event.order_id)


def pay(order):
    emitter.emit("paid", Paid(order))
""",
        ),
    ),
)
