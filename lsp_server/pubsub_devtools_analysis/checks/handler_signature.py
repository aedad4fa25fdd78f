"""PSD013: a handler cannot be called in the way that its framework calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks.callers import CALLERS, Caller, given_parameters, misfit, most_positional
from pubsub_devtools_analysis.checks.check import Check, EachFile, Sample
from pubsub_devtools_analysis.checks.names import dotted
from pubsub_devtools_analysis.facts import Attr, CallRef, Lit, Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Finding, Site
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import AnyExpr, FileFacts, Scope


_JUDGED = CALLERS.keys() | {"celery", "arq"}

_NEUTRAL = frozenset(
    {"staticmethod", "homeassistant.core.callback", "typing.override", "django.db.transaction.atomic"}
)
"""Decorators that leave a function's parameters alone."""

_REGISTERING = ("receiver", "connect", "connect_via", "event_handler", "subscribe", "on", "step")


def find(context: Context, path: str) -> Iterator[Finding]:
    """Every sure handler whose parameters do not fit, once."""
    told: set[object] = set()
    for site in context.sure_handlers(path):
        found = context.function(site) if site.dialect in _JUDGED and site.place not in told else None
        if found is None:
            continue
        wrong = _wrong(context, site, *found)
        if wrong:
            told.add(site.place)
            yield context.finding("PSD013", wrong, site, severity="error")


def _wrong(context: Context, site: Site, facts: FileFacts, index: int) -> str:
    scope = facts.scopes[index]
    transport = context.index.events[site.event].transport
    if transport == "celery":
        return _wrong_task(facts, scope)
    if transport == "arq":
        return (
            ""
            if most_positional(given_parameters(facts, index))
            else f"`{scope.name}` must take the context as its first parameter"
        )
    caller = CALLERS.get(site.dialect)
    if caller is None or site.evidence or not _is_plain(facts, scope):
        return ""
    if not _is_decorated(facts, scope, site) and not _is_given(context, site, scope, caller):
        return ""
    return misfit(scope.name, given_parameters(facts, index), caller)


def _wrong_task(facts: FileFacts, scope: Scope) -> str:
    """A bound task gets itself first, any other does not."""
    bound = _bound(facts, scope)
    names = [param.name for param in scope.params if param.kind in ("p", "*")]
    if bound is True and not names:
        return f"`{scope.name}` is bound (`bind=True`) and must take the task as its first parameter"
    in_class = facts.scopes[scope.parent].kind == "class"
    if bound is False and not in_class and names[:1] == ["self"]:
        return f"`{scope.name}` takes `self`, but is not bound: add `bind=True`, or leave `self` out"
    return ""


def _bound(facts: FileFacts, scope: Scope) -> bool | None:
    """What the one task decorator says; nothing where there are others, or where it cannot be told."""
    if len(scope.decorators) != 1:
        return None
    value = scope.decorators[0].value
    if not isinstance(value, CallRef):
        name = value.name if isinstance(value, Attr) else value.id if isinstance(value, Name) else ""
        return False if name in ("task", "shared_task") else None
    call = facts.calls[value.index]
    if call.name not in ("task", "shared_task") or any(name in ("", "**") for name, _ in call.keywords):
        return None
    given = dict(call.keywords).get("bind")
    return (
        False if given is None and not call.args else given.value is True if isinstance(given, Lit) else None
    )


def _is_decorated(facts: FileFacts, scope: Scope, site: Site) -> bool:
    lines = {decorator.span[0] for decorator in scope.decorators}
    return site.registered is None or (
        site.registered.path == site.place.path and site.registered.line in lines
    )


def _is_given(context: Context, site: Site, scope: Scope, caller: Caller) -> bool:
    """Whether the registering call is given the function itself: no partial of it, and nothing made from it."""
    call = context.call(site.registered) if site.registered is not None else None
    if call is None or (caller.by and call.name not in caller.by):
        return False
    given = (*call.args, *(value for _, value in call.keywords))
    return any(
        scope.name == (e.name if isinstance(e, Attr) else e.id if isinstance(e, Name) else "") for e in given
    )


def _is_plain(facts: FileFacts, scope: Scope) -> bool:
    """Whether nothing but the framework stands between the function and its call."""
    return all(_keeps_parameters(facts, scope, decorator.value) for decorator in scope.decorators)


def _keeps_parameters(facts: FileFacts, scope: Scope, value: AnyExpr) -> bool:
    inner = facts.calls[value.index].func if isinstance(value, CallRef) else value
    if dotted(facts, scope.parent, inner) in _NEUTRAL:
        return True
    name = inner.name if isinstance(inner, Attr) else inner.id if isinstance(inner, Name) else ""
    return name in _REGISTERING


CHECK = Check(
    code="PSD013",
    name="handler-signature",
    severity="error",
    summary="A handler cannot be called in the way that its framework calls it.",
    explanation="""\
The call raises a `TypeError` when the event comes, or, in Django, already when the receiver is connected in debug mode.

| framework | a handler must take |
|---|---|
| Django signals | `**kwargs`, since senders may add arguments at any time |
| blinker | the sender as its first argument |
| Celery | with `bind=True` the task as its first parameter; without it no `self` |
| arq | the context as its first parameter |
| nats-py, aio-pika | one argument, the message |
| pika | four: channel, method, properties, body |
| Home Assistant's bus | one argument, the event |
| the bus of this package | the event as its first argument |

Nothing is said of frameworks that inject what a parameter asks for (FastStream, Taskiq), of handlers under a decorator
that may change their parameters, of partials and lambdas, nor of handlers that a wrapper registers.

**What to do:** change the parameters as the message says.
""",
    find=EachFile(find),
    samples=(
        Sample(
            "A receiver without `**kwargs`, and one that has it",
            """
from django.db.models.signals import post_save
from django.dispatch import receiver


@receiver(post_save)
def index(sender, instance):  # PSD013
    print(instance)


@receiver(post_save)
def log(sender, **kwargs):
    print(sender)


class Search:
    def ready(self):
        post_save.connect(self.on_saved)

    def on_saved(self, sender, **kwargs):
        print(sender)
""",
        ),
        Sample(
            "Bound and unbound tasks",
            """
from celery import shared_task


@shared_task(bind=True)
def send():  # PSD013
    print("send")


@shared_task
def pack(self, order_id):  # PSD013
    print("pack", order_id)


@shared_task(bind=True)
def bill(self, order_id):
    print("bill", order_id)


@shared_task
def count(order_id):
    print("count", order_id)
""",
        ),
        Sample(
            "Callbacks of broker clients",
            """
import nats
import pika


async def on_order():  # PSD013
    print("order")


async def on_payment(msg):
    print(msg.data)


def on_parcel(channel, body):  # PSD013
    print(body)


async def main():
    nc = await nats.connect("nats://localhost:4222")
    await nc.subscribe("orders", cb=on_order)
    await nc.subscribe("payments", cb=on_payment)
    channel = pika.BlockingConnection().channel()
    channel.basic_consume(queue="parcels", on_message_callback=on_parcel)
""",
        ),
        Sample(
            "A handler that takes no event, and one that asks for more than the event",
            """
from pubsub_devtools import BaseEvent, Envelope, event_bus, event_handler


class OrderPlaced(BaseEvent):
    order_id: str


@event_handler(OrderPlaced)
def reserve() -> None:  # PSD013
    print("reserve")


@event_handler(OrderPlaced)
def confirm(event: OrderPlaced, envelope: Envelope) -> None:
    print("confirm", envelope)


event_bus.publish(OrderPlaced(order_id="7"))
""",
        ),
        Sample(
            "A decorator that gives further arguments",
            """
from django.db.models.signals import post_save
from django.dispatch import receiver

from shop.tools import with_instance


@receiver(post_save)
@with_instance
def index(instance):
    print(instance)
""",
        ),
    ),
)
