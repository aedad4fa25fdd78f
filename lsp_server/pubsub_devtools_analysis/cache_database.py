"""The SQLite database under the cache: one file a root, write-ahead mode, made anew whenever it is not as expected.

Everything here may raise `sqlite3.Error` or `OSError`; the cache above decides what that means.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.cache_folder import cache_folder

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["close", "connect", "delete", "discard", "is_broken", "location", "transaction"]

_FORMAT = 2
_PATIENCE = 3.0
_OUR_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_TABLES = (
    "file (path TEXT PRIMARY KEY, mtime_ns INTEGER, size INTEGER, digest BLOB, seal BLOB)",
    "fact (version TEXT, digest BLOB, data BLOB, seal BLOB, kept_ns INTEGER, PRIMARY KEY (version, digest))",
    "blob (version TEXT, key TEXT, data BLOB, seal BLOB, kept_ns INTEGER, PRIMARY KEY (version, key))",
)


def location(root: Path) -> Path:
    """Where the database of ``root`` lies."""
    name = blake2b(bytes(root.resolve()), digest_size=16).hexdigest()
    return cache_folder() / f"{name}.sqlite"


def connect(root: Path) -> sqlite3.Connection:
    """The database of ``root``, ready for use. A broken one is deleted and started anew."""
    path = location(root)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return _patiently(path)
    except sqlite3.Error as error:
        if not is_broken(error):
            raise
        delete(path)
        return _patiently(path)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Generator[None]:
    """All that is written, or after any exception nothing.

    It is taken as a writer's from the start, so that the second of two waits instead of failing halfway.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.rollback()
        raise


def is_broken(error: Exception) -> bool:
    """Whether the file itself is at fault, so that only a new one helps."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def close(connection: sqlite3.Connection) -> None:
    """Close, whatever state the connection is in."""
    with suppress(sqlite3.Error):
        connection.close()


def discard(connection: sqlite3.Connection) -> None:
    """Close a broken database and delete it, so that the next run starts anew."""
    with suppress(sqlite3.Error, OSError):
        (_, _, path) = connection.execute("PRAGMA database_list").fetchone()
        close(connection)
        delete(Path(path))


def delete(path: Path) -> bool:
    """Delete the database, first the file itself: a log without its file is ignored, not the other way round."""
    existed = path.exists()
    for each in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        each.unlink(missing_ok=True)
    return existed


def _patiently(path: Path) -> sqlite3.Connection:
    """Connect; SQLite does not wait by itself while another process turns the write-ahead mode on."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return _connected(path)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if not _is_ours(connection):
            _make(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_ours(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA user_version").fetchone() == (_FORMAT,))


def _make(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        if _is_ours(connection):
            return  # another process was quicker
        for (name,) in connection.execute(_OUR_TABLES).fetchall():
            connection.execute(f'DROP TABLE "{name}"')
        for table in _TABLES:
            connection.execute(f"CREATE TABLE {table} WITHOUT ROWID")
        connection.execute(f"PRAGMA user_version = {_FORMAT}")
