"""PSD018: a task that is retried has already published, and will publish again."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks.check import Check, EachFile, Sample
from pubsub_devtools_analysis.checks.context import shown
from pubsub_devtools_analysis.checks.paths import covers, own
from pubsub_devtools_analysis.facts import CallRef

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pubsub_devtools.model import Finding, Place, Site
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import FileFacts, Scope

Function = ast.FunctionDef | ast.AsyncFunctionDef
_RETRYING = frozenset({"celery", "dramatiq", "taskiq"})
_HARMLESS = frozenset(
    {"debug", "info", "warning", "error", "exception", "critical", "log", "print", "append", "len"}
)
"""Calls that hardly fail: a task whose last acts these are is not retried for them."""


_Ends = tuple[type[ast.stmt], ...]
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_ENDING: _Ends = (ast.Return, ast.Raise)
_LEAVING: _Ends = (*_ENDING, ast.Continue, ast.Break)


def find(context: Context, path: str) -> Iterator[Finding]:
    """Publishers in the own body of a retried task that stand before something that may fail."""
    for site in context.sure_handlers(path):
        found = context.function(site) if site.dialect in _RETRYING and not site.options.idempotent else None
        if found is None:
            continue
        facts, index = found
        flows = [flow for flow in context.index.flows_from(site.id) if not flow.hops]
        retries = _retries(facts, facts.scopes[index], site)
        if flows and (retries or "retry" in facts.called):
            publishers = [
                context.index.sites[f.publisher] for f in flows if f.publisher in context.index.sites
            ]
            yield from _repeated(context, site, [p for p in publishers if p.event != site.event], retries)


def _retries(facts: FileFacts, scope: Scope, site: Site) -> bool:
    """Whether any exception has the task run again."""
    if site.dialect != "celery":
        return site.options.retries not in ("", "0")
    for decorator in scope.decorators:
        if isinstance(decorator.value, CallRef):
            return any(name == "autoretry_for" for name, _ in facts.calls[decorator.value.index].keywords)
    return False


def _repeated(context: Context, site: Site, publishers: Sequence[Site], retries: bool) -> Iterator[Finding]:
    function = next((f for f in ast.walk(context.tree(site.place.path)) if _is_at(f, site)), None)
    if not isinstance(function, Function):
        return
    bodies = [function.body] if retries else [t.body for t in own_body(function) if _retried(t)]
    for publisher in publishers:
        event = context.index.events[publisher.event]
        if publisher.certainty != "sure" or publisher.evidence or publisher.origin:
            continue
        if event.delivery != "at-least-once":
            continue  # a nudge that may be lost must be borne twice, and a signal is a part of the run
        if any(_something_follows(body, publisher.place) for body in bodies):
            name = shown(event.name)
            message = f"{name} is published before something that may fail, and again at each retry of `{site.symbol}`"
            yield context.finding("PSD018", message, publisher, (site, "the task that is retried"))


def _is_at(node: ast.AST, site: Site) -> bool:
    return isinstance(node, Function) and (node.lineno, node.col_offset) == (
        site.place.line,
        site.place.column,
    )


def own_body(function: Function) -> Iterator[ast.Try]:
    """The `try` statements of a function's own."""
    for statement in function.body:
        for node in own(statement):
            if isinstance(node, ast.Try):
                yield node


def _retried(node: ast.Try) -> bool:
    """Whether an exception in the body ends in `self.retry()`."""
    return any(
        isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "retry"
        for handler in node.handlers
        for statement in handler.body
        for call in own(statement)
    )


def _something_follows(body: Sequence[ast.stmt], place: Place) -> bool:
    """Whether statements with calls come after the one that holds the place, in its own block or around it."""
    for index, statement in enumerate(body):
        if not covers(statement, place):
            continue
        if any(_may_fail(each) for each in body[index + 1 :]):
            return not _leaves(statement, place)
        return any(_something_follows(block, place) for block in _blocks(statement))
    return False


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    if isinstance(statement, ast.If | ast.With | ast.AsyncWith | ast.For | ast.AsyncFor | ast.While):
        yield statement.body
        yield getattr(statement, "orelse", [])


def _leaves(statement: ast.stmt, place: Place, ends: _Ends = _LEAVING) -> bool:
    """Whether the branch that holds the place ends the function, or the loop around, so that what follows is not reached."""
    ends = _ENDING if isinstance(statement, _LOOPS) else ends
    blocks = [block for block in _blocks(statement) if any(covers(each, place) for each in block)]
    return any(isinstance(block[-1], ends) or _leaves(block[-1], place, ends) for block in blocks)


def _may_fail(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Call) and _name(node.func) not in _HARMLESS for node in own(statement))


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


CHECK = Check(
    code="PSD018",
    name="retry-without-idempotence",
    severity="warning",
    summary="A retried task publishes before something that may fail, and so publishes again.",
    explanation="""\
A retry runs the task from its beginning. What it published before it failed has been sent, and is sent again: two
receipts, two charges.

Reported is a publisher in the own body of a task, at a place after which the body goes on to call something, where an
exception has the task run again: under `autoretry_for` (Celery), under `max_retries` other than 0 (Dramatiq, Taskiq), or
in a `try` whose handler calls `self.retry()`. Logging is not taken for something that fails. Not reported are signals within
the process, and messages on transports that may lose them (publish in Redis, core NATS): such nudges are made to come any
number of times. A task that
sends itself again is not reported either: see PSD011.

**What to do:** publish last; or make what is published harmless when it comes twice (a key that its handler remembers, a
state that is checked first).
""",
    find=EachFile(find),
    samples=(
        Sample(
            "Published first, then something fails",
            """
from celery import shared_task


@shared_task
def send_receipt(order_id):
    print("receipt", order_id)


@shared_task(autoretry_for=(OSError,), max_retries=5)
def charge(order_id, bank):
    send_receipt.delay(order_id)  # PSD018
    bank.charge(order_id)


@shared_task(bind=True, max_retries=5)
def refund(self, order_id, bank):
    try:
        send_receipt.delay(order_id)  # PSD018
        bank.refund(order_id)
    except OSError as error:
        raise self.retry(exc=error)
""",
        ),
        Sample(
            "Published last, or outside of what is retried",
            """
import logging

from celery import shared_task


@shared_task
def send_receipt(order_id):
    print("receipt", order_id)


@shared_task(autoretry_for=(OSError,), max_retries=5)
def charge(order_id, bank):
    bank.charge(order_id)
    send_receipt.delay(order_id)
    logging.info("charged %s", order_id)


@shared_task(bind=True, max_retries=5)
def refund(self, order_id, bank):
    try:
        bank.refund(order_id)
    except OSError as error:
        raise self.retry(exc=error)
    send_receipt.delay(order_id)
    bank.close()


@shared_task
def look(order_id, bank):
    send_receipt.delay(order_id)
    bank.look(order_id)


@shared_task(autoretry_for=(OSError,), max_retries=5)
def settle(order_ids, bank):
    for order_id in order_ids:
        if bank.is_settled(order_id):
            send_receipt.delay(order_id)
            continue
        logging.info("not settled: %s", order_id)
""",
        ),
        Sample(
            "A task in a loop, and a nudge that may come any number of times",
            """
import redis
from celery import shared_task

screen = redis.Redis()


@shared_task
def send_receipt(order_id):
    print("receipt", order_id)


@shared_task(autoretry_for=(OSError,), max_retries=5)
def charge(order_ids, bank):
    for order_id in order_ids:
        send_receipt.delay(order_id)  # PSD018
        bank.charge(order_id)
    screen.publish("screen", "reload")
    bank.close()
""",
        ),
    ),
)
