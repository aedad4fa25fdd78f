"""Opening a connection: the settings that make the promise of durability true, and patience with other processes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import apsw

from pubsub_devtools.storage.connection import OpenConnection


@dataclass(frozen=True)
class Opening:
    """How connections to one file are made: what is in ``Database``'s arguments."""

    path: Path
    busy_timeout: float
    prepare: Callable[[Path], None]

    def for_writing(self) -> OpenConnection:
        """Open the file, make it if need be, and set what makes the promise of durability true.

        The log is synced with every commit (``synchronous=FULL``; on macOS down to the platter), and readers see a
        snapshot and never wait for the writer.
        """
        self.prepare(self.path.parent)
        connection = self._open(apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
        try:
            self._log_ahead(connection)
            connection.pragma("synchronous", "FULL")
            connection.pragma("fullfsync", True)
            connection.pragma("checkpoint_fullfsync", True)
            connection.pragma("foreign_keys", True)
        except BaseException:
            connection.close()
            raise
        return connection

    def for_reading(self) -> OpenConnection:
        """Open the file so that nothing can be changed through it; it is made if need be."""
        if not self.path.exists():
            self.for_writing().close()
        return self._open(apsw.SQLITE_OPEN_READONLY)

    def _log_ahead(self, connection: OpenConnection) -> None:
        """Switch to the write-ahead log, which the first of those that open a new file does for all.

        Who looks at the file while another wants to switch it stands in its way, and SQLite then refuses at once, without
        asking the busy handler: two that both look and both want to switch would wait for each other for ever.
        """
        until = time.monotonic() + self.busy_timeout
        while True:
            try:
                connection.pragma("journal_mode", "WAL")
                return
            except apsw.BusyError:
                if time.monotonic() >= until:
                    raise
                _nap()

    def _open(self, flags: int) -> OpenConnection:
        """Leave out SQLite's own locks: one thread at a time uses a connection here."""
        connection = apsw.Connection(str(self.path), flags=flags | apsw.SQLITE_OPEN_NOMUTEX)
        connection.set_busy_handler(_patience(self.busy_timeout))
        return cast("OpenConnection", connection)


def _patience(seconds: float) -> Callable[[int], bool]:
    """Wait in short, uneven naps: SQLite's own grow to 100 ms, in which a busy neighbour always comes first."""
    until = 0.0

    def wait(times_before: int) -> bool:
        nonlocal until
        now = time.monotonic()
        if times_before == 0:
            until = now + seconds
        if now >= until:
            return False
        _nap()
        return True

    return wait


def _nap() -> None:
    time.sleep(random.uniform(0.0001, 0.002))
