"""The durable journal: under ``durable=True`` an event is on the disk before the first handler is called with it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools.model.envelope import Envelope
from pubsub_devtools.resilience.codec import EventCodec, JsonEventCodec, Stored
from pubsub_devtools.schema.event_metadata import metadata
from pubsub_devtools.storage.connection import Connection, Row, SQLValue
from pubsub_devtools.storage.sqlite import Database

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

_log = logging.getLogger("pubsub_devtools")

_TABLES = [
    """
    CREATE TABLE journal_events (
        place INTEGER PRIMARY KEY AUTOINCREMENT,
        event TEXT NOT NULL,
        body BLOB NOT NULL,
        content_type TEXT NOT NULL,
        headers TEXT NOT NULL,
        envelope TEXT NOT NULL,
        owner TEXT NOT NULL
    ) STRICT;
    CREATE INDEX journal_events_by_owner ON journal_events (owner);
    CREATE TABLE journal_handlers (
        place INTEGER NOT NULL,
        handler TEXT NOT NULL,
        PRIMARY KEY (place, handler)
    ) STRICT, WITHOUT ROWID;
    """
]
_APPEND = "INSERT INTO journal_events (event, body, content_type, headers, envelope, owner) VALUES (?, ?, ?, ?, ?, ?)"
_AWAIT = "INSERT INTO journal_handlers (place, handler) VALUES (?, ?)"
_DONE = "DELETE FROM journal_handlers WHERE place = ? AND handler = ?"
_FINISHED = """
    DELETE FROM journal_events
    WHERE place = :place AND NOT EXISTS (SELECT 1 FROM journal_handlers WHERE place = :place)
"""
_LEFT = """
    SELECT place, event, body, content_type, headers, envelope, json_group_array(handler)
    FROM journal_events JOIN journal_handlers USING (place) WHERE owner = ? GROUP BY place ORDER BY place
"""
_ADOPT = "UPDATE journal_events SET owner = ? WHERE owner = ?"


class Unfinished(msgspec.Struct, frozen=True):
    """An event that a process had accepted and not finished when it ended.

    Attributes:
        place: Its place in the journal, for ``done``.
        event: The event, with its id.
        envelope: That of its publish.
        handlers: The dotted names of the handlers that have not finished; some may have begun.
    """

    place: int
    event: BaseEvent
    envelope: Envelope | None
    handlers: tuple[str, ...]


class Journal:
    """Keeps accepted events until their handlers have finished.

    Promises:
        - Once ``append`` returns, the event survives the process, and a later ``recover`` returns it with every handler for
          which ``done`` was not called: each handler is called at least once.
        - An event of a process that lives is never recovered by another one.
        - ``done`` does not wait for the disk. What it had told and what was lost with the process is recovered once more;
          handlers that must not run twice say ``idempotent=True``.

    Args:
        database: The file. It may hold other things besides.
        codec: Turns events into bytes and back.
    """

    def __init__(self, database: Database, codec: EventCodec | None = None) -> None:
        self._opened = database
        self._codec: EventCodec = codec or JsonEventCodec()

    @property
    def _database(self) -> Database:
        self._opened.migrate("journal", _TABLES)
        return self._opened

    def append(self, event: BaseEvent, envelope: Envelope | None, handlers: Sequence[str]) -> int:
        """Keep an event until all these handlers are done with it.

        Args:
            event: The event.
            envelope: That of its publish.
            handlers: Dotted names, at least one.

        Returns:
            Its place, for ``done``.

        Raises:
            StorageError: It was not kept; the publish must fail.
        """
        return self._database.write(self._appending(event, envelope, handlers))

    async def append_async(self, event: BaseEvent, envelope: Envelope | None, handlers: Sequence[str]) -> int:
        """Keep an event without blocking the loop."""
        return await self._database.write_async(self._appending(event, envelope, handlers))

    def done(self, place: int, handler: str) -> None:
        """Say that a handler has finished with an event, in whatever way; the last one lets go of the event."""

        def done(connection: Connection) -> None:
            connection.execute(_DONE, (place, handler))
            connection.execute(_FINISHED, {"place": place})

        self._database.submit(done)

    def recover(self) -> list[Unfinished]:
        """Take over what processes that have ended left unfinished, in the order in which it was accepted.

        An event that cannot be read here, since its class is not imported, is logged and stays for a later process.
        """
        presence = self._database.presence
        owners = "SELECT DISTINCT owner FROM journal_events"
        rows = self._database.read(lambda connection: connection.execute(owners).fetchall())
        mine = presence.owner()
        found: list[Unfinished] = []
        for (owner,) in rows:
            if owner != mine and presence.is_gone(owner):
                left = self._database.write(_adopting(owner, mine))
                found += [one for row in left if (one := self._unfinished(row)) is not None]
        return sorted(found, key=lambda one: one.place)

    def flush(self) -> None:
        """Wait until everything that ``done`` was told is on the disk."""
        self._database.flush()

    def _appending(
        self, event: BaseEvent, envelope: Envelope | None, handlers: Sequence[str]
    ) -> Callable[[Connection], int]:
        stored, about = self._codec.encode(event), metadata(event)
        row: tuple[SQLValue, ...] = (
            f"{about.type} {about.id}",
            stored.body,
            stored.content_type,
            msgspec.json.encode(dict(stored.headers)).decode(),
            msgspec.json.encode(envelope).decode(),
            self._database.presence.owner(),
        )
        names = tuple(dict.fromkeys(handlers))
        if not names:
            raise ValueError("an event without handlers needs no journal")

        def append(connection: Connection) -> int:
            connection.execute(_APPEND, row)
            place = connection.last_insert_rowid()
            connection.executemany(_AWAIT, [(place, handler) for handler in names])
            return place

        return append

    def _unfinished(self, row: Row) -> Unfinished | None:
        place, event, body, content_type, headers, envelope, handlers = row
        try:
            decoded = self._codec.decode(Stored(body, content_type, msgspec.json.decode(headers)))
        except Exception:
            _log.exception(
                "%s was accepted and not finished, and cannot be read here; it stays in the journal", event
            )
            return None
        names = tuple(sorted(msgspec.json.decode(handlers, type=list[str])))
        return Unfinished(place, decoded, msgspec.json.decode(envelope, type=Envelope | None), names)


def _adopting(owner: str, mine: str) -> Callable[[Connection], list[Row]]:
    def adopt(connection: Connection) -> list[Row]:
        left = connection.execute(_LEFT, (owner,)).fetchall()
        connection.execute(_ADOPT, (mine, owner))
        return left

    return adopt
