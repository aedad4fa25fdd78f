"""PSD015: a message leaves the process before the transaction that it speaks of is committed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.checks.check import Check, EachFile, Sample
from pubsub_devtools_analysis.checks.context import shown
from pubsub_devtools_analysis.checks.names import dotted, innermost, is_call_of
from pubsub_devtools_analysis.checks.paths import covers, own
from pubsub_devtools_analysis.facts import CallRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Finding
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import Call, FileFacts, Scope

_ATOMIC = frozenset({"django.db.transaction.atomic", "django.db.transaction.commit_on_success"})
_NOT_SENDING = frozenset(
    {"s", "si", "signature", "subtask", "partial", "on_commit", "delay_on_commit", "apply_async_on_commit"}
)
"""They make what may be sent later, or wait for the commit themselves."""


def find(context: Context, path: str) -> Iterator[Finding]:
    """Publishers of a broker or task queue in the body of `with transaction.atomic()` or of a function under it."""
    for site in context.sure_publishers(path):
        event = context.index.events[site.event]
        if event.delivery == "in-process" or site.evidence:
            continue
        facts = context.facts(site.place.path)
        if facts is None or not _mentions_atomic(facts):
            continue
        call = context.call(site.place)
        if call is None or call.name in _NOT_SENDING:
            continue
        for place, begin in _ways(context, site.place, facts, call):
            line, is_main = begin
            name = shown(event.name)
            message = (
                f"{name} is published inside the transaction that begins at line {line}, before its commit"
            )
            at = replace(site, place=place)
            others = [(site, f"publishes {name}")] if place != site.place else []
            yield context.finding("PSD015", message, at, *others, severity="warning" if is_main else "hint")


def _ways(
    context: Context, place: Place, facts: FileFacts, call: Call
) -> Iterator[tuple[Place, tuple[int, bool]]]:
    """Where the way into a publisher lies inside a transaction: at itself, else at calls of its function in the file."""
    begin = _transaction(context, place, facts, call)
    if begin is not None:
        yield place, begin
        return
    function = facts.scopes[innermost(facts, call.scope)]
    if function.kind != "function":
        return
    for index in facts.called.get(function.name, ()):
        caller = facts.calls[index]
        at = Place(place.path, *caller.span)
        begin = _transaction(context, at, facts, caller) if is_call_of(facts, caller, function) else None
        if begin is not None:
            yield at, begin


def _mentions_atomic(facts: FileFacts) -> bool:
    return any(name.startswith("django.db") for name in facts.imports)


def _transaction(context: Context, place: Place, facts: FileFacts, call: Call) -> tuple[int, bool] | None:
    """The line at which the function around a call enters a transaction, and whether on the main database."""
    scope = innermost(facts, call.scope)
    function = facts.scopes[scope]
    if function.kind != "function":
        return None
    return _decorated(facts, function) or _within(context, place, facts, scope)


def _decorated(facts: FileFacts, function: Scope) -> tuple[int, bool] | None:
    for decorator in function.decorators:
        call = facts.calls[decorator.value.index] if isinstance(decorator.value, CallRef) else None
        inner = call.func if call is not None else decorator.value
        if dotted(facts, function.parent, inner) in _ATOMIC:
            return decorator.span[0], call is None or _is_main(call)
    return None


def _within(context: Context, place: Place, facts: FileFacts, scope: int) -> tuple[int, bool] | None:
    entered = {
        call.span[:2]: call
        for call in facts.calls
        if call.scope == scope and dotted(facts, scope, call.func) in _ATOMIC
    }
    for node in own_of(context.tree(place.path), facts.scopes[scope].span[:2]) if entered else ():
        if isinstance(node, ast.With | ast.AsyncWith) and any(covers(each, place) for each in node.body):
            for item in node.items:
                start = (item.context_expr.lineno, item.context_expr.col_offset)
                if start in entered:
                    return start[0], _is_main(entered[start])
    return None


def _is_main(call: Call) -> bool:
    """Whether the transaction names no database: one that is named may be a replica, in which nothing is written."""
    return not call.args and all(name != "using" for name, _ in call.keywords)


def own_of(tree: ast.Module, start: tuple[int, int]) -> Iterator[ast.AST]:
    """All nodes of the function that starts here, without those of functions inside it."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (node.lineno, node.col_offset) == start
        ):
            for statement in node.body:
                yield from own(statement)


CHECK = Check(
    code="PSD015",
    name="publish-in-transaction",
    severity="warning",
    summary="A message is sent inside a database transaction, before its commit.",
    explanation="""\
The broker does not wait for the database. A worker may take the message up before the commit and not find the rows that
it speaks of, or find them as they were; and when the transaction is rolled back, the message has been sent all the same.

Reported are messages that leave the process (tasks, topics, queues) and are sent in the body of `with
transaction.atomic():`, or of a function under `@transaction.atomic`, there or in a function of the same file that is called
there. Making a signature is not sending, and what is handed
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
