"""What handlers have seen, and states that processes share, in SQLite."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pubsub_devtools.resilience.seen import Claim, Claiming, UnderWay
from pubsub_devtools.storage.connection import Connection
from pubsub_devtools.storage.sqlite import Database

_SEEN = [
    """
    CREATE TABLE seen_events (
        handler TEXT NOT NULL,
        event_id TEXT NOT NULL,
        until REAL NOT NULL,
        owner TEXT NOT NULL,
        PRIMARY KEY (handler, event_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX seen_events_by_time ON seen_events (until);
    """
]
"""A claim has an owner; what is confirmed has none."""

_STATES = ["CREATE TABLE shared_states (key TEXT PRIMARY KEY, state BLOB NOT NULL) STRICT, WITHOUT ROWID"]
_SWEEP_EVERY = 500
_ROW = "SELECT until, owner FROM seen_events WHERE handler = ? AND event_id = ?"
_CLAIM = "INSERT OR REPLACE INTO seen_events (handler, event_id, until, owner) VALUES (?, ?, ?, ?)"
_OF_MINE = "handler = ? AND event_id = ? AND until = ? AND owner = ?"


class SqliteSeen:
    """A ``SeenStore`` in SQLite, for the processes of one machine.

    What is confirmed survives the process. A claim ends with the process that holds it, however it ends: an event whose
    handler was killed can be handled again at once, and not only when its claim would have run out.

    Args:
        database: The file. It may hold other things besides.

    Example:
        >>> import tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> database = Database(f"{folder.name}/state.sqlite3")
        >>> seen = SqliteSeen(database)
        >>> seen.claim("shop.mail.write", "event-1", now=0.0, until=60.0)
        <Claim.CLAIMED: 'claimed'>
        >>> seen.claim("shop.mail.write", "event-1", now=1.0, until=61.0)
        UnderWay(until=60.0)
        >>> database.close(); folder.cleanup()
    """

    def __init__(self, database: Database) -> None:
        self._opened = database
        self._counting = threading.Lock()
        self._claims = 0

    @property
    def _database(self) -> Database:
        self._opened.migrate("seen_events", _SEEN)
        return self._opened

    def claim(self, handler: str, event_id: str, now: float, until: float) -> Claiming:
        """Claim the event for one call of the handler, up to ``until``."""
        return self._database.write(self._claiming(handler, event_id, now, until))

    async def claim_async(self, handler: str, event_id: str, now: float, until: float) -> Claiming:
        """Claim without blocking the loop."""
        return await self._database.write_async(self._claiming(handler, event_id, now, until))

    def confirm(self, handler: str, event_id: str, until: float, seen_until: float) -> bool:
        """Turn the claim that ends at ``until`` into knowledge that lasts up to ``seen_until``."""
        return self._database.write(self._confirming(handler, event_id, until, seen_until))

    async def confirm_async(self, handler: str, event_id: str, until: float, seen_until: float) -> bool:
        """Confirm without blocking the loop."""
        return await self._database.write_async(self._confirming(handler, event_id, until, seen_until))

    def release(self, handler: str, event_id: str, until: float) -> None:
        """Give up the claim that ends at ``until``."""
        self._database.write(self._releasing(handler, event_id, until))

    async def release_async(self, handler: str, event_id: str, until: float) -> None:
        """Release without blocking the loop."""
        await self._database.write_async(self._releasing(handler, event_id, until))

    def _claiming(
        self, handler: str, event_id: str, now: float, until: float
    ) -> Callable[[Connection], Claiming]:
        presence, sweeps = self._database.presence, self._is_time_to_sweep()
        owner = presence.owner()

        def claim(connection: Connection) -> Claiming:
            if sweeps:
                connection.execute("DELETE FROM seen_events WHERE until <= ?", (now,))
            row = connection.execute(_ROW, (handler, event_id)).fetchone()
            if row is not None and row[0] > now:
                if not row[1]:
                    return Claim.SEEN
                if not presence.is_gone(row[1]):
                    return UnderWay(row[0])
            connection.execute(_CLAIM, (handler, event_id, until, owner))
            return Claim.CLAIMED

        return claim

    def _confirming(
        self, handler: str, event_id: str, until: float, seen_until: float
    ) -> Callable[[Connection], bool]:
        claimed = (handler, event_id, until, self._database.presence.owner())

        def confirm(connection: Connection) -> bool:
            update = f"UPDATE seen_events SET owner = '', until = ? WHERE {_OF_MINE}"
            connection.execute(update, (seen_until, *claimed))
            return connection.changes() == 1

        return confirm

    def _releasing(self, handler: str, event_id: str, until: float) -> Callable[[Connection], None]:
        claimed = (handler, event_id, until, self._database.presence.owner())

        def release(connection: Connection) -> None:
            connection.execute(f"DELETE FROM seen_events WHERE {_OF_MINE}", claimed)

        return release

    def _is_time_to_sweep(self) -> bool:
        with self._counting:
            self._claims += 1
            return self._claims % _SWEEP_EVERY == 0


class SqliteStates:
    """A ``StateStore`` in SQLite, for the processes of one machine; states survive them.

    Args:
        database: The file. It may hold other things besides.
    """

    def __init__(self, database: Database) -> None:
        self._opened = database

    @property
    def _database(self) -> Database:
        self._opened.migrate("shared_states", _STATES)
        return self._opened

    def get(self, key: str) -> bytes | None:
        """Return the state of this name, None where there is none."""
        return self._database.read(lambda connection: _state(connection, key))

    async def get_async(self, key: str) -> bytes | None:
        """Return the state without blocking the loop."""
        return await self._database.read_async(lambda connection: _state(connection, key))

    def swap(self, key: str, expected: bytes | None, new: bytes | None) -> bool:
        """Set the state to ``new`` if it is ``expected``."""
        return self._database.write(_swapping(key, expected, new))

    async def swap_async(self, key: str, expected: bytes | None, new: bytes | None) -> bool:
        """Swap without blocking the loop."""
        return await self._database.write_async(_swapping(key, expected, new))


def _state(connection: Connection, key: str) -> bytes | None:
    row = connection.execute("SELECT state FROM shared_states WHERE key = ?", (key,)).fetchone()
    return bytes(row[0]) if row else None


def _swapping(key: str, expected: bytes | None, new: bytes | None) -> Callable[[Connection], bool]:
    def swap(connection: Connection) -> bool:
        if _state(connection, key) != expected:
            return False
        if new is None:
            connection.execute("DELETE FROM shared_states WHERE key = ?", (key,))
        else:
            connection.execute("INSERT OR REPLACE INTO shared_states (key, state) VALUES (?, ?)", (key, new))
        return True

    return swap
