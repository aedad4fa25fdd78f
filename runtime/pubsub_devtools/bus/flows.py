"""What flows through one bus over time: lanes, timers, turns, and what is under way. Made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pubsub_devtools.bus.flow import Flow
from pubsub_devtools.bus.in_turn import Following
from pubsub_devtools.bus.lane import Lane
from pubsub_devtools.bus.launching import Means
from pubsub_devtools.bus.replies import answering
from pubsub_devtools.bus.threads import Threads
from pubsub_devtools.bus.timers import Timers
from pubsub_devtools.bus.turns import Turns
from pubsub_devtools.bus.under_way import UnderWay

if TYPE_CHECKING:
    from pubsub_devtools.bus.failing import Failures
    from pubsub_devtools.bus.loop import LoopThread
    from pubsub_devtools.bus.plan import Call, Queued, Step
    from pubsub_devtools.bus.receipt import Receipt
    from pubsub_devtools.bus.running import Work


class ClosedError(RuntimeError):
    """The bus was closed before an event that waited in a queue was handled."""


class Flows:
    """Lanes by handler, and what they share."""

    def __init__(self, loop: LoopThread, clock: Callable[[], float], failures: Failures) -> None:
        self.under_way = UnderWay()
        self.timers = Timers(clock=clock)
        self.means = Means(loop.running, Threads("pubsub-devtools"), self.timers, self.under_way)
        self.turns = Turns()
        self._failures = failures
        self._lanes: dict[Callable[..., Any], _Lane] = {}

    def lane(self, handler: Callable[..., Any], name: str, call: Call, *, is_async: bool, flow: Flow) -> Lane:
        """Return the lane of a handler. It stays, with all that waits in it, while plans come and go."""
        known = self._lanes.get(handler)
        if known is None:
            known = self._lanes[handler] = _Lane(name, is_async=is_async, flow=flow, means=self.means)
        known.call = call
        return known.lane

    def put(
        self, steps: Iterable[Step], receipt: Receipt, key: str, then: Callable[[], None] | None = None
    ) -> None:
        """Put an event into the queues of handlers. A queue that has no room is a failure of its handler.

        Args:
            steps: Those that have a lane.
            receipt: Learns when they have ended, and how.
            key: The publisher's, for handlers that name none of their own.
            then: Called after each of them.
        """
        steps = tuple(steps)
        receipt.parts += len(steps)
        for step in steps:
            ended = self._ended(step.name, receipt, then)
            try:
                event, lane = step.call(receipt.event), _lane_of(step)
                lane.put(event, _key(lane.flow, event, key), ended)
            except Exception as error:
                self._failures.note(step.name, error, receipt)
                receipt.part_ended()

    async def put_async(
        self, steps: Iterable[Step], receipt: Receipt, key: str, then: Callable[[], None] | None = None
    ) -> None:
        """Put an event into the queues of handlers, as ``put``, but wait for room without blocking the loop."""
        steps = tuple(steps)
        receipt.parts += len(steps)
        for step in steps:
            ended = self._ended(step.name, receipt, then)
            try:
                event, lane = step.call(receipt.event), _lane_of(step)
                await lane.put_async(event, _key(lane.flow, event, key), ended)
            except Exception as error:
                self._failures.note(step.name, error, receipt)
                receipt.part_ended()

    @contextmanager
    def hurried(self) -> Generator[None, None, None]:
        """Inside, no batch waits to be filled."""
        self.under_way.hurried += 1
        try:
            for known in tuple(self._lanes.values()):
                known.lane.flush()
            yield
        finally:
            self.under_way.hurried -= 1

    def follow(self, work: Work, then: Callable[[], None] | None = None) -> None:
        """Run the handlers of an event when the turn of its key comes."""
        Following(work, self.turns, self.means, then).begin_in_turn()

    async def drained(self) -> None:
        """Wait until nothing is under way."""
        with self.hurried():
            await self.under_way.wait_async()

    def wait(self, timeout: float | None) -> bool:
        """Block until nothing is under way; False if the seconds pass before."""
        with self.hurried():
            return self.under_way.wait(timeout)

    def close(self) -> dict[str, int]:
        """Give up what waits in queues and timers, and return how much that was, by handler or scheduled event."""
        left: dict[str, int] = {}
        for known in tuple(self._lanes.values()):
            if waiting := len(known.lane):
                left[known.lane.name] = waiting
                known.lane.give_up(
                    ClosedError(f"the bus was closed before {known.lane.name} got to this event")
                )
        if scheduled := self.timers.close():
            left["scheduled"] = len(scheduled)
        return left

    def _ended(
        self, name: str, receipt: Receipt, then: Callable[[], None] | None
    ) -> Callable[[BaseException | None], None]:
        def ended(error: BaseException | None) -> None:
            try:
                if error is not None:
                    self._failures.note_alone(name, error, receipt)
            finally:
                receipt.part_ended()
                if then is not None:
                    then()

        return ended


class _Lane:
    """A lane, and the call of its handler, which is put together anew when plugins or middleware change."""

    def __init__(self, name: str, *, is_async: bool, flow: Flow, means: Means) -> None:
        self.call: Callable[[Any], Any] = _never
        called = answering(self._called, name, is_async=is_async)
        self.lane = Lane(name, called, is_async=is_async, flow=flow, means=means)

    def _called(self, event: Any) -> Any:
        return self.call(event)


def _never(_: Any) -> None:
    raise AssertionError("a lane gets its handler before its first event")


def _lane_of(step: Step) -> Queued:
    if step.lane is None:
        raise AssertionError(f"{step.name} has no queue")
    return step.lane


def _key(flow: Flow, event: Any, key: str) -> Hashable:
    return flow.key(event) if flow.key is not None else key or None
