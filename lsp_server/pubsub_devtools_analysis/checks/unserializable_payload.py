"""PSD017: a payload holds what its serializer cannot write."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pubsub_devtools.model import Finding
from pubsub_devtools_analysis.checks.check import Check, EachFile, Sample
from pubsub_devtools_analysis.checks.context import shown
from pubsub_devtools_analysis.checks.payloads import Writer, unwritable
from pubsub_devtools_analysis.checks.serializers import writes_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Site
    from pubsub_devtools_analysis.checks.context import Context

_TASKS: dict[str, Writer] = {"celery": "celery", "dramatiq": "dramatiq"}
_SENDING = frozenset(
    {
        "delay",
        "apply_async",
        "delay_on_commit",
        "apply_async_on_commit",
        "send",
        "send_with_options",
        "s",
        "si",
    }
)


def find(context: Context, path: str) -> Iterator[Finding]:
    """Arguments of tasks, and what a publisher gives `json.dumps`, that JSON has no form for."""
    for site in context.sure_publishers(path):
        event = context.index.events[site.event]
        call = context.call(site.place)
        if event.delivery == "in-process" or site.evidence or call is None:
            continue
        is_task = site.dialect in _TASKS
        if is_task and call.name not in _SENDING:
            continue
        for node, words in _wrong(context, site):
            if is_task and not writes_json(context, site):
                continue
            message = f"{shown(event.name)} is published with {words}, which cannot be written as JSON"
            place = site.place
            if (node.lineno, node.col_offset) >= (place.line, place.column):
                place = context.place(site.place.path, node)
            yield Finding("PSD017", "error", message, place, site.symbol, site.event)


def _wrong(context: Context, site: Site) -> Iterator[tuple[ast.expr, str]]:
    call = context.node(site.place)
    if isinstance(call, ast.Call):
        yield from unwritable(context.tree(site.place.path), call, _TASKS.get(site.dialect, "json"))


CHECK = Check(
    code="PSD017",
    name="unserializable-payload",
    severity="error",
    summary="A payload holds what its serializer cannot write.",
    explanation="""\
The publish raises, or, worse, what arrives is not what was sent. Tasks are written as JSON unless they are told
otherwise, and so is what goes through `json.dumps`.

| what is given | Celery | Dramatiq | `json.dumps` |
|---|---|---|---|
| a set, a function, a generator, an open file, a lock | no | no | no |
| a model instance or query of Django, a request | no | no | no |
| a date or time, `Decimal`, `UUID` | yes | no | no |

Reported is what is plain to see in the call, or in the one assignment of a variable in the same function. Nothing is said
of tasks where Celery's `task_serializer`, under whatever prefix, is set to anything but `json`, where the task or the call
names another `serializer`, or where types are registered or Dramatiq is given an encoder; nor of `json.dumps` with
`default=` or `cls=`. What else of the workspace uses pickle or YAML (caches, sessions, results) makes no difference.

**What to do:** give the key of the object and load it in the handler; write sets as lists, times as text.
""",
    find=EachFile(find),
    samples=(
        Sample(
            "Objects in the arguments of a task",
            """
from datetime import datetime

from celery import shared_task

from shop.models import Order


@shared_task
def charge(order, lines=(), at=None):
    print("charge", order, lines, at)


def pay(order_id):
    order = Order.objects.get(pk=order_id)
    charge.delay(order)  # PSD017
    charge.delay(order.pk, at=datetime.now())
    charge.delay(order_id, lines={1, 2})  # PSD017
    charge.delay(order_id, lines=[1, 2])
    charge.apply_async(args=[order_id], kwargs={"lines": lambda: 5})  # PSD017


def view(request):
    charge.delay(request.user.pk)
""",
        ),
        Sample(
            "Times in JSON",
            """
import json
from datetime import datetime

import nats


async def main():
    nc = await nats.connect("nats://localhost:4222")
    await nc.publish("orders", json.dumps({"at": datetime.now()}).encode())  # PSD017
    await nc.publish("orders", json.dumps({"at": datetime.now().isoformat()}).encode())
    await nc.publish("orders", json.dumps({"at": datetime.now()}, default=str).encode())
""",
        ),
        Sample(
            "A workspace that chooses pickle",
            """
from celery import Celery

app = Celery("shop", task_serializer="pickle", accept_content=["pickle"])


@app.task
def charge(lines):
    print("charge", lines)


charge.delay({1, 2})
""",
        ),
        Sample(
            "Results, caches and one task that use pickle say nothing of the others",
            """
# file: shop/__init__.py
# file: shop/settings.py
import os

CELERY_TASK_SERIALIZER = os.environ.get("TASK_SERIALIZER", "json")
CELERY_RESULT_SERIALIZER = "pickle"
CACHES = {"default": {"SERIALIZER": "pickle"}}
# file: shop/tasks.py
from celery import shared_task


@shared_task
def charge(lines):
    print("charge", lines)


@shared_task(serializer="pickle")
def refund(lines):
    print("refund", lines)


def pay():
    charge.delay({1, 2})  # PSD017
    charge.apply_async(args=[{1, 2}], serializer="yaml")
    refund.delay({1, 2})
    refund.apply_async(args=[{1, 2}], serializer="json")
""",
        ),
        Sample(
            "Settings of which only running could tell the value",
            """
# file: shop/__init__.py
# file: shop/settings.py
from shop.site import SERIALIZER

CELERY = {"task_serializer": SERIALIZER}
# file: shop/tasks.py
from celery import shared_task


@shared_task
def charge(lines):
    print("charge", lines)


charge.delay({1, 2})
""",
        ),
    ),
)
