"""What handlers have seen, and states that processes share, in PostgreSQL: for processes of several machines."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from pubsub_devtools.resilience.seen import Claim, Claiming, UnderWay
from pubsub_devtools.resilience.stores.extras import driver, reaching, without_password

_TABLES = """
CREATE TABLE IF NOT EXISTS pubsub_seen_events (
    handler text NOT NULL,
    event_id text NOT NULL,
    until double precision NOT NULL,
    confirmed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (handler, event_id)
);
CREATE INDEX IF NOT EXISTS pubsub_seen_events_by_time ON pubsub_seen_events (until);
CREATE TABLE IF NOT EXISTS pubsub_shared_states (key text PRIMARY KEY, state bytea NOT NULL);
"""
_LOCK = "SELECT pg_advisory_xact_lock(7221370)"
"""``IF NOT EXISTS`` fails where two create at once; any number of our own that all take does."""

_CLAIM = """
INSERT INTO pubsub_seen_events (handler, event_id, until) VALUES (%(handler)s, %(event_id)s, %(until)s)
ON CONFLICT (handler, event_id) DO UPDATE SET until = excluded.until, confirmed = false
WHERE pubsub_seen_events.until <= %(now)s
"""
_HELD = (
    "SELECT until, confirmed FROM pubsub_seen_events WHERE handler = %(handler)s AND event_id = %(event_id)s"
)
_OF_CLAIM = "handler = %(handler)s AND event_id = %(event_id)s AND until = %(until)s AND NOT confirmed"
_CONFIRM = f"UPDATE pubsub_seen_events SET confirmed = true, until = %(seen_until)s WHERE {_OF_CLAIM}"
_RELEASE = f"DELETE FROM pubsub_seen_events WHERE {_OF_CLAIM}"
_SWEEP = "DELETE FROM pubsub_seen_events WHERE until <= %(now)s"
_SWEEP_EVERY = 500

_GET = "SELECT state FROM pubsub_shared_states WHERE key = %(key)s"
_CREATE = "INSERT INTO pubsub_shared_states (key, state) VALUES (%(key)s, %(new)s) ON CONFLICT DO NOTHING"
_CHANGE = "UPDATE pubsub_shared_states SET state = %(new)s WHERE key = %(key)s AND state = %(expected)s"
_DELETE = "DELETE FROM pubsub_shared_states WHERE key = %(key)s AND state = %(expected)s"


class PostgresDatabase:
    """A few connections to PostgreSQL, which the stores of one process share.

    What was acknowledged survives what the server's ``synchronous_commit`` says.

    Args:
        url: Where it is, such as ``postgresql://user:password@host/database``.
        max_connections: How many at most.

    Raises:
        ModuleNotFoundError: psycopg is missing; the message says what to install.
    """

    def __init__(self, url: str, *, max_connections: int = 4) -> None:
        self._psycopg = driver("psycopg", "postgresql")
        pool = driver("psycopg_pool", "postgresql").ConnectionPool
        self._server = without_password(url)
        self._preparing = threading.Lock()
        self._is_ready = False
        options = {"kwargs": {"autocommit": True}, "timeout": 10.0, "open": False}
        self._pool = pool(url, min_size=0, max_size=max_connections, **options)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def run(self, query: str, values: Mapping[str, Any]) -> int:
        """Run a statement of its own transaction; returns how many rows it touched."""
        with self._connection() as connection:
            count: int = connection.execute(query, values).rowcount
            return count

    def row(self, query: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return the first row of a query."""
        with self._connection() as connection:
            found: tuple[Any, ...] | None = connection.execute(query, values).fetchone()
            return found

    @contextmanager
    def _connection(self) -> Generator[Any, None, None]:
        with reaching(self._server, self._psycopg.Error):
            self._prepare()
            with self._pool.connection() as connection:
                yield connection

    def _prepare(self) -> None:
        with self._preparing:
            if self._is_ready:
                return
            self._pool.open()
            with self._pool.connection() as connection, connection.transaction():
                connection.execute(_LOCK)
                connection.execute(_TABLES)
            self._is_ready = True


class PostgresSeen:
    """A ``SeenStore`` in PostgreSQL.

    Args:
        database: The connections.
    """

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self._counting = threading.Lock()
        self._claims = 0

    def claim(self, handler: str, event_id: str, now: float, until: float) -> Claiming:
        """Claim the event for one call of the handler, up to ``until``."""
        if self._is_time_to_sweep():
            self._database.run(_SWEEP, {"now": now})
        values = {"handler": handler, "event_id": event_id, "now": now, "until": until}
        while self._database.run(_CLAIM, values) != 1:
            row = self._database.row(_HELD, values)
            if row is not None and row[0] > now:  # else it was released or has been swept since: claim again
                return Claim.SEEN if row[1] else UnderWay(row[0])
        return Claim.CLAIMED

    async def claim_async(self, handler: str, event_id: str, now: float, until: float) -> Claiming:
        """Claim without blocking the loop."""
        return await asyncio.to_thread(self.claim, handler, event_id, now, until)

    def confirm(self, handler: str, event_id: str, until: float, seen_until: float) -> bool:
        """Turn the claim that ends at ``until`` into knowledge that lasts up to ``seen_until``."""
        values = {"handler": handler, "event_id": event_id, "until": until, "seen_until": seen_until}
        return self._database.run(_CONFIRM, values) == 1

    async def confirm_async(self, handler: str, event_id: str, until: float, seen_until: float) -> bool:
        """Confirm without blocking the loop."""
        return await asyncio.to_thread(self.confirm, handler, event_id, until, seen_until)

    def release(self, handler: str, event_id: str, until: float) -> None:
        """Give up the claim that ends at ``until``."""
        self._database.run(_RELEASE, {"handler": handler, "event_id": event_id, "until": until})

    async def release_async(self, handler: str, event_id: str, until: float) -> None:
        """Release without blocking the loop."""
        await asyncio.to_thread(self.release, handler, event_id, until)

    def _is_time_to_sweep(self) -> bool:
        with self._counting:
            self._claims += 1
            return self._claims % _SWEEP_EVERY == 0


class PostgresStates:
    """A ``StateStore`` in PostgreSQL.

    Args:
        database: The connections.
    """

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    def get(self, key: str) -> bytes | None:
        """Return the state of this name, None where there is none."""
        row = self._database.row(_GET, {"key": key})
        return bytes(row[0]) if row else None

    async def get_async(self, key: str) -> bytes | None:
        """Return the state without blocking the loop."""
        return await asyncio.to_thread(self.get, key)

    def swap(self, key: str, expected: bytes | None, new: bytes | None) -> bool:
        """Set the state to ``new`` if it is ``expected``."""
        if expected is None and new is None:
            return self.get(key) is None
        query = _CREATE if expected is None else _DELETE if new is None else _CHANGE
        return self._database.run(query, {"key": key, "expected": expected, "new": new}) == 1

    async def swap_async(self, key: str, expected: bytes | None, new: bytes | None) -> bool:
        """Swap without blocking the loop."""
        return await asyncio.to_thread(self.swap, key, expected, new)
