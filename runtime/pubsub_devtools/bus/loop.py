"""A thread with an event loop: where a bus runs async handlers when the publisher has no loop of its own."""

from __future__ import annotations

import threading
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import asyncio

Result = TypeVar("Result")


class LoopThread:
    """Starts on first use, and again after a fork or ``close``. It is a daemon: it never keeps a program alive."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine to its end and wait for it. Interrupting the wait cancels the coroutine."""
        import asyncio  # noqa: PLC0415 - most of what it takes to load a bus, and many programs never run a loop

        future = asyncio.run_coroutine_threadsafe(work, self.running())
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        """Stop the loop and wait until its thread has ended. Without effect where it never ran."""
        with self._lock:
            if self._thread and self._loop and self._thread.is_alive():
                self._loop.call_soon_threadsafe(self._loop.stop)
                self._thread.join()
            self._thread = self._loop = None

    def running(self) -> asyncio.AbstractEventLoop:
        """Return the loop, and start it where it does not run."""
        with self._lock:
            if self._loop is None or self._thread is None or not self._thread.is_alive():
                import asyncio  # noqa: PLC0415 - most of what it takes to load a bus, and many programs never run a loop

                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_serve, args=(self._loop,), name="pubsub-devtools-loop", daemon=True
                )
                self._thread.start()
            return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    while True:
        try:
            loop.run_forever()
            break
        except (KeyboardInterrupt, SystemExit):
            # asyncio lets these through the loop as well as into the task. The waiting publisher gets it from the task,
            # which needs the loop to go on.
            continue
    loop.close()
