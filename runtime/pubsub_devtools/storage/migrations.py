"""Versions of the tables, counted for each component by itself, since components come and grow apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pubsub_devtools.storage.connection import Connection
from pubsub_devtools.storage.errors import StorageNewerError

_TABLE = "CREATE TABLE IF NOT EXISTS pubsub_migrations (component TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT"
_READ = "SELECT version FROM pubsub_migrations WHERE component = ?"
_WRITE = "INSERT OR REPLACE INTO pubsub_migrations (component, version) VALUES (?, ?)"


def version_of(component: str) -> Callable[[Connection], int]:
    """Return what reads how many steps of a component this file has seen."""

    def read(connection: Connection) -> int:
        known = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'pubsub_migrations'").fetchone()
        row = connection.execute(_READ, (component,)).fetchone() if known else None
        return int(row[0]) if row else 0

    return read


def migrate(connection: Connection, file: Path, component: str, steps: Sequence[str]) -> None:
    """Run, inside the caller's transaction, those steps that this file has not seen.

    Raises:
        StorageNewerError: The file has seen more steps than there are.
    """
    connection.execute(_TABLE)
    version = version_of(component)(connection)
    if version > len(steps):
        raise StorageNewerError(
            file,
            f"a newer PubSub DevTools wrote it ({component} is at version {version}, this one knows {len(steps)}); "
            "upgrade with `pip install --upgrade pubsub-devtools`, or set another state_dir",
        )
    for step in steps[version:]:
        connection.execute(step)
    connection.execute(_WRITE, (component, len(steps)))
