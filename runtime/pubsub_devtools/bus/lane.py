"""A lane: the queue before one handler, and its workers. An event is accepted when it stands in the queue."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Hashable
from contextvars import ContextVar, copy_context
from typing import TYPE_CHECKING, Any

from pubsub_devtools.bus.flow import Ended, Flow, Ticket
from pubsub_devtools.bus.keyed import Order, Work
from pubsub_devtools.bus.launching import Launcher, LoopEnded, Means
from pubsub_devtools.bus.loops import running_loop, settle_soon
from pubsub_devtools.bus.queueing import Change, Queue, QueueFull

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

_log = logging.getLogger("pubsub_devtools")

_inside: ContextVar[frozenset[Lane]] = ContextVar("pubsub_devtools_lanes", default=frozenset())
"""The lanes that led to the running code. A handler that waited for room in one of them could wait for itself."""


class Lane:
    """The queue and the workers of one handler.

    Promises:
        - Every event that ``put`` accepts ends once: handled, failed, dropped, or broken off and told so.
        - At most ``workers`` calls run at once, over all loops and threads; events of one key one after the other.
        - Waiting for room never waits for itself: a handler that publishes into its own full queue gets `QueueFull`.

    Args:
        name: The handler's dotted name.
        call: Takes the event, or a list of events where ``flow.batch`` is given; of an async handler it returns an
            awaitable.
        is_async: Whether it does.
        flow: Size, overflow, workers, batches.
        means: What the bus lends.
    """

    def __init__(
        self, name: str, call: Callable[[Any], Any], *, is_async: bool, flow: Flow, means: Means
    ) -> None:
        self.name = name
        self.flow = flow
        self.dropped = 0
        self.call = call
        self.is_async = is_async
        self._means = means
        self._launcher = Launcher(self._called, is_async=is_async, means=means, ended=self._ended)
        self._queue: Queue[Ticket] = Queue(
            Order(flow.workers, batch=flow.batch or 1, window=flow.window),
            size=flow.queue_size,
            overflow=flow.overflow,
            monotonic=means.timers.elapsed,
        )
        self._alarm_set = False

    def put(self, event: BaseEvent, key: Hashable, ended: Ended) -> None:
        """Accept an event. At a full queue that blocks, wait for room, unless a loop runs in this thread.

        Raises:
            QueueFull: There is no room, and waiting is not possible or not asked for.
        """
        loop = running_loop()
        room = threading.Event() if loop is None and self._waits_for_room() else None
        ticket = Ticket(event, ended, copy_context(), loop, room.set if room else None)
        if self._offer(ticket, key) and room is not None:
            try:
                room.wait()
            except BaseException as error:
                self._withdraw(ticket, error)
                raise

    async def put_async(self, event: BaseEvent, key: Hashable, ended: Ended) -> None:
        """Accept an event; at a full queue that blocks, wait for room without blocking the loop.

        Cancelled while it waits, the event is not accepted.

        Raises:
            QueueFull: There is no room, and waiting is not possible or not asked for.
        """
        loop = asyncio.get_running_loop()
        room: asyncio.Future[None] | None = loop.create_future() if self._waits_for_room() else None
        ticket = Ticket(
            event, ended, copy_context(), loop, (lambda: settle_soon(loop, room)) if room else None
        )
        if self._offer(ticket, key) and room is not None:
            try:
                await room
            except BaseException as error:
                self._withdraw(ticket, error)
                raise

    def flush(self) -> None:
        """Start incomplete batches."""
        self._follow(self._queue.flush())

    def give_up(self, reason: BaseException) -> None:
        """End what waits with a reason. What runs goes on."""
        for ticket in self._queue.give_up(lambda _: True):
            self._end(ticket, reason)

    def __len__(self) -> int:
        """How many events wait."""
        return len(self._queue)

    @property
    def running(self) -> int:
        """How many calls run."""
        return self._queue.running

    def _waits_for_room(self) -> bool:
        bounded = self.flow.queue_size is not None and self.flow.overflow == "block"
        return bounded and self not in _inside.get()

    def _offer(self, ticket: Ticket, key: Hashable) -> bool:
        """Return whether the publisher is to wait until the ticket is admitted."""
        self._means.under_way.begin(self.name)
        change = self._queue.offer(ticket, key, may_wait=ticket.admitted is not None)
        if change.refused:
            self._means.under_way.end(self.name)
            raise QueueFull(ticket.event.type, self.name, len(self._queue), self._way_out())
        self._follow(change)
        if self._means.under_way.hurried:
            self.flush()
        return change.waits

    def _way_out(self) -> str:
        if self.flow.overflow == "raise":
            return "publish slower, give it more workers or a larger queue_size, or let overflow='block' wait"
        if self in _inside.get():
            return (
                "it is published by what this handler does, which would wait for itself; enlarge queue_size"
            )
        return "publish cannot wait inside a running loop, 'await bus.publish_async(event)' does"

    def _withdraw(self, ticket: Ticket, reason: BaseException) -> None:
        if self._queue.withdraw(ticket):
            self._end(ticket, reason)

    def _follow(self, change: Change[Ticket]) -> None:
        """Do what the queue says. What cannot be started makes room for the next, here and not by recursion."""
        changes = deque([change])
        while changes:
            change = changes.popleft()
            for ticket in change.admitted:
                if ticket.admitted is not None:
                    ticket.admitted()
            for ticket in change.dropped:
                self._drop(ticket)
            for work in change.starts:
                if (error := self._launcher.start(work)) is not None:
                    changes.append(self._finish(work, error))
        if self.flow.batch:
            self._set_alarm()

    def _drop(self, ticket: Ticket) -> None:
        self.dropped += 1
        size = self.flow.queue_size or 0
        if self.dropped & (self.dropped - 1) == 0:  # 1, 2, 4, 8, ...: a flood of drops is no flood of lines
            _log.warning(
                "%s is too slow: %d events dropped (queue_size=%d, overflow=%r)",
                self.name,
                self.dropped,
                size,
                self.flow.overflow,
            )
        self._end(
            ticket,
            QueueFull(
                ticket.event.type, self.name, size, f"dropped, as overflow={self.flow.overflow!r} asks"
            ),
        )

    def _end(self, ticket: Ticket, error: BaseException | None) -> None:
        try:
            ticket.ended(error)
        finally:
            self._means.under_way.end(self.name)
            if error is not None and ticket.admitted is not None:
                ticket.admitted()  # whoever still waits outside is not let in any more

    def _called(self, work: Work[Ticket]) -> Any:
        _inside.set(_inside.get() | {self})
        return self.call([ticket.event for ticket in work.items] if self.flow.batch else work.items[0].event)

    def _ended(self, work: Work[Ticket], error: BaseException | None) -> None:
        self._follow(self._finish(work, error))

    def _finish(self, work: Work[Ticket], error: BaseException | None) -> Change[Ticket]:
        if isinstance(error, LoopEnded):
            dead = work.items[0].loop
            for ticket in self._queue.give_up(lambda ticket: ticket.loop is dead):
                self._end(ticket, error)
        for ticket in work.items:
            self._end(ticket, error)
        return self._queue.finished(work)

    def _set_alarm(self) -> None:
        """Wake up when the window of an incomplete batch ends. One timer a lane is enough: windows are all as long."""
        due = self._queue.next_window()
        if due is not None and not self._alarm_set:
            self._alarm_set = True
            self._means.timers.after(due - self._means.timers.elapsed(), self._wake)

    def _wake(self) -> None:
        self._alarm_set = False
        self._follow(self._queue.wake())
