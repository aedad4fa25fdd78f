"""`SQLiteRegistry`: schemas in one SQLite file, shared by the processes of a machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pubsub_devtools.schema.compatibility.modes import Mode
from pubsub_devtools.schema.registry.errors import RegistryUnavailable
from pubsub_devtools.schema.registry.sql_rows import TABLES, SqlRows
from pubsub_devtools.schema.registry.store import Rows
from pubsub_devtools.schema.registry.stored import DEFAULT_MODE, StoredRegistry
from pubsub_devtools.storage.connection import Connection
from pubsub_devtools.storage.errors import StorageError
from pubsub_devtools.storage.sqlite import Database
from pubsub_devtools.storage.state_dir import STATE_FILE, make_state_dir, state_dir

__all__ = ["SQLiteRegistry"]

T = TypeVar("T")


class SQLiteRegistry(StoredRegistry):
    """A registry in a SQLite file. What a call has returned is on the disk (`storage.sqlite` says how surely).

    Args:
        path: The file, or a database that is open already; by default that of the project's state, ``.pubsub/``.
        clock: Returns the time in seconds since 1970.
        compatibility: The mode of subjects for which none is set.

    Raises:
        RegistryUnavailable: At any call: the file cannot be read or written.

    Example:
        >>> import tempfile
        >>> from pubsub_devtools import BaseEvent
        >>> class Paid(BaseEvent):
        ...     total: int
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     registry = SQLiteRegistry(Path(folder) / "schemas.sqlite3")
        ...     print(registry.register(Paid).number)
        ...     registry.close()
        1
    """

    def __init__(
        self,
        path: str | Path | Database | None = None,
        *,
        clock: Callable[[], float] = time.time,
        compatibility: Mode = DEFAULT_MODE,
    ) -> None:
        if isinstance(path, Database):
            database = path
        elif path is None:
            database = Database(state_dir() / STATE_FILE, prepare=make_state_dir)
        else:
            database = Database(path)
        self._database = database
        super().__init__(_SQLiteStore(database), clock=clock, compatibility=compatibility)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


class _SQLiteStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, work: Callable[[Rows], T]) -> T:
        return self._run(self._database.read, work)

    def change(self, work: Callable[[Rows], T]) -> T:
        return self._run(self._database.write, work)

    def _run(self, run: Callable[[Callable[[Connection], T]], T], work: Callable[[Rows], T]) -> T:
        try:
            self._database.migrate("schemas", [";\n".join(TABLES)])
            return run(lambda connection: work(SqlRows(_executing(connection))))
        except StorageError as error:
            raise RegistryUnavailable(str(error)) from error


def _executing(connection: Connection) -> Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]:
    return lambda statement, values: connection.execute(statement, list(values)).fetchall()
