"""PSD012: a subscription that another one repeats or replaces."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.checks.check import Check, EachEvent, Sample
from pubsub_devtools_analysis.checks.context import shown
from pubsub_devtools_analysis.checks.taken_names import taken
from pubsub_devtools_analysis.facts import Attr, Lit, Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Event, Finding, Site
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import AnyExpr, Call, FileFacts, Span

_WEAK = frozenset({"django_signal", "blinker"})
"""They hold a receiver by a weak reference: a function whose name is taken by another is gone."""

_ONE_HANDLER = frozenset({"celery", "dramatiq", "taskiq"})
"""A name is that of one function: the second takes the place of the first."""

_UNDOING = ("unsubscribe", "disconnect", "remove", "off", "cancel", "close", "clear")


def find(context: Context, event: Event) -> Iterator[Finding]:
    """Receivers that are lost, task names that are taken twice, and registering calls that are repeated."""
    sites = context.sure_sites(event.id, "handle")
    name = shown(event.name)
    if event.transport in _WEAK:
        yield from _lost(context, sites, name)
    elif event.transport in _ONE_HANDLER:
        yield from taken(context, sites, name)
    yield from _repeated(context, sites, name)


def _lost(context: Context, sites: list[Site], name: str) -> Iterator[Finding]:
    """Receivers of module level whose name is bound again further down."""
    for first, second in _redefined(context, sites):
        message = f"`{first.symbol}` no longer receives {name}: the signal holds it weakly, and its name is defined again"
        yield context.finding("PSD012", message, first, (second, "defined again here"))


def _redefined(context: Context, sites: list[Site]) -> Iterator[tuple[Site, Site]]:
    """Pairs of handlers that are one name at the top of one file, under no condition."""
    by_name: defaultdict[tuple[str, str], list[Site]] = defaultdict(list)
    for site in sites:
        scope = context.scope(site)
        if scope is not None and scope.parent == 0 and scope.block == 0:
            by_name[site.place.path, scope.name].append(site)
    for group in by_name.values():
        places = sorted({site.place: site for site in group}.items())
        for (_, first), (_, second) in pairwise(places):
            yield first, second


def _repeated(context: Context, sites: list[Site], name: str) -> Iterator[Finding]:
    """Calls that register the same handler in the same way, in one stretch of code."""
    for site in sites:
        if site.registered is None or site.evidence:
            continue  # a wrapper that listens for a while may do so again
        other = _second(context, site.registered)
        if other is not None:
            yield _at(context, f"`{site.symbol}` is subscribed to {name} a second time", site, other)


def _second(context: Context, place: Place) -> Span | None:
    """Where the call at a place is made again."""
    return context.memo.get(("made again", place.path, place), lambda: _again(context, place), None)


def _again(context: Context, place: Place) -> Span | None:
    call, facts = context.call(place), context.facts(place.path)
    if call is None or facts is None or _is_decorator(facts, call):
        return None
    later = (other for other in facts.calls if other.span > call.span)
    return next((o.span for o in later if _same(call, o) and not _undone(facts, call, o)), None)


def _at(context: Context, message: str, site: Site, other: Span) -> Finding:
    assert site.registered is not None  # only such sites are looked at
    there = replace(site, place=Place(site.registered.path, *other))
    return context.finding("PSD012", message, there, (replace(site, place=site.registered), "the first time"))


def _is_decorator(facts: FileFacts, call: Call) -> bool:
    return any(d.span == call.span for scope in facts.scopes for d in scope.decorators)


def _same(a: Call, b: Call) -> bool:
    if not all(map(_is_told, (*a.args, *(value for _, value in a.keywords)))):
        return False
    return (a.func, a.args, a.keywords, a.scope, a.block) == (b.func, b.args, b.keywords, b.scope, b.block)


def _is_told(expr: AnyExpr) -> bool:
    """Whether an expression says all that it depends on, so that what looks alike is alike."""
    return _is_told(expr.base) if isinstance(expr, Attr) else isinstance(expr, Name | Lit)


def _undone(facts: FileFacts, first: Call, second: Call) -> bool:
    """Whether something that may end the subscription stands between the two."""
    between = (c for c in facts.calls if c.scope == first.scope and first.span < c.span < second.span)
    return any(call.name.startswith(_UNDOING) for call in between)


CHECK = Check(
    code="PSD012",
    name="duplicate-subscription",
    severity="warning",
    summary="A subscription repeats or replaces another one.",
    explanation="""\
Three forms of one mistake, mostly made by copying:

- A receiver of a Django or blinker signal whose name is defined again in the same module. The signal holds receivers by
  weak references, so the first function is gone and is never called, without a word.
- Two tasks of one name. The worker keeps one of them, which depends on the order of the imports.
- The same call that registers the same handler for the same event, twice in one stretch of code. The handler runs twice
  for each event, or, where the library notices, the second line does nothing.

Not reported: definitions under a condition, task names that follow from the module's path in two files (two copies of one
application), tasks of modules that make their own broker (each runs in a process of its own), calls of a function that
subscribes (it may listen for a while and end), and a subscription that was ended before it is made again.

**What to do:** rename the function, give the task a name of its own, or remove the line.
""",
    find=EachEvent(find),
    samples=(
        Sample(
            "The first receiver is lost",
            """
from django.db.models.signals import post_save
from django.dispatch import receiver

from shop.models import Customer, Order


@receiver(post_save, sender=Order)
def index(sender, instance, **kwargs):  # PSD012
    print("order", instance)


@receiver(post_save, sender=Customer)
def index(sender, instance, **kwargs):
    print("customer", instance)
""",
        ),
        Sample(
            "Two tasks of one name",
            """
# file: shop/__init__.py
# file: shop/mail.py
from celery import shared_task


@shared_task(name="shop.send")
def send_mail(order_id):
    print("mail", order_id)
# file: shop/parcels.py
from celery import shared_task


@shared_task(name="shop.send")
def send_parcel(order_id):  # PSD012
    print("parcel", order_id)
""",
        ),
        Sample(
            "The same handler twice",
            """
import nats


async def on_order(msg):
    print(msg.data)


async def main():
    nc = await nats.connect("nats://localhost:4222")
    await nc.subscribe("orders", cb=on_order)
    await nc.subscribe("orders", cb=on_order)  # PSD012
""",
        ),
        Sample(
            "Two workers, each with a broker of its own, and a function that listens for a while",
            """
# file: shop/__init__.py
# file: shop/front.py
from taskiq import InMemoryBroker

broker = InMemoryBroker()


@broker.task(task_name="receipt")
async def receipt(order_id: int) -> None:
    print("front", order_id)
# file: shop/back.py
from taskiq import InMemoryBroker

broker = InMemoryBroker()


@broker.task(task_name="receipt")
async def send(order_id: int) -> None:
    print("back", order_id)
# file: shop/probe.py
def on_message(channel, method, properties, body):
    print(body)


def drain(channel, queue):
    channel.basic_consume(queue, on_message)
    channel.start_consuming()


def probe(channel):
    drain(channel, "orders")
    drain(channel, "orders")
# file: shop/run.py
import pika

from shop.probe import probe

probe(pika.BlockingConnection().channel())
""",
        ),
        Sample(
            "One handler of two events, two handlers of one, alternatives, and a subscription made anew",
            """
import nats
from django.conf import settings
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

if settings.SEARCH:

    @receiver(post_save)
    def index(sender, **kwargs):
        print("index")
else:

    @receiver(post_save)
    def index(sender, **kwargs):
        print("no index")


@receiver(post_save)
@receiver(post_delete)
def log(sender, **kwargs):
    print("log")


async def on_order(msg):
    print(msg.data)


async def main():
    nc = await nats.connect("nats://localhost:4222")
    first = await nc.subscribe("orders", cb=on_order)
    await first.unsubscribe()
    await nc.subscribe("orders", cb=on_order)
""",
        ),
    ),
)
