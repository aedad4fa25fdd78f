"""`PostgreSQLRegistry`: schemas in a PostgreSQL database, shared by many machines."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pubsub_devtools.schema.compatibility.modes import Mode
from pubsub_devtools.schema.registry.errors import RegistryError, RegistryUnavailable
from pubsub_devtools.schema.registry.sql_rows import TABLES, SqlRows
from pubsub_devtools.schema.registry.store import Rows
from pubsub_devtools.schema.registry.stored import DEFAULT_MODE, StoredRegistry

if TYPE_CHECKING:
    import psycopg

__all__ = ["PostgreSQLRegistry"]

T = TypeVar("T")

_LOCK = 0x7075_6273  # one number for all registries of a database: their changes stand in a line


class PostgreSQLRegistry(StoredRegistry):
    """A registry in PostgreSQL. It makes its three tables, ``schema_versions``, ``schema_modes`` and ``schema_ids``.

    One connection is kept and opened anew where it broke. Changes of all processes stand in a line (an advisory lock), so
    that each is judged against those before it.

    Args:
        url: Where the database is: ``postgresql://user@host/name``.
        clock: Returns the time in seconds since 1970.
        compatibility: The mode of subjects for which none is set.

    Raises:
        RegistryError: psycopg is not installed.
        RegistryUnavailable: At any call: the server cannot be reached, or went away; the next call tries again.
    """

    def __init__(
        self, url: str, *, clock: Callable[[], float] = time.time, compatibility: Mode = DEFAULT_MODE
    ) -> None:
        self._store = store = _PostgreSQLStore(url)
        super().__init__(store, clock=clock, compatibility=compatibility)
        self._close = store.close

    def close(self) -> None:
        """Close the connection. A later call opens it again."""
        self._close()


class _PostgreSQLStore:
    def __init__(self, url: str) -> None:
        try:
            import psycopg  # noqa: PLC0415 - only who uses it needs it
        except ModuleNotFoundError:
            text = "PostgreSQLRegistry needs psycopg: pip install 'pubsub-devtools[postgresql]'"
            raise RegistryError(text) from None
        self._psycopg = psycopg
        self._url = url
        self._lock = threading.Lock()
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None

    def read(self, work: Callable[[Rows], T]) -> T:
        return self._run(work, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def change(self, work: Callable[[Rows], T]) -> T:
        return self._run(work, f"SELECT pg_advisory_xact_lock({_LOCK})")

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _run(self, work: Callable[[Rows], T], first: str) -> T:
        with self._lock:
            try:
                connection = self._connected()
                with connection.transaction():
                    execute = _executing(connection)
                    execute(first, ())
                    return work(SqlRows(execute))
            except self._psycopg.OperationalError as error:
                self._connection = None
                raise RegistryUnavailable(
                    f"the registry's PostgreSQL cannot be reached: {error}".strip()
                ) from error

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._connection is None or self._connection.closed:
            self._connection = connection = self._psycopg.connect(self._url, autocommit=True)
            with connection.transaction():
                execute = _executing(connection)
                execute(f"SELECT pg_advisory_xact_lock({_LOCK})", ())
                for table in TABLES:
                    execute(table, ())
        return self._connection


def _executing(
    connection: psycopg.Connection[tuple[Any, ...]],
) -> Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]:
    def execute(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        cursor = connection.execute(statement.replace("?", "%s").encode(), list(values) or None)
        return cursor.fetchall() if cursor.description else []

    return execute
