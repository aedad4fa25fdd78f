"""What the analysis remembers of a root between two runs: which files it saw, and the facts read from their contents.

Facts are kept by content digest and by the version of what extracted them, each under a seal, so that an entry is
absent or right, never stale or damaged. The cache is a convenience: when its database is locked, read-only, broken or
the disk is full, it turns itself off, says so once, as a warning and in `problem`, and answers as if nothing were known.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from pubsub_devtools.model import Problem
from pubsub_devtools_analysis import cache_database

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["Cache", "Entry", "digest"]

_log = logging.getLogger(__name__)

_AT_ONCE = 500
_SEAL_BYTES = 8
_ADD_FACT = "INSERT OR REPLACE INTO fact VALUES (?, ?, ?, ?, ?)"
_SPARE = 5_000
"""So many contents that no file has now are always kept, for branches that come back and for revisions that are compared."""

_STALE_FACTS = """DELETE FROM fact WHERE (version, digest) IN (
    SELECT version, digest FROM fact WHERE version <> ? OR digest NOT IN (SELECT digest FROM file)
    ORDER BY kept_ns LIMIT ?)"""
_STALE_BLOBS = """DELETE FROM blob WHERE version <> ?1 AND version NOT IN (
    SELECT version FROM blob WHERE version <> ?1 GROUP BY version ORDER BY max(kept_ns) DESC LIMIT 1)"""
_FAILURES = (sqlite3.Error, OSError, RuntimeError, ValueError, OverflowError)


class Entry(NamedTuple):
    """A file as it was when its content was read."""

    mtime_ns: int
    size: int
    digest: bytes


def digest(content: bytes) -> bytes:
    """The name of a content: 16 bytes of BLAKE2b."""
    return blake2b(content, digest_size=16).digest()


class Cache:
    """The memory of one root, for one version of the extractor. No method raises; threads take turns."""

    def __init__(self, connection: sqlite3.Connection | None = None, version: str = "") -> None:
        self._connection = connection
        self._version = version
        self._turn = threading.RLock()
        self.problem: Problem | None = None

    @classmethod
    def open(cls, root: Path, version: str) -> Cache:
        """The cache of ``root``; ``version`` names the extractor, whose facts alone are shown and kept."""
        cache = cls(version=version)
        try:
            cache._connection = cache_database.connect(root)
        except _FAILURES as error:
            cache._turn_off(error)
        return cache

    @staticmethod
    def clear(root: Path) -> bool:
        """Delete what is remembered of ``root``; False where there was nothing, or it cannot be deleted."""
        try:
            return cache_database.delete(cache_database.location(root))
        except _FAILURES:
            return False

    def files(self) -> dict[str, Entry]:
        """All files that were saved last, by their paths."""
        rows = self._rows("SELECT path, mtime_ns, size, digest, seal FROM file")
        return {
            path: Entry(mtime_ns, size, name)
            for path, mtime_ns, size, name, seal in rows
            if seal == _seal(f"{path}\0{mtime_ns}\0{size}", name)
        }

    def facts(self, digests: Iterable[bytes]) -> dict[bytes, bytes]:
        """The facts that are known of these contents."""
        wanted = [*dict.fromkeys(digests)]
        found: dict[bytes, bytes] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            query = f"SELECT digest, data, seal FROM fact WHERE version = ? AND digest IN ({marks})"
            for name, data, seal in self._rows(query, self._version, *some):
                if seal == _seal(self._version, name, data):
                    found[name] = data
        return found

    def save(self, files: Mapping[str, Entry], facts: Mapping[bytes, bytes]) -> None:
        """Remember ``files`` as all that there are, and add ``facts``: everything, or after a failure nothing."""
        file_rows = (
            (path, *entry, _seal(f"{path}\0{entry.mtime_ns}\0{entry.size}", entry.digest))
            for path, entry in files.items()
        )
        self._write(
            ("DELETE FROM file", [()]),
            ("INSERT INTO file VALUES (?, ?, ?, ?, ?)", file_rows),
            (_ADD_FACT, self._fact_rows(facts)),
        )

    def keep(self, facts: Mapping[bytes, bytes]) -> None:
        """Add ``facts`` of contents that are no file of the root now, such as those of an earlier revision."""
        self._write((_ADD_FACT, self._fact_rows(facts)))

    def _fact_rows(self, facts: Mapping[bytes, bytes]) -> Iterable[tuple[object, ...]]:
        now = time.time_ns()
        return (
            (self._version, name, data, _seal(self._version, name, data), now) for name, data in facts.items()
        )

    def blob(self, key: str) -> bytes | None:
        """What `put_blob` kept under ``key``, by this version."""
        rows = self._rows("SELECT data, seal FROM blob WHERE version = ? AND key = ?", self._version, key)
        return next((data for data, seal in rows if seal == _seal(f"{self._version}\0{key}", data)), None)

    def put_blob(self, key: str, data: bytes) -> None:
        """Keep bytes that are no facts of one file, such as the graph of the last run."""
        row = (self._version, key, data, _seal(f"{self._version}\0{key}", data), time.time_ns())
        self._write(("INSERT OR REPLACE INTO blob VALUES (?, ?, ?, ?, ?)", [row]))

    def prune(self, spare: int = _SPARE) -> None:
        """Forget the oldest facts of contents that no saved file has, where there are more than the files and ``spare``.

        What one other version kept last stays longer: an editor's server and the command may be of two versions.
        """
        held = next((count for (count,) in self._rows("SELECT count(*) FROM fact")), 0)
        files = next((count for (count,) in self._rows("SELECT count(*) FROM file")), 0)
        excess = held - 2 * files - spare
        self._write(
            (_STALE_BLOBS, [(self._version,)]),
            *([(_STALE_FACTS, [(self._version, excess)])] if excess > 0 else []),
        )

    def close(self) -> None:
        """Let the database go. A closed cache knows nothing."""
        with self._turn:
            connection, self._connection = self._connection, None
            if connection is not None:
                cache_database.close(connection)

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._turn:
            if self._connection is None:
                return []
            try:
                return self._connection.execute(query, values).fetchall()
            except _FAILURES as error:
                self._turn_off(error)
                return []

    def _write(self, *statements: tuple[str, Iterable[tuple[object, ...]]]) -> None:
        """Run each statement for each of its rows: all of them, or after any exception none."""
        with self._turn:
            if self._connection is None:
                return
            try:
                with cache_database.transaction(self._connection):
                    for statement, rows in statements:
                        self._connection.executemany(statement, rows)
            except _FAILURES as error:
                self._turn_off(error)

    def _turn_off(self, error: Exception) -> None:
        if self.problem is None:
            self.problem = Problem("", 0, "cache-off", f"The cache is off, all is read anew: {error}.")
            _log.warning(self.problem.message)
        if self._connection is not None and cache_database.is_broken(error):
            cache_database.discard(self._connection)
        self.close()


def _seal(name: str | bytes, *data: Any) -> bytes:
    """A short checksum, since SQLite has none: a damaged page must not pass for what was kept."""
    state = blake2b(
        name.encode("utf-8", "replace") if isinstance(name, str) else name, digest_size=_SEAL_BYTES
    )
    for each in data:
        state.update(each if isinstance(each, bytes) else repr(each).encode("utf-8", "replace"))
    return state.digest()
