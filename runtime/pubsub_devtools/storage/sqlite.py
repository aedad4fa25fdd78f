"""`Database`: one SQLite file, written by one thread that groups commits, read beside it."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import apsw

from pubsub_devtools.storage import forking
from pubsub_devtools.storage.connecting import Opening
from pubsub_devtools.storage.connection import Connection
from pubsub_devtools.storage.errors import StorageClosedError
from pubsub_devtools.storage.migrations import migrate, version_of
from pubsub_devtools.storage.presence import Presence
from pubsub_devtools.storage.readers import Readers
from pubsub_devtools.storage.state_dir import make_folder
from pubsub_devtools.storage.translating import translated
from pubsub_devtools.storage.writer import Write, Writer

T = TypeVar("T")


class Database:
    """One SQLite file that threads, tasks and processes share.

    Promises:
        - When ``write`` or ``write_async`` returns, the commit that carried the write is on the disk (write-ahead log,
          ``synchronous=FULL``): it survives the death of the process at any moment, and a power loss where the disk
          keeps what it confirmed. Writes that wait at the same time share a commit.
        - One piece of work is done whole or not at all; one that raises is undone alone, and its error is raised to
          its caller.
        - Writes of one thread or task happen in their order. A read that starts after a write has returned sees it.
        - Several processes may use the file. A process that forks may go on using its databases on both sides.

    Opening is put off until the first use; the folder is made then. ``presence`` tells other processes that this one lives.

    Args:
        path: The file. It is made if it does not exist.
        busy_timeout: Seconds to wait for other processes that write.
        prepare: Makes the folder; ``state_dir.make_state_dir`` adds a .gitignore of its own.

    Example:
        >>> import tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> database = Database(Path(folder.name) / "state.sqlite3")
        >>> database.migrate("notes", ["CREATE TABLE notes (text TEXT NOT NULL) STRICT"])
        >>> database.write(lambda c: c.execute("INSERT INTO notes VALUES (?)", ["kept"]) and None)
        >>> database.read(lambda c: c.execute("SELECT text FROM notes").fetchall())
        [('kept',)]
        >>> database.close()
        >>> folder.cleanup()
    """

    def __init__(
        self,
        path: str | Path,
        *,
        busy_timeout: float = 10.0,
        prepare: Callable[[Path], None] = make_folder,
    ) -> None:
        if str(path) == ":memory:":
            raise ValueError(
                "a Database is a file; to keep things in memory take the memory store of that kind"
            )
        self.path = Path(path).absolute()
        self._opening = Opening(self.path, busy_timeout, prepare)
        self._closed = False
        self._migrated: set[str] = set()
        self.presence = Presence(self.path.with_name(self.path.name + "-alive"))
        self._start()
        forking.watch(self)

    def migrate(self, component: str, steps: Sequence[str]) -> None:
        """Bring the tables of one component up to date, once; several processes may try at the same time.

        Args:
            component: Whose tables; every component counts its own versions.
            steps: SQL scripts, the oldest first. New ones are added at the end, old ones never change.

        Raises:
            StorageNewerError: A newer version wrote the file.
        """
        if component in self._migrated:
            return
        # Looking comes first: who only reads a file that is up to date need not be allowed to write it.
        if not self.path.exists() or self.read(version_of(component)) != len(steps):
            self.write(lambda connection: migrate(connection, self.path, component, steps))
        self._migrated.add(component)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` in a transaction and wait for its commit.

        ``work`` touches nothing but the connection: where a commit fails it may run once more.

        Raises:
            StorageError: It was not stored: disk full, file damaged, read-only, locked, or the database closed.
            Exception: Whatever ``work`` raised; nothing of it was stored.
        """
        latch = threading.Lock()
        latch.acquire()
        write = Write(work, latch)
        self._put(write)
        latch.acquire()
        if write.error is not None:
            raise write.error
        result: T = write.result
        return result

    async def write_async(self, work: Callable[[Connection], T]) -> T:
        """Like ``write``, without blocking the loop. A write whose task is cancelled may still be stored."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._put(Write(work, None, future))
        return await future

    def submit(self, work: Callable[[Connection], object]) -> None:
        """Queue a write and go on. It is acknowledged by the next ``flush``, which also raises its error."""
        self._put(Write(work))

    def flush(self) -> None:
        """Wait until everything that was submitted before is on the disk.

        Raises:
            StorageError: A write that was submitted since the last flush failed; the others are stored.
        """
        self.write(lambda _: None)
        unheard, self._writer.unheard = self._writer.unheard, []
        if unheard:
            raise unheard[0]

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on one snapshot of the file, beside whatever is written.

        Raises:
            StorageError: The file cannot be read.
        """
        self._check()
        try:
            with self._readers.snapshot() as connection:
                return work(connection)
        except apsw.Error as error:
            ours = translated(error, self.path)
            if ours is error:
                raise
            raise ours from error

    async def read_async(self, work: Callable[[Connection], T]) -> T:
        """Like ``read``, in a thread beside the loop."""
        return await asyncio.to_thread(self.read, work)

    def close(self) -> None:
        """Do what is queued and close the file. Closing twice does nothing; the end of the program closes too."""
        self._closed = True
        self._finish()

    def hold_still(self, until: ExitStack) -> None:
        """Keep all threads out of SQLite while the process forks."""
        until.enter_context(self._readers.lock)
        for reader in self._readers.all:
            until.enter_context(reader.still)
        until.enter_context(self._writer.still)

    def start_anew(self) -> None:
        """Let go of what the parent opened; the child opens its own on first use."""
        self._finish.detach()
        forking.abandon(self._readers)
        forking.abandon(self._writer)
        self.presence.forget()
        self._start()

    def _start(self) -> None:
        self._readers = Readers(self._opening.for_reading)
        self._writer = Writer(self.path, self._opening.for_writing)
        self._finish = weakref.finalize(self, _close, self._readers, self._writer, self.presence)

    def _put(self, write: Write) -> None:
        self._check()
        if self._writer.is_me():
            raise RuntimeError(
                "a write inside a write would wait for itself: use the connection that it was given"
            )
        self._writer.put(write)

    def _check(self) -> None:
        if self._closed:
            raise StorageClosedError(self.path, "this database was closed; make a new Database to go on")


def _close(readers: Readers, writer: Writer, presence: Presence) -> None:
    readers.close()
    writer.stop()
    presence.leave()
