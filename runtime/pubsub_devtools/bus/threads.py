"""Threads for synchronous work that nobody waits for. They start when needed and end when they had nothing to do.

They are daemons, as the bus's loop is: a handler that hangs never keeps a program from ending. Whoever wants the work done
waits for it (`EventBus.drain`, `EventBus.close`). There is no bound: what asks for work has a bound of its own.
"""

from __future__ import annotations

import itertools
import logging
import os
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

_IDLE = 10.0
"""Seconds that a thread waits for more work."""

_log = logging.getLogger("pubsub_devtools")


class Threads:
    """Runs each piece of work on a thread that is free, or on a new one."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._numbers = itertools.count(1)
        self._begin()

    def start(self, work: Callable[[], None]) -> None:
        """Run the work soon, on another thread."""
        if os.getpid() != self._process:
            self._begin()  # the threads stayed behind in the parent
        if self._free.acquire(blocking=False):
            self._work.put(work)
        else:
            name = f"{self._name}-{next(self._numbers)}"
            threading.Thread(target=self._serve, args=(work,), name=name, daemon=True).start()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._free = threading.Semaphore(0)

    def _serve(self, work: Callable[[], None]) -> None:
        while True:
            try:
                work()
            except Exception:
                _log.exception("work on the thread %s failed", threading.current_thread().name)
            del work  # else an idle thread keeps the last event alive
            self._free.release()
            try:
                work = self._work.get(timeout=_IDLE)
            except Empty:
                if self._free.acquire(blocking=False):
                    return
                work = self._work.get()  # somebody has just counted on this thread
