"""PSD014: an async handler waits in a way that stops everything else in its event loop."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.checks.check import Check, EachFile, Sample
from pubsub_devtools_analysis.checks.elsewhere import Function, called
from pubsub_devtools_analysis.checks.names import dotted, innermost, is_call_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Finding
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import Call, FileFacts, Scope

_HTTP = ("get", "post", "put", "patch", "delete", "head", "options", "request")
INSTEAD = {
    "time.sleep": "await asyncio.sleep()",
    "os.system": "await asyncio.create_subprocess_shell()",
    "urllib.request.urlopen": "an async HTTP client, or await asyncio.to_thread()",
    "socket.create_connection": "await asyncio.open_connection()",
    "smtplib.SMTP": "aiosmtplib, or await asyncio.to_thread()",
    "smtplib.SMTP_SSL": "aiosmtplib, or await asyncio.to_thread()",
    "psycopg2.connect": "an async driver (asyncpg, psycopg)",
    "pymysql.connect": "an async driver (aiomysql)",
    "pika.BlockingConnection": "aio-pika",
    **{
        f"subprocess.{name}": "await asyncio.create_subprocess_exec()"
        for name in ("run", "call", "check_call", "check_output")
    },
    **{f"requests.{name}": "an async HTTP client, or await asyncio.to_thread()" for name in _HTTP},
    **{f"requests.Session().{name}": "an async HTTP client, or await asyncio.to_thread()" for name in _HTTP},
    **{f"httpx.{name}": "httpx.AsyncClient" for name in _HTTP},
}
"""Calls that block until something outside answers, and what does the same without blocking."""

_MODULES = {name.partition(".")[0] for name in INSTEAD}
Inner = tuple[str, Place]
"""What a call that blocks is named, and where it stands."""


def find(context: Context, path: str) -> Iterator[Finding]:
    """Blocking calls in the own body of each sure async handler."""
    told: set[Place] = set()
    for site in context.sure_handlers(path):
        found = context.function(site)
        if found is None or site.place in told or not found[0].scopes[found[1]].is_async:
            continue
        told.add(site.place)
        facts, index = found
        for call, name, inner in _blocking(context, site.place.path, facts, index):
            message = (
                f"`{name}` blocks the event loop in the async handler `{site.symbol}`; use {INSTEAD[name]}"
            )
            at = replace(site, place=Place(site.place.path, *call.span))
            others = [(replace(site, place=inner), "called here")] if inner is not None else []
            yield context.finding("PSD014", message, at, *others, (site, "the handler"))


def _blocking(
    context: Context, path: str, facts: FileFacts, index: int
) -> Iterator[tuple[Call, str, Place | None]]:
    """Blocking calls of a function, and calls of functions that block, with the place in there that does."""
    may_block = _may_block(facts)
    for call in _calls(facts, index):
        name = dotted(facts, call.scope, call.func)
        if may_block and name in INSTEAD:
            yield call, name, None
            continue
        for function in _run(context, path, facts, call, name):
            key, none = ("blocking", function.path, function.number), tuple[Inner, ...]()
            for inner, place in context.memo.get(key, partial(_inner, context, function), none):
                yield call, inner, place


def _run(context: Context, path: str, facts: FileFacts, call: Call, name: str) -> Iterator[Function]:
    """The functions that a call runs here and now: those of the file that bear the name, else one of another file."""
    own = [
        number
        for number, function in enumerate(facts.scopes)
        if function.name == call.name and _is_plain(function) and is_call_of(facts, call, function)
    ]
    yield from (Function(path, number) for number in own)
    other = None if own else called(context, path, name)
    if other is not None:
        yield other


def _inner(context: Context, function: Function) -> tuple[Inner, ...]:
    """The blocking calls in a function's own body."""
    facts = context.facts(function.path)
    if facts is None or not _may_block(facts):
        return ()
    named = ((dotted(facts, call.scope, call.func), call) for call in _calls(facts, function.number))
    return tuple((name, Place(function.path, *call.span)) for name, call in named if name in INSTEAD)


def _may_block(facts: FileFacts) -> bool:
    return any(module.partition(".")[0] in _MODULES for module in facts.imports)


def _calls(facts: FileFacts, function: int) -> Iterator[Call]:
    """The calls in a function's own body; what stands in a function or lambda inside it may run elsewhere."""
    return (call for call in facts.calls if innermost(facts, call.scope) == function)


def _is_plain(function: Scope) -> bool:
    """Whether calling the function runs its body, here and now."""
    return function.kind == "function" and not (function.is_async or function.decorators)


CHECK = Check(
    code="PSD014",
    name="blocking-call",
    severity="warning",
    summary="An async handler blocks the event loop.",
    explanation="""\
While it sleeps or waits for an answer, no other handler of the process runs, no heartbeat is sent, and brokers take the
consumer for dead.

Reported are calls in an async handler's own body, or in a function that it calls, of the same file or imported from another,
to `time.sleep`, `requests`, the functions of `httpx`, `urllib`, `subprocess.run` and its like, `os.system`,
`socket.create_connection` and what opens a connection when it is made (`smtplib.SMTP`, `psycopg2.connect`,
`pymysql.connect`, `pika.BlockingConnection`), by whatever name they are imported. What is handed on uncalled
(`asyncio.to_thread(requests.get, url)`) does not block, and neither need a function or lambda inside the handler.

**What to do:** use the async form that the message names, or hand the function to a thread.
""",
    find=EachFile(find),
    samples=(
        Sample(
            "Sleeping and waiting in an async handler",
            """
import asyncio
from time import sleep

import nats
import requests


async def on_order(msg):
    sleep(1)  # PSD014
    return requests.get("https://example.org", timeout=5)  # PSD014


def look_up(order):
    return requests.get(f"https://example.org/{order}", timeout=5)


async def on_return(msg):
    await asyncio.to_thread(look_up, msg.data)
    look_up(msg.data)  # PSD014


async def on_payment(msg):
    await asyncio.sleep(1)
    return await asyncio.to_thread(requests.get, "https://example.org")


async def main():
    nc = await nats.connect("nats://localhost:4222")
    await nc.subscribe("orders", cb=on_order)
    await nc.subscribe("returns", cb=on_return)
    await nc.subscribe("payments", cb=on_payment)
""",
        ),
        Sample(
            "In a function of another file",
            """
# file: shop/__init__.py
# file: shop/mail.py
import asyncio
import functools
import smtplib


def in_thread(function):
    @functools.wraps(function)
    async def wrapper(*args):
        return await asyncio.to_thread(function, *args)

    return wrapper


def send(text):
    with smtplib.SMTP("localhost") as server:
        server.sendmail("shop@example.org", "desk@example.org", text)


@in_thread
def send_later(text):
    with smtplib.SMTP("localhost") as server:
        server.sendmail("shop@example.org", "desk@example.org", text)
# file: shop/desk.py
import nats

from shop import mail
from shop.mail import send


async def on_order(msg):
    send("order")  # PSD014
    mail.send("order")  # PSD014
    await mail.send_later("order")


async def main():
    nc = await nats.connect("nats://localhost:4222")
    await nc.subscribe("orders", cb=on_order)
""",
        ),
        Sample(
            "A handler in a thread, and code beside the handlers",
            """
import time

from celery import shared_task


@shared_task
def poll():
    time.sleep(1)


async def elsewhere():
    time.sleep(1)
""",
        ),
    ),
)
