"""The part of `EventBus` that begins with what an earlier process left, and ends with what is under way."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pubsub_devtools.bus.context import current_delivery
from pubsub_devtools.bus.delivering import told
from pubsub_devtools.bus.equipped import Equipped
from pubsub_devtools.bus.loops import running_loop
from pubsub_devtools.bus.one_handler import call_one, call_one_async, step_of
from pubsub_devtools.bus.receipt import Receipt
from pubsub_devtools.logger import logger

if TYPE_CHECKING:
    import signal

    from pubsub_devtools.bus.resuming import Resumption
    from pubsub_devtools.resilience.delayed import DelayedAttempt


class Ending(Equipped):
    """How a bus begins and ends."""

    _resumption: Resumption | None = None

    def start(self) -> None:
        """Take up what an earlier process left: delayed attempts in the store, and where the bus is durable the events that
        were accepted and not finished. Include the handlers before.

        Entering ``with bus`` or ``async with bus`` does it, and so does the first event for a handler that retries.
        Without effect where it was done.
        """
        with self._lock:
            if self._resumption is not None:
                return
            from pubsub_devtools.bus.resuming import Resumption  # noqa: PLC0415 - most buses put nothing off

            self._resumption = Resumption(
                self.services.delayed,
                clock=self._clock,
                call=self._attempt,
                failed=self._attempt_failed,
                means=self._deliveries.flows.means,
            )
        self._resumption.start()
        self._deliveries.recover(self._plan, lambda left: self._delivered(left.event, left.envelope))

    async def drain(self, timeout: float | None = None) -> None:
        """Wait until nothing is under way: scheduled handlers, queues, batches, requests, and what these publish.

        Incomplete batches do not wait to be filled meanwhile. What is scheduled for later is not waited for.

        Args:
            timeout: Seconds to wait at most; None waits for ever. The handlers are not cancelled.

        Raises:
            TimeoutError: Something is still under way; it says what.
            RuntimeError: It was called inside a handler, which would wait for itself.
        """
        await self._deliveries.drain(timeout)

    def close(self, timeout: float | None = 30.0) -> None:
        """Wait for what is under way, then stop the bus's loop and timers. A later publish starts them again.

        Inside a running loop it does not wait: ``await bus.aclose()`` does. What is left then is given up, and said in a
        WARNING: events in queues, whose receipts tell so, and events that are scheduled for later.

        Args:
            timeout: Seconds to wait at most; None waits for ever.
        """
        if running_loop() is None and current_delivery() is None:
            self._deliveries.wait(timeout)
        self._stop()

    async def aclose(self, timeout: float | None = 30.0) -> None:
        """Wait for what is under way, then stop the bus's loop and timers: as ``close``, without blocking the loop."""
        with suppress(TimeoutError):
            await self.drain(timeout)
        self._stop()

    async def run_until_stopped(
        self,
        *signals: signal.Signals,
        grace: float | None = 30.0,
        started: Callable[[], object] = lambda: None,
    ) -> signal.Signals:
        """Serve until a signal asks the process to end, then close: what is under way has ``grace`` seconds to end.

        Args:
            signals: Those to end at, SIGTERM and SIGINT if none is given. Works in the main thread, as Python demands.
            grace: Seconds to wait for what is under way; a second signal ends the wait.
            started: Called once the signals are heard.

        Returns:
            The signal that came.
        """
        import asyncio  # noqa: PLC0415 - it is loaded, since a loop runs
        import signal  # noqa: PLC0415

        loop, came = asyncio.get_running_loop(), asyncio.Queue[signal.Signals]()

        def heard(number: int, _: object) -> None:
            loop.call_soon_threadsafe(came.put_nowait, signal.Signals(number))

        asked = signals or (signal.SIGTERM, signal.SIGINT)
        before = {each: signal.signal(each, heard) for each in asked}
        try:
            self.start()
            started()
            first = await came.get()
            closing = asyncio.ensure_future(self.aclose(grace))
            hurried = asyncio.ensure_future(came.get())
            await asyncio.wait((closing, hurried), return_when=asyncio.FIRST_COMPLETED)
            hurried.cancel()
            if not closing.done():
                closing.cancel()
                self._stop()
            return first
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @contextmanager
    def isolated(self) -> Generator[Self, None, None]:
        """Forget at the end what was set up inside, delayed attempts included; state is kept in memory meanwhile."""
        before, self._resumption = self._resumption, None
        try:
            with super().isolated():
                yield self
        finally:
            if self._resumption is not None:
                self._resumption.stop()
            self._resumption = before

    def _stop(self) -> None:
        if self._resumption is not None:
            self._resumption.stop()
            if count := self._resumption.in_memory:
                logger().warning(
                    "the bus was closed with %d delayed attempts in memory, which end with the process: "
                    "give it a state_dir to keep them",
                    count,
                )
            self._resumption = None
        running = self._deliveries.left()
        waiting = self._deliveries.close()
        if running or waiting:
            logger().warning("the bus was closed with %s left; given up: %s", told(running), told(waiting))

    def _attempt(self, attempt: DelayedAttempt) -> tuple[Callable[[], Any], bool] | None:
        """Return how to call the handler of an attempt, in the delivery that it is an attempt of."""
        try:
            step = step_of(self._plan(attempt.event), attempt.handler)
        except LookupError:
            return None
        call = call_one_async if step.is_async else call_one
        return partial(call, step, self._delivered(attempt.event, attempt.envelope)), step.is_async

    def _attempt_failed(self, attempt: DelayedAttempt, error: BaseException) -> None:
        receipt = Receipt(attempt.event, (attempt.handler,), done=True)
        self._deliveries.failures.note_alone(attempt.handler, error, receipt)
