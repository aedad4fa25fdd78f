"""PSD015: a message leaves the process before the transaction that it speaks of is committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.checks.check import Check, EachFile, Sample
from pubsub_devtools_analysis.checks.context import shown
from pubsub_devtools_analysis.checks.elsewhere import called
from pubsub_devtools_analysis.checks.names import innermost, is_call_of
from pubsub_devtools_analysis.checks.transactions import Way, calls_inside, mentions_atomic, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Finding, Site
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import Call, FileFacts

_NOT_SENDING = frozenset(
    {"s", "si", "signature", "subtask", "partial", "on_commit", "delay_on_commit", "apply_async_on_commit"}
)
"""They make what may be sent later, or wait for the commit themselves."""


def find(context: Context, path: str) -> Iterator[Finding]:
    """Publishers of a broker or task queue in the body of `with transaction.atomic()` or of a function under it."""
    for site, facts, call in _sending(context, path):
        name = shown(context.index.events[site.event].name)
        ways = [*_ways(context, site.place, facts, call)]
        for place, (line, is_main) in ways or _ways_from_elsewhere(context, path, facts, call):
            message = (
                f"{name} is published inside the transaction that begins at line {line}, before its commit"
            )
            at = replace(site, place=place)
            others = [(site, f"publishes {name}")] if place != site.place else []
            yield context.finding("PSD015", message, at, *others, severity="warning" if is_main else "hint")


def _sending(context: Context, path: str) -> Iterator[tuple[Site, FileFacts, Call]]:
    """Sure publishers of what leaves the process, with their calls."""
    for site in context.sure_publishers(path):
        is_inside = context.index.events[site.event].delivery == "in-process"
        call = context.call(site.place) if not (is_inside or site.evidence) else None
        facts = context.facts(path) if call is not None and call.name not in _NOT_SENDING else None
        if call is not None and facts is not None:
            yield site, facts, call


def _ways_from_elsewhere(context: Context, path: str, facts: FileFacts, call: Call) -> Iterator[Way]:
    """Where the function at the top of the file that a publisher stands in is called inside a transaction of another file."""
    number = innermost(facts, call.scope)
    function = facts.scopes[number]
    if function.kind != "function" or function.parent != 0:
        return
    for each in calls_inside(context, function.name):
        if called(context, each.place.path, each.name) == (path, number):
            yield each.place, each.begin


def _ways(context: Context, place: Place, facts: FileFacts, call: Call) -> Iterator[Way]:
    """Where the way into a publisher lies inside a transaction: at itself, else at calls of its function in the file."""
    if not mentions_atomic(facts):
        return
    begin = transaction(context, place, facts, call)
    if begin is not None:
        yield place, begin
        return
    function = facts.scopes[innermost(facts, call.scope)]
    if function.kind != "function":
        return
    for index in facts.called.get(function.name, ()):
        caller = facts.calls[index]
        at = Place(place.path, *caller.span)
        begin = transaction(context, at, facts, caller) if is_call_of(facts, caller, function) else None
        if begin is not None:
            yield at, begin


CHECK = Check(
    code="PSD015",
    name="publish-in-transaction",
    severity="warning",
    summary="A message is sent inside a database transaction, before its commit.",
    explanation="""\
The broker does not wait for the database. A worker may take the message up before the commit and not find the rows that
it speaks of, or find them as they were; and when the transaction is rolled back, the message has been sent all the same.

Reported are messages that leave the process (tasks, topics, queues) and are sent in the body of `with
transaction.atomic():`, or of a function under `@transaction.atomic`, there or in a function that is called there: of the same file,
or at the top of the file that it is imported from. Making a signature is not sending, and what is handed
to `transaction.on_commit` is sent after the commit. Where the transaction names a database (`using=`), which may be one that
is only read, the finding is a hint. Signals inside the process are part of the transaction by intent.

**What to do:** `transaction.on_commit(lambda: send_receipt.delay(order.id))`, Celery's `delay_on_commit`, or an outbox.
""",
    find=EachFile(find),
    samples=(
        Sample(
            "Sent before the commit, and after it",
            """
from functools import partial

from celery import shared_task
from django.db import transaction


@shared_task
def send_receipt(order_id):
    print("receipt", order_id)


def pay(order):
    with transaction.atomic():
        order.save()
        send_receipt.delay(order.id)  # PSD015


@transaction.atomic
def cancel(order):
    order.delete()
    send_receipt.apply_async(args=[order.id])  # PSD015


def settle(order):
    with transaction.atomic():
        order.save()
        transaction.on_commit(lambda: send_receipt.delay(order.id))
        transaction.on_commit(partial(send_receipt.delay, order.id))
        transaction.on_commit(send_receipt.si(order.id).delay)
    send_receipt.delay(order.id)
""",
        ),
        Sample(
            "In a function that is called inside the transaction",
            """
from celery import shared_task
from django.db import transaction


@shared_task
def send_receipt(order_id):
    print("receipt", order_id)


class Till:
    def pay(self, order):
        with transaction.atomic():
            order.save()
            self.tell(order)  # PSD015
        self.tell(order)

    def cancel(self, order):
        with transaction.atomic():
            order.delete()
            transaction.on_commit(lambda: self.tell(order))

    def tell(self, order):
        send_receipt.delay(order.id)
""",
        ),
        Sample(
            "In a function of another file",
            """
# file: shop/__init__.py
# file: shop/mail.py
from celery import shared_task


@shared_task
def send_receipt(order_id):
    print("receipt", order_id)


def tell(order):
    send_receipt.delay(order.id)
# file: shop/till.py
from django.db import transaction

from . import mail
from .mail import tell


def pay(order):
    with transaction.atomic():
        order.save()
        tell(order)  # PSD015
    tell(order)


@transaction.atomic
def cancel(order):
    order.delete()
    mail.tell(order)  # PSD015
    transaction.on_commit(lambda: mail.tell(order))
""",
        ),
        Sample(
            "A signal is part of the transaction",
            """
from django.db import transaction
from django.dispatch import Signal

order_paid = Signal()


def pay(order):
    with transaction.atomic():
        order.save()
        order_paid.send(sender=type(order), order=order)
""",
        ),
    ),
)
