"""The rows of a registry in a relational database: the same statements for SQLite and PostgreSQL."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

import msgspec

from pubsub_devtools.schema.compatibility.modes import Mode
from pubsub_devtools.schema.registry.values import Reference, Registered, Schema

__all__ = ["TABLES", "Execute", "SqlRows"]

Execute: TypeAlias = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]
"""Runs a statement with ``?`` for its values and returns all rows."""

TABLES = (
    "CREATE TABLE IF NOT EXISTS schema_versions (subject TEXT NOT NULL, number INTEGER NOT NULL, id INTEGER NOT NULL, "
    "label TEXT NOT NULL, registered DOUBLE PRECISION NOT NULL, deleted INTEGER NOT NULL, type TEXT NOT NULL, "
    "text TEXT NOT NULL, refs TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (subject, number))",
    "CREATE INDEX IF NOT EXISTS schema_versions_by_id ON schema_versions (id)",
    "CREATE INDEX IF NOT EXISTS schema_versions_by_digest ON schema_versions (digest)",
    "CREATE TABLE IF NOT EXISTS schema_modes (subject TEXT PRIMARY KEY, mode TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS schema_ids (singleton INTEGER PRIMARY KEY, last INTEGER NOT NULL)",
)

_ROWS = "SELECT subject, number, id, label, registered, deleted, type, text, refs FROM schema_versions "


class SqlRows:
    """One piece of work's look, inside its transaction."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    def subjects(self) -> Sequence[str]:
        """Return the subjects that have rows, sorted."""
        return sorted(row[0] for row in self._execute("SELECT DISTINCT subject FROM schema_versions", ()))

    def of(self, subject: str) -> Sequence[Registered]:
        """Return the rows of a subject in the order of their numbers."""
        return self._rows("WHERE subject = ? ORDER BY number", subject)

    def with_id(self, id: int) -> Sequence[Registered]:
        """Return the rows of one schema, by subject and number."""
        found = self._rows("WHERE id = ?", id)
        return sorted(found, key=lambda row: (row.subject, row.number))

    def id_of(self, schema: Schema) -> int | None:
        """Return the id that an equal schema has."""
        found = self._rows("WHERE digest = ?", _digest(schema))
        return next((row.id for row in found if row.schema == schema), None)

    def new_id(self) -> int:
        """Return an id that was never given before."""
        counted = (
            "INSERT INTO schema_ids (singleton, last) VALUES (1, 1) "
            "ON CONFLICT (singleton) DO UPDATE SET last = schema_ids.last + 1 RETURNING last"
        )
        return int(self._execute(counted, ())[0][0])

    def put(self, row: Registered) -> None:
        """Add or replace a row."""
        self.remove(row)
        schema = row.schema
        values = (row.subject, row.number, row.id, row.label, row.registered, int(row.deleted))
        references = msgspec.json.encode(schema.references).decode()
        self._execute(
            f"INSERT INTO schema_versions VALUES ({', '.join('?' * 10)})",
            (*values, schema.type, schema.text, references, _digest(schema)),
        )

    def remove(self, row: Registered) -> None:
        """Forget a row."""
        self._execute(
            "DELETE FROM schema_versions WHERE subject = ? AND number = ?", (row.subject, row.number)
        )

    def level(self, subject: str) -> Mode | None:
        """Return the mode that was set."""
        found = self._execute("SELECT mode FROM schema_modes WHERE subject = ?", (subject,))
        return cast("Mode", found[0][0]) if found else None

    def set_level(self, subject: str, mode: Mode | None) -> None:
        """Set or forget a mode."""
        self._execute("DELETE FROM schema_modes WHERE subject = ?", (subject,))
        if mode is not None:
            self._execute("INSERT INTO schema_modes VALUES (?, ?)", (subject, mode))

    def _rows(self, where: str, *values: Any) -> list[Registered]:
        return [_row(*found) for found in self._execute(_ROWS + where, values)]


def _row(
    subject: str,
    number: int,
    id: int,
    label: str,
    registered: float,
    deleted: int,
    type: Any,
    text: str,
    refs: str,
) -> Registered:
    references = msgspec.json.decode(refs, type=tuple[Reference, ...])
    return Registered(subject, number, id, Schema(text, type, references), label, registered, bool(deleted))


def _digest(schema: Schema) -> str:
    return hashlib.sha256(msgspec.json.encode(schema)).hexdigest()
