"""The one thread that writes: it takes all that waits, and one commit carries it (group commit).

A commit costs a sync of the disk, however much it carries. So the more callers wait at once, the cheaper each write gets.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import apsw

from pubsub_devtools.storage.connection import Connection, OpenConnection
from pubsub_devtools.storage.translating import translated

_log = logging.getLogger("pubsub_devtools")

Work = Callable[[Connection], Any]

_MOST_AT_ONCE = 1000
"""Other processes get their turn between two commits, so no commit may carry endlessly much."""


class Write:
    """One piece of work, what came of it, and how to tell the one who waits."""

    __slots__ = ("error", "future", "latch", "result", "work")

    def __init__(
        self, work: Work, latch: threading.Lock | None = None, future: asyncio.Future[Any] | None = None
    ) -> None:
        self.work = work
        self.latch = latch
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None


class Writer:
    """A queue of writes, and the thread that does them; the thread starts with the first one.

    ``still`` is held while the thread is inside SQLite, so that a fork can wait until it is not.
    """

    def __init__(self, path: Path, connect: Callable[[], OpenConnection]) -> None:
        self.still = threading.RLock()
        self.unheard: list[BaseException] = []
        self._path = path
        self._connect = connect
        self._connection: OpenConnection | None = None
        self._queue: SimpleQueue[Write | None] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, write: Write) -> None:
        """Queue a write. Writes are done in the order in which they are put."""
        self._queue.put(write)
        if self._thread is None:
            self._start()

    def is_me(self) -> bool:
        """Whether the calling thread is the writing one, which would wait for itself."""
        return self._thread is threading.current_thread()

    def stop(self) -> None:
        """Do what is queued, close the connection, end the thread."""
        if self._thread is not None:
            self._queue.put(None)
            if not self.is_me():  # the last one to know the database may be the work that it does
                self._thread.join()
        for error in self.unheard:
            _log.error("a write to %s that nobody waited for failed", self._path, exc_info=error)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="pubsub-storage", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while self._turn():
            pass
        with self.still:
            if self._connection is not None:
                self._connection.close()

    def _turn(self) -> bool:
        """Do what waits; a method of its own, since between two turns the thread must not keep what it did."""
        batch, is_open = self._take()
        with self.still:
            self._do(batch)
        self._tell(batch)
        return is_open

    def _take(self) -> tuple[list[Write], bool]:
        batch: list[Write] = []
        write = self._queue.get()
        try:
            while write is not None:
                batch.append(write)
                if len(batch) == _MOST_AT_ONCE:
                    return batch, True
                write = self._queue.get_nowait()
        except Empty:
            return batch, True
        return batch, False

    def _do(self, batch: Sequence[Write]) -> None:
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._commit(self._connection, batch)
        except Exception as error:
            for write in batch:
                write.error = translated(error, self._path)

    def _commit(self, connection: OpenConnection, batch: Sequence[Write]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            for write in batch:
                _try(connection, write)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if len(batch) == 1:
                raise
            # One that is too big for the disk must not take the small ones with it: each stands for itself now.
            for write in batch:
                self._do((write,))
        for write in batch:
            if write.error is not None:
                write.error = translated(write.error, self._path)

    def _tell(self, batch: Iterable[Write]) -> None:
        waiting: dict[asyncio.AbstractEventLoop, list[Write]] = {}
        for write in batch:
            if write.latch is not None:
                write.latch.release()
            elif write.future is not None:
                waiting.setdefault(write.future.get_loop(), []).append(write)
            elif write.error is not None:
                self.unheard.append(write.error)
        for loop, writes in waiting.items():
            try:
                loop.call_soon_threadsafe(_settle, writes)
            except RuntimeError:
                _log.warning("the loop that waited for %d writes to %s is closed", len(writes), self._path)


def _try(connection: OpenConnection, write: Write) -> None:
    """Do one piece of work so that, if it fails, it alone is undone."""
    write.error = None
    try:
        with connection:
            _work(connection, write)
    except apsw.Error as error:
        write.error = write.error or error
        if not connection.in_transaction:
            raise write.error from None  # the disk was full or failed, and SQLite took all back, not only this
    except BaseException as error:
        write.error = error


def _work(connection: OpenConnection, write: Write) -> None:
    try:
        write.result = write.work(connection)
    except BaseException as error:
        write.error = error  # what undoing it raises on top of this is of no interest
        raise


def _settle(writes: Iterable[Write]) -> None:
    for write in writes:
        future = write.future
        if future is None or future.done():
            continue
        if write.error is not None:
            future.set_exception(write.error)
        else:
            future.set_result(write.result)
