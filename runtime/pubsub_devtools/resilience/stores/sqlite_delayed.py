"""Delayed attempts in SQLite: a retry that was promised is made, whatever becomes of the process."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable

import msgspec

from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.resilience.codec import EventCodec, JsonEventCodec, Stored
from pubsub_devtools.resilience.delayed import DelayedAttempt
from pubsub_devtools.schema.event_metadata import metadata
from pubsub_devtools.storage.connection import Connection, Row, SQLValue
from pubsub_devtools.storage.sqlite import Database

_log = logging.getLogger("pubsub_devtools")

_TABLES = [
    """
    CREATE TABLE delayed_attempts (
        id TEXT PRIMARY KEY,
        handler TEXT NOT NULL,
        due REAL NOT NULL,
        attempt INTEGER NOT NULL,
        began REAL NOT NULL,
        error TEXT NOT NULL,
        why TEXT NOT NULL,
        taken INTEGER NOT NULL,
        body BLOB NOT NULL,
        content_type TEXT NOT NULL,
        headers TEXT NOT NULL,
        envelope TEXT NOT NULL,
        event TEXT NOT NULL,
        ready REAL NOT NULL,
        owner TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX delayed_attempts_by_time ON delayed_attempts (ready);
    CREATE INDEX delayed_attempts_taken ON delayed_attempts (owner) WHERE owner <> '';
    """,
    "ALTER TABLE delayed_attempts ADD COLUMN first_failed REAL NOT NULL DEFAULT 0.0",
]
_PLAIN = "id, handler, due, attempt, began, error, why, taken"
_COLUMNS = f"{_PLAIN}, body, content_type, headers, envelope, event, first_failed"
_ADD = f"INSERT OR REPLACE INTO delayed_attempts ({_COLUMNS}, ready) VALUES ({', '.join('?' * 15)})"
_FREE = "UPDATE delayed_attempts SET owner = '', ready = due WHERE owner = ?"
_TAKE = f"""
    UPDATE delayed_attempts SET taken = taken + 1, owner = ?, ready = ? WHERE id IN (
        SELECT id FROM delayed_attempts WHERE ready <= ? ORDER BY ready, id LIMIT ?
    ) RETURNING {_COLUMNS}
"""


class SqliteDelayedAttempts:
    """A ``DelayedAttempts`` in SQLite: an attempt that was added survives the process, and is made at least once.

    An attempt that a process had taken when it ended is due again at once; its lease only matters while that process lives.

    Args:
        database: The file. It may hold other things besides.
        codec: Turns events into bytes and back.
    """

    def __init__(self, database: Database, codec: EventCodec | None = None) -> None:
        self._opened = database
        self._codec: EventCodec = codec or JsonEventCodec()
        self._watchers: tuple[Callable[[float], None], ...] = ()

    @property
    def _database(self) -> Database:
        self._opened.migrate("delayed_attempts", _TABLES)
        return self._opened

    def add(self, attempt: DelayedAttempt) -> None:
        """Keep the attempt; it replaces one of the same id."""
        row = self._row(attempt)
        self._database.write(lambda connection: connection.execute(_ADD, row))
        self._tell(attempt.due)

    async def add_async(self, attempt: DelayedAttempt) -> None:
        """Keep the attempt without blocking the loop."""
        row = self._row(attempt)
        await self._database.write_async(lambda connection: connection.execute(_ADD, row))
        self._tell(attempt.due)

    def due(self, now: float, *, limit: int = 100, lease: float = math.inf) -> list[DelayedAttempt]:
        """Take attempts that are due, the earliest first.

        One whose event cannot be read here is logged and stays, for a process that can.
        """
        presence = self._database.presence
        owner, gone = presence.owner(), self._gone()

        def take(connection: Connection) -> list[Row]:
            connection.executemany(_FREE, [(one,) for one in gone])
            return connection.execute(_TAKE, (owner, now + lease, now, limit)).fetchall()

        if not gone and not self._is_any_ready(now):
            return []
        rows = sorted(self._database.write(take), key=lambda row: (row[2], row[0]))
        return [attempt for row in rows if (attempt := self._attempt(row)) is not None]

    def remove(self, id: str) -> None:
        """Forget an attempt."""
        self._database.write(lambda c: c.execute("DELETE FROM delayed_attempts WHERE id = ?", (id,)))

    def next_due(self) -> float | None:
        """Return when the next attempt is due, or its lease ends. A file that is not there is not made for this."""
        if not self._opened.path.exists():
            return None
        if gone := self._gone():
            self._database.write(lambda connection: connection.executemany(_FREE, [(one,) for one in gone]))
        rows = self._database.read(lambda c: c.execute("SELECT min(ready) FROM delayed_attempts").fetchall())
        soonest = rows[0][0]
        return None if soonest is None or soonest == math.inf else float(soonest)

    def watch(self, added: Callable[[float], None]) -> None:
        """Call ``added`` with the due time of every attempt that is added in this process."""
        self._watchers = (*self._watchers, added)

    def _tell(self, due: float) -> None:
        for added in self._watchers:
            added(due)

    def _gone(self) -> list[str]:
        owners = "SELECT DISTINCT owner FROM delayed_attempts WHERE owner <> ''"
        rows = self._database.read(lambda connection: connection.execute(owners).fetchall())
        return [str(row[0]) for row in rows if self._database.presence.is_gone(str(row[0]))]

    def _is_any_ready(self, now: float) -> bool:
        ready = "SELECT 1 FROM delayed_attempts WHERE ready <= ? LIMIT 1"
        return self._database.read(lambda c: c.execute(ready, (now,)).fetchone()) is not None

    def _row(self, attempt: DelayedAttempt) -> tuple[SQLValue, ...]:
        stored = self._codec.encode(attempt.event)
        return (
            attempt.id,
            attempt.handler,
            attempt.due,
            attempt.attempt,
            attempt.began,
            attempt.error,
            attempt.why,
            attempt.taken,
            stored.body,
            stored.content_type,
            msgspec.json.encode(dict(stored.headers)).decode(),
            msgspec.json.encode(attempt.envelope).decode(),
            f"{metadata(attempt.event).type} {metadata(attempt.event).id}",
            attempt.first_failed,
            attempt.due,
        )

    def _attempt(self, row: Row) -> DelayedAttempt | None:
        id, handler, due, attempt, began, error, why, taken, *stored, envelope, event, first_failed = row
        body, content_type, headers = stored
        try:
            decoded = self._codec.decode(Stored(body, content_type, msgspec.json.decode(headers)))
        except Exception:
            _log.exception("the delayed attempt of %s on %s cannot be read here; it is kept", handler, event)
            return None
        around = msgspec.json.decode(envelope, type=Envelope | None)
        return DelayedAttempt(
            id,
            handler,
            decoded,
            around,
            due=due,
            attempt=attempt,
            began=began,
            first_failed=first_failed,
            error=error,
            why=why,
            taken=taken,
        )
