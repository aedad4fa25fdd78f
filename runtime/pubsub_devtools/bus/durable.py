"""``durable=True``: an event is on the disk before its first handler is called, and leaves it when all have ended.

What a process had accepted and not finished when it died is handled by the next one that starts: at least once, each by the
handlers that had not ended. A handler that failed has ended, its error was raised or told; one that was broken off has not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from pubsub_devtools.bus.delivering import Deliveries
from pubsub_devtools.bus.flow import Ended
from pubsub_devtools.bus.flows import ClosedError
from pubsub_devtools.bus.loops import running_loop
from pubsub_devtools.bus.plan import Plan, Queued, Step, plan_of
from pubsub_devtools.tracing.scope import scope

if TYPE_CHECKING:
    from pubsub_devtools.bus.context import Delivery
    from pubsub_devtools.bus.failing import Failures
    from pubsub_devtools.bus.receipt import Receipt
    from pubsub_devtools.resilience.stores.journal import Journal, Unfinished
    from pubsub_devtools.schema.event import BaseEvent

_log = logging.getLogger("pubsub_devtools")

Done = Callable[[str], None]
"""Called with the name of a handler that has ended."""


class DurableDeliveries(Deliveries):
    """The deliveries of a durable bus.

    Promises:
        - No handler is called before the event is committed; if it cannot be, the publish raises and no handler is called.
        - After a crash every handler that had not ended is called; one that had ended is called again only if it ended so
          shortly before that this was not on the disk yet.
    """

    def __init__(self, failures: Failures, clock: Callable[[], float], journal: Journal) -> None:
        super().__init__(failures, clock)
        self.journal = journal

    def take(self, plan: Plan, delivery: Delivery) -> Receipt:
        """Take an event to its handlers once it is kept."""
        plan = _told(plan, delivery)
        if plan.names:
            plan = self._kept(plan, self.journal.append(delivery.event, delivery.envelope, plan.names))
        return super().take(plan, delivery)

    async def take_async(self, plan: Plan, delivery: Delivery) -> Receipt:
        """Take an event to its handlers once it is kept."""
        return await super().take_async(await self.prepared(plan, delivery), delivery)

    async def prepared(self, plan: Plan, delivery: Delivery) -> Plan:
        """Keep an event, and return the plan whose handlers say when they have ended."""
        plan = _told(plan, delivery)
        if not plan.names:
            return plan
        return self._kept(
            plan, await self.journal.append_async(delivery.event, delivery.envelope, plan.names)
        )

    def recover(self, plan: Callable[[BaseEvent], Plan], delivered: Callable[[Unfinished], Delivery]) -> None:
        """Handle what earlier processes left, in the order in which it was accepted: here, or after this has returned."""
        left = self.journal.recover()
        if not left:
            return
        _log.warning(
            "%d events were accepted and not finished by a process that has ended: handling them", len(left)
        )
        works = [(self._rest(plan(one.event), one), delivered(one)) for one in left]
        if running_loop() is not None:
            self.start(self._all_async(works), "recovered events")
        elif self.flows.timers.is_by_hand:
            self._all(works)
        else:
            self.flows.under_way.begin("recovered events")
            self.flows.means.threads.start(lambda: self._all(works, "recovered events"))

    def close(self) -> dict[str, int]:
        """Stop; what handlers have ended is on the disk."""
        left = super().close()
        self.journal.flush()
        return left

    def _all(self, works: list[tuple[Plan, Delivery]], name: str = "") -> None:
        try:
            for plan, delivery in works:
                self.alone(partial(super().take, plan, delivery))
        finally:
            if name:
                self.flows.under_way.end(name)

    async def _all_async(self, works: list[tuple[Plan, Delivery]]) -> None:
        for plan, delivery in works:
            await self.alone_async(super().take_async(plan, delivery))

    def _rest(self, plan: Plan, left: Unfinished) -> Plan:
        """Return the plan of the handlers that had not ended."""
        every = {step.name: step for step in (*plan.steps, *plan.queued)}
        if unknown := [name for name in left.handlers if name not in every]:
            _log.error(
                "%s was accepted for %s, which this bus does not include: it stays in the journal",
                left.event.type,
                ", ".join(unknown),
            )
        names = [name for name in plan.names if name in left.handlers]
        return self._kept(plan_of([every[name] for name in names]), left.place)

    def _kept(self, plan: Plan, place: int) -> Plan:
        every = {step.name: step for step in (*plan.steps, *plan.queued)}
        done: Done = partial(self.journal.done, place)
        return plan_of([_journaled(every[name], done) for name in plan.names])


def _told(plan: Plan, delivery: Delivery) -> Plan:
    """Validate, tell plugins, ask predicates: what is done before any handler comes before the disk too."""
    token = scope.set(delivery)
    try:
        if plan.before is not None and delivery.made is None:
            plan.before(delivery.event)
        plan = plan.narrowed(delivery.event) if plan.choosy else plan
        # What was asked is not asked again.
        return msgspec.structs.replace(plan, before=None, choosy=False)
    finally:
        scope.reset(token)


def _journaled(step: Step, done: Done) -> Step:
    call, name = step.call, step.name
    if step.lane is not None:
        return msgspec.structs.replace(step, when=None, lane=_JournaledLane(step.lane, done))

    def journaled(event: BaseEvent) -> Any:
        try:
            result = call(event)
        except Exception:
            done(name)
            raise
        done(name)
        return result

    async def journaled_async(event: BaseEvent) -> Any:
        try:
            result = await call(event)
        except Exception:
            done(name)
            raise
        done(name)  # a cancelled handler has not ended: another process calls it again
        return result

    return msgspec.structs.replace(step, when=None, call=journaled_async if step.is_async else journaled)


class _JournaledLane:
    """A lane whose events say when they have ended."""

    def __init__(self, lane: Queued, done: Done) -> None:
        self.name = lane.name
        self.flow = lane.flow
        self.is_async = lane.is_async
        self.call = lane.call
        self._lane = lane
        self._done = done

    def put(self, event: BaseEvent, key: Hashable, ended: Ended) -> None:
        self._lane.put(event, key, self._ended(ended))

    async def put_async(self, event: BaseEvent, key: Hashable, ended: Ended) -> None:
        await self._lane.put_async(event, key, self._ended(ended))

    def _ended(self, ended: Ended) -> Ended:
        def journaled(error: BaseException | None) -> None:
            if not isinstance(error, asyncio.CancelledError | ClosedError):  # these were not handled
                self._done(self.name)
            ended(error)

        return journaled
