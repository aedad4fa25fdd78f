"""PSD011: an event leads back to itself, and nothing on the way can stop it."""

from __future__ import annotations

import ast
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks.check import Check, Sample, Whole
from pubsub_devtools_analysis.checks.context import shown
from pubsub_devtools_analysis.checks.paths import always_reached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Finding, Flow, Place, Site
    from pubsub_devtools_analysis.checks.context import Context

Step = tuple["Site", "Flow", "Site"]
"""A handler, and the publisher that it runs."""


_APPLIED = frozenset({"eventsourcing"})
"""The method of an aggregate that triggers an event is the one that applies it: no second event comes of that."""


def find(context: Context) -> Iterator[Finding]:
    """The shortest loop through each event, told once for all events on it."""
    steps = {event: steps for event in context.index.ids() if (steps := _known(context, event))}
    told: set[frozenset[str]] = set()
    for event in sorted(steps):
        loop = _loop(steps, event)
        events = frozenset(publisher.event for _, _, publisher in loop)
        if loop and events not in told:
            told.add(events)
            yield _finding(context, event, loop)


def _known(context: Context, event: str) -> tuple[Step, ...]:
    none: tuple[Step, ...] = ()
    return context.memo.get(("steps", f"event {event}", ""), partial(_steps, context, event), none)


def _steps(context: Context, event: str) -> tuple[Step, ...]:
    """What an event sets off, as far as it is sure."""
    if context.index.events[event].transport in _APPLIED:
        return ()
    found: list[Step] = []
    for reach in context.handlers(event):
        if reach.certainty != "sure":
            continue
        for flow in context.index.flows_from(reach.site.id):
            publisher = context.index.sites.get(flow.publisher)
            if publisher and flow.certainty == publisher.certainty == "sure" and not publisher.in_tests:
                found.append((reach.site, flow, publisher))
    return tuple(found)


def _loop(steps: dict[str, tuple[Step, ...]], start: str) -> list[Step]:
    """The shortest way from an event back to it."""
    queue: deque[tuple[str, list[Step]]] = deque([(start, [])])
    seen = {start}
    while queue:
        event, way = queue.popleft()
        for step in steps.get(event, ()):
            target = step[2].event
            if target == start:
                return [*way, step]
            if target not in seen:
                seen.add(target)
                queue.append((target, [*way, step]))
    return []


def _finding(context: Context, start: str, loop: list[Step]) -> Finding:
    names = [context.index.events[e].name for e in (start, *(publisher.event for _, _, publisher in loop))]
    handler, _, first = loop[0]
    way = " → ".join(map(shown, names))
    message = (
        f"{shown(names[0])} leads back to itself: {way}"
        if len(loop) > 1
        else f"{handler.symbol} publishes {shown(names[0])}, which it handles"
    )
    endless = all(_is_endless(context, step) for step in loop)
    related = [(h, f"handles {shown(context.index.events[h.event].name)}") for h, _, _ in loop]
    related += [(p, f"publishes {shown(context.index.events[p.event].name)}") for _, _, p in loop[1:]]
    if endless:
        message += "; nothing on the way can end it"
    return context.finding("PSD011", message, first, *related, severity="warning" if endless else "hint")


def _is_endless(context: Context, step: Step) -> bool:
    """Whether the handler publishes every time: at once, and under no condition."""
    handler, flow, publisher = step
    if handler.origin or publisher.origin or publisher.options.delay or publisher.evidence:
        return False
    places = [hop.place for hop in flow.hops] + [publisher.place]
    return all(_is_always_reached(context, place) for place in places)


def _is_always_reached(context: Context, place: Place) -> bool:
    """Whether each run of the function around a place comes to it."""
    return context.memo.get(
        ("reached", place.path, place),
        lambda: always_reached(_function(context, place.path, place.line), place),
        False,
    )


def _function(context: Context, path: str, line: int) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The innermost function around a line."""
    around = [
        node
        for node in ast.walk(context.tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return max(around, key=lambda node: node.lineno, default=None)


CHECK = Check(
    code="PSD011",
    name="cycle",
    severity="warning",
    summary="An event leads back to itself, and nothing on the way can end it.",
    explanation="""\
A handler publishes an event whose handlers publish the first one again. In process this ends in a `RecursionError`; over
a broker it never ends, and each turn may multiply the messages.

No function on such a loop shows the whole of it, which is why it is found so late. The finding stands at the first
publisher and lists every handler and publisher on the way.

Loops are often meant: a task sends itself again until all pages are read, a poller waits and starts anew. So it is a
warning only where every publisher on the way is reached each time its handler runs: outside of any branch, loop or
handler of an exception, after no `return` or `raise`, without a delay. Every other loop is a hint, shown with
`--select PSD011`.

**What to do:** have the handler publish another event, or let it end: compare what it was given with what it would send.
""",
    find=Whole(find),
    samples=(
        Sample(
            "Two handlers call each other through their events",
            """
from pubsub_devtools import BaseEvent, event_bus, event_handler


class PriceChanged(BaseEvent):
    price: int


class OfferChanged(BaseEvent):
    price: int


@event_handler(PriceChanged)
def offer(event: PriceChanged) -> None:
    event_bus.publish(OfferChanged(price=event.price))


@event_handler(OfferChanged)
def price(event: OfferChanged) -> None:
    event_bus.publish(PriceChanged(price=event.price))  # PSD011
""",
        ),
        Sample(
            "A task that always sends itself",
            """
from celery import shared_task


@shared_task
def poll(feed):
    print(feed)
    poll.delay(feed)  # PSD011
""",
        ),
        Sample(
            "Loops that end, or take their time",
            """
from celery import shared_task


@shared_task
def read(page):
    if page:
        read.delay(page - 1)


@shared_task
def follow(feed):
    if not feed:
        return
    follow.delay(feed[1:])


@shared_task
def watch():
    print("watching")
    watch.apply_async(countdown=60)
""",
        ),
    ),
)
