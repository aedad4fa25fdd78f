"""Dead letters in SQLite: the default store of whatever shall outlive the process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
from msgspec.structs import astuple

from pubsub_devtools.resilience.dead_letters.letter import (
    UNREADABLE,
    AuditEntry,
    Cause,
    DeadLetter,
    LetterFilter,
    Tally,
)
from pubsub_devtools.resilience.dead_letters.merging import merged, ranked
from pubsub_devtools.resilience.dead_letters.rows import (
    AUDIT_COLUMNS,
    AUDIT_PLACEHOLDERS,
    COLUMNS,
    PLACEHOLDERS,
    TABLES,
    UPDATES,
    cause_from_row,
    from_row,
    to_row,
    where,
)
from pubsub_devtools.resilience.dead_letters.store import EVERY
from pubsub_devtools.storage.connection import Connection, SQLValue
from pubsub_devtools.storage.sqlite import Database

_GET = f"SELECT {COLUMNS} FROM dead_letters WHERE id = ?"
_INSERT = f"INSERT INTO dead_letters ({COLUMNS}) VALUES ({PLACEHOLDERS})"
_UPDATE = f"UPDATE dead_letters SET {UPDATES}, claimed = '' WHERE id = :id"
_REFILE = f"UPDATE dead_letters SET {UPDATES} WHERE id = :id"
_IS_BLOCKED = "SELECT 1 FROM dead_letters WHERE sequenced AND handler = ? AND key = ? LIMIT 1"
_CLAIMERS = "SELECT DISTINCT claimed FROM dead_letters WHERE claimed <> ''"
_NEXT = f"""
    SELECT place, {COLUMNS} FROM dead_letters AS one
    WHERE place > :after AND (:upto IS NULL OR place <= :upto) AND claimed IN (SELECT value FROM json_each(:free)) AND (
        NOT sequenced OR NOT EXISTS (
            SELECT 1 FROM dead_letters AS before
            WHERE before.sequenced AND before.handler = one.handler AND before.key = one.key AND before.place < one.place
        )
    ) AND {{where}}
    ORDER BY place LIMIT 1
"""
_AUDIT = f"INSERT INTO dead_letter_audit ({AUDIT_COLUMNS}) VALUES ({AUDIT_PLACEHOLDERS})"
_CAUSES = """
    WITH chosen AS (SELECT * FROM dead_letters WHERE state = 'dead' AND {where}),
        last AS (SELECT fingerprint, id, error_type, message, max(last_failed) AS at FROM chosen GROUP BY fingerprint)
    SELECT fingerprint, last.error_type, last.message, count(*), min(first_failed), last.at,
        json_group_array(DISTINCT handler), json_group_array(DISTINCT event_type), last.id
    FROM chosen JOIN last USING (fingerprint) GROUP BY fingerprint
"""
"""Beside one ``max`` SQLite gives the other columns of the very row that has it: the letter that failed last."""

_TALLY = """
    SELECT handler, event_type, sum(state = 'dead'), sum(state = 'parked'), sum(content_type = :unreadable)
    FROM dead_letters WHERE {where} GROUP BY handler, event_type ORDER BY handler, event_type
"""


class Between(NamedTuple):
    """Where a claim looks, who claims, and whose claims count no more."""

    after: int
    upto: int | None
    claimer: str
    free: list[str]


class SqliteDeadLetters:
    """A ``DeadLetterStore`` in SQLite: a letter that was filed survives the process, and several processes may share it.

    Args:
        database: The file. It may hold other things besides.

    Example:
        >>> import tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> store = SqliteDeadLetters(Database(f"{folder.name}/state.sqlite3"))
        >>> letter = DeadLetter(id="1", handler="shop.mail.write", event_id="e", event_type="Ping", body=b"{}",
        ...                     first_failed=1.0, last_failed=1.0)
        >>> store.add(letter).id, store.count()
        ('1', 1)
        >>> store.database.close(); folder.cleanup()
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def database(self) -> Database:
        """The file, with its tables up to date."""
        self._database.migrate("dead_letters", TABLES)
        return self._database

    def add(self, letter: DeadLetter) -> DeadLetter:
        """File a dead letter, or add the failure up with what lies there."""
        return self.database.write(_adding(letter))

    async def add_async(self, letter: DeadLetter) -> DeadLetter:
        """File a dead letter without blocking the loop."""
        return await self.database.write_async(_adding(letter))

    def park(self, letter: DeadLetter) -> bool:
        """File a letter behind those of its handler and key, if a sequenced one is there."""
        return self.database.write(_parking(letter))

    async def park_async(self, letter: DeadLetter) -> bool:
        """Park without blocking the loop."""
        return await self.database.write_async(_parking(letter))

    def is_blocked(self, handler: str, key: str) -> bool:
        """Whether a sequenced letter of this handler and key is there."""
        return self.database.read(lambda c: c.execute(_IS_BLOCKED, (handler, key)).fetchone()) is not None

    def get(self, id: str) -> DeadLetter | None:
        """Return a letter by its whole id."""
        return self.database.read(lambda c: _get(c, id))

    def find(
        self, which: LetterFilter = EVERY, *, limit: int = 100, newest: bool = False
    ) -> list[DeadLetter]:
        """Return letters in their order, or those that failed last first."""
        condition, bindings = where(which)
        order = "last_failed DESC, place" if newest else "place"
        query = f"SELECT {COLUMNS} FROM dead_letters WHERE {condition} ORDER BY {order} LIMIT :limit"
        rows = self.database.read(lambda c: c.execute(query, {**bindings, "limit": limit}).fetchall())
        return [from_row(row) for row in rows]

    def count(self, which: LetterFilter = EVERY) -> int:
        """Return how many letters there are."""
        condition, bindings = where(which)
        query = f"SELECT count(*) FROM dead_letters WHERE {condition}"
        rows = self.database.read(lambda c: c.execute(query, bindings).fetchall())
        return int(rows[0][0])

    def causes(self, which: LetterFilter = EVERY) -> list[Cause]:
        """Return the causes of dead letters, the most frequent first."""
        condition, bindings = where(which)
        rows = self.database.read(lambda c: c.execute(_CAUSES.format(where=condition), bindings).fetchall())
        return ranked(cause_from_row(row) for row in rows)

    def tally(self, which: LetterFilter = EVERY) -> list[Tally]:
        """Return how many letters there are by handler and event."""
        condition, bindings = where(which)
        query = _TALLY.format(where=condition)
        rows = self.database.read(
            lambda c: c.execute(query, {**bindings, "unreadable": UNREADABLE}).fetchall()
        )
        return [Tally(*row) for row in rows]

    def last_place(self) -> int:
        """Return the place of the letter that was filed last."""
        rows = self.database.read(
            lambda c: c.execute("SELECT coalesce(max(place), 0) FROM dead_letters").fetchall()
        )
        return int(rows[0][0])

    def claim(
        self, which: LetterFilter, run: str, *, after: int = 0, upto: int | None = None
    ) -> tuple[int, DeadLetter] | None:
        """Take the first letter behind a place for a replay."""
        presence = self.database.presence
        claimers = [str(row[0]) for row in self.database.read(lambda c: c.execute(_CLAIMERS).fetchall())]
        free = ["", *(one for one in claimers if presence.is_gone(one.partition("/")[0]))]
        between = Between(after, upto, f"{presence.owner()}/{run}", free)
        return self.database.write(_claiming(which, between))

    def settle(self, letter: DeadLetter, run: str, entry: AuditEntry, *, keep: DeadLetter | None) -> None:
        """End a claim: the letter becomes ``keep``, or goes; the audit is kept with it."""
        claimer = f"{self.database.presence.owner()}/{run}"

        def settle(connection: Connection) -> None:
            if not _holds(connection, letter, claimer):
                return
            if keep is None:
                connection.execute("DELETE FROM dead_letters WHERE id = ?", (letter.id,))
            else:
                connection.execute(_UPDATE, to_row(keep))
            connection.execute(_AUDIT, astuple(entry))

        self.database.write(settle)

    def release(self, letter: DeadLetter, run: str) -> None:
        """End a claim as if it had not been."""
        claimer = f"{self.database.presence.owner()}/{run}"
        query = "UPDATE dead_letters SET claimed = '' WHERE id = ? AND claimed = ?"
        self.database.write(lambda c: c.execute(query, (letter.id, claimer)))

    def remove(self, letters: Sequence[DeadLetter], entries: Sequence[AuditEntry]) -> int:
        """Remove letters that no replay has taken, and keep the audit of those that went."""
        by_letter = {entry.letter: entry for entry in entries}

        def remove(connection: Connection) -> int:
            gone = 0
            for letter in letters:
                connection.execute("DELETE FROM dead_letters WHERE id = ? AND claimed = ''", (letter.id,))
                if connection.changes():
                    gone += 1
                    connection.execute(_AUDIT, astuple(by_letter[letter.id]))
            return gone

        return self.database.write(remove)

    def expire(self, before: float, most: int | None, audit_before: float) -> int:
        """Remove what is too old or too much."""

        def expire(connection: Connection) -> int:
            connection.execute("DELETE FROM dead_letter_audit WHERE time < ?", (audit_before,))
            connection.execute("DELETE FROM dead_letters WHERE claimed = '' AND last_failed < ?", (before,))
            gone = connection.changes()
            if most is None:
                return gone
            connection.execute(
                "DELETE FROM dead_letters WHERE place IN (SELECT place FROM dead_letters WHERE claimed = ''"
                " ORDER BY last_failed LIMIT max(0, (SELECT count(*) FROM dead_letters) - ?))",
                (most,),
            )
            return gone + connection.changes()

        return self.database.write(expire)

    def audit(self, *, letter: str | None = None, limit: int = 100) -> list[AuditEntry]:
        """Return what was done, the latest first."""
        query = (
            f"SELECT {AUDIT_COLUMNS} FROM dead_letter_audit WHERE :letter IS NULL OR letter = :letter"
            " ORDER BY place DESC LIMIT :limit"
        )
        bindings: dict[str, SQLValue] = {"letter": letter, "limit": limit}
        rows = self.database.read(lambda c: c.execute(query, bindings).fetchall())
        return [AuditEntry(*row) for row in rows]


def _get(connection: Connection, id: str) -> DeadLetter | None:
    row = connection.execute(_GET, (id,)).fetchone()
    return from_row(row) if row else None


def _adding(letter: DeadLetter) -> Callable[[Connection], DeadLetter]:
    def add(connection: Connection) -> DeadLetter:
        known = _get(connection, letter.id)
        kept = merged(known, letter)
        # The claim of a replay stays while its handler files the letter again: the replay settles it.
        connection.execute(_REFILE if known else _INSERT, to_row(kept))
        return kept

    return add


def _parking(letter: DeadLetter) -> Callable[[Connection], bool]:
    parked = {**to_row(letter), "state": "parked", "sequenced": 1}

    def park(connection: Connection) -> bool:
        if connection.execute(_IS_BLOCKED, (letter.handler, letter.key)).fetchone() is None:
            return False
        connection.execute(f"{_INSERT} ON CONFLICT (id) DO NOTHING", parked)
        return True

    return park


def _claiming(which: LetterFilter, between: Between) -> Callable[[Connection], tuple[int, DeadLetter] | None]:
    condition, bindings = where(which)
    query = _NEXT.format(where=condition)
    bindings |= {
        "after": between.after,
        "upto": between.upto,
        "free": msgspec.json.encode(between.free).decode(),
    }

    def claim(connection: Connection) -> tuple[int, DeadLetter] | None:
        row = connection.execute(query, bindings).fetchone()
        if row is None:
            return None
        connection.execute("UPDATE dead_letters SET claimed = ? WHERE place = ?", (between.claimer, row[0]))
        return int(row[0]), from_row(row[1:])

    return claim


def _holds(connection: Connection, letter: DeadLetter, claimer: str) -> bool:
    query = "SELECT 1 FROM dead_letters WHERE id = ? AND claimed = ?"
    return connection.execute(query, (letter.id, claimer)).fetchone() is not None
