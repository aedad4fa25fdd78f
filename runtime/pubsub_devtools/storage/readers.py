"""Connections for reading, apart from the one that writes: each read sees one snapshot and waits for nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

import apsw

from pubsub_devtools.storage.connection import OpenConnection


class Reader:
    """One connection. ``still`` is held while it is used, so that a fork can wait until it is not."""

    def __init__(self, connection: OpenConnection) -> None:
        self.connection = connection
        self.still = threading.RLock()


class Readers:
    """As many connections as there are reads at the same time; they are kept for the next ones."""

    def __init__(self, connect: Callable[[], OpenConnection]) -> None:
        self.lock = threading.RLock()
        self.all: list[Reader] = []
        self._connect = connect
        self._free: list[Reader] = []

    @contextmanager
    def snapshot(self) -> Generator[OpenConnection, None, None]:
        """Lend a connection on which everything that is read is of one instant."""
        reader = self._take()
        try:
            with reader.still, _transaction(reader.connection):
                yield reader.connection
        finally:
            with self.lock:
                self._free.append(reader)

    def close(self) -> None:
        """Close each as soon as nobody uses it."""
        with self.lock:
            for reader in self.all:
                with reader.still:
                    reader.connection.close()
            self.all.clear()
            self._free.clear()

    def _take(self) -> Reader:
        with self.lock:
            if self._free:
                return self._free.pop()
            reader = Reader(self._connect())
            self.all.append(reader)
            return reader


@contextmanager
def _transaction(connection: OpenConnection) -> Generator[None, None, None]:
    connection.execute("BEGIN")
    try:
        yield
    finally:
        with suppress(apsw.Error):  # what broke the read has ended it already
            connection.execute("COMMIT")
