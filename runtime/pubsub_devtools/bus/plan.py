"""The compiled way of one event class through one bus, so that publishing looks up one plan and runs down a tuple.

All that a handler asks for is decided here, once: what it does not use is not there to be skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from pubsub_devtools.schema.event import BaseEvent

if TYPE_CHECKING:
    from pubsub_devtools.bus.flow import Ended, Flow

Call = Callable[[BaseEvent], Any]
Predicate = Callable[[BaseEvent], bool]


class Queued(Protocol):
    """What stands before a handler and takes its events: a `Lane`."""

    name: str
    flow: Flow
    is_async: bool
    call: Callable[[Any], Any]

    def put(self, event: BaseEvent, key: Hashable, ended: Ended) -> None:
        """Accept an event."""
        ...

    async def put_async(self, event: BaseEvent, key: Hashable, ended: Ended) -> None:
        """Accept an event, without blocking the loop."""
        ...


class Step(msgspec.Struct, frozen=True):
    """One handler to call: with the event alone, all else is filled in. An async one returns an awaitable.

    ``when`` tells whether it wants this very event; None: all. Where it stands behind a queue, ``lane`` takes what ``call``
    makes of the event.
    """

    name: str
    call: Call
    is_async: bool
    when: Predicate | None = None
    lane: Queued | None = None


class Plan(msgspec.Struct, frozen=True):
    """All handlers of one event class by priority; ``inline`` and ``awaited`` part them by kind.

    ``every`` are all of them, ``queued`` those behind queues, ``steps`` the others. ``before`` is called with the event before any handler: it
    validates, and tells plugins. ``choosy`` says that some handler has a predicate, so that each event has a plan of its own;
    ``plain`` that there are only steps to run, one after the other.
    """

    names: tuple[str, ...]
    every: tuple[Step, ...]
    steps: tuple[Step, ...]
    inline: tuple[Step, ...]
    awaited: tuple[Step, ...]
    before: Callable[[BaseEvent], None] | None = None
    choosy: bool = False
    queued: tuple[Step, ...] = ()
    plain: bool = False

    def narrowed(self, event: BaseEvent) -> Plan:
        """Return the plan of the handlers that want this event. A predicate that raises is its handler's failure."""
        return plan_of([chosen for step in self.every if (chosen := _chosen(step, event))])


def plan_of(steps: Iterable[Step], before: Callable[[BaseEvent], None] | None = None) -> Plan:
    """Return the plan that runs these steps in their order."""
    every = tuple(steps)
    steps = tuple(step for step in every if step.lane is None)
    choosy = any(step.when for step in every)
    return Plan(
        names=tuple(step.name for step in every),
        every=every,
        steps=steps,
        inline=tuple(step for step in steps if not step.is_async),
        awaited=tuple(step for step in steps if step.is_async),
        before=before,
        choosy=choosy,
        queued=tuple(step for step in every if step.lane is not None),
        plain=not choosy and len(steps) == len(every),
    )


def failing(name: str, error: Exception) -> Step:
    """Return the step of a handler that cannot be called: it raises why."""

    def call(_: BaseEvent) -> None:
        raise error

    return Step(name, call, is_async=False)


def _chosen(step: Step, event: BaseEvent) -> Step | None:
    try:
        return step if step.when is None or step.when(event) else None
    except Exception as error:
        return failing(step.name, error)
