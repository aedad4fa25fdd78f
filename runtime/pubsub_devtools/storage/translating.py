"""Errors of the driver become our own at this boundary; those of a caller's own SQL pass as they are."""

from __future__ import annotations

from pathlib import Path

import apsw

from pubsub_devtools.storage.errors import (
    StorageBusyError,
    StorageCorruptError,
    StorageError,
    StorageFullError,
    StorageReadOnlyError,
)

_FULL = "there is no room left; free some on its disk (or let retention delete more) and try again"
_CORRUPT = (
    "it is damaged or no SQLite database; move it away and a new one is made, "
    "or save what can be read with `sqlite3 FILE .recover`"
)
_READ_ONLY = "it cannot be written; give this user the right to write the file and its folder, or set another state_dir"
_UNOPENED = "it cannot be opened; look whether its folder exists and this user may write there, or set another state_dir"
_BUSY = "another process kept it locked for too long; look for a long transaction, or raise busy_timeout"
_FAILED = "the disk failed ({reason}); what was acknowledged before is safe, look at the disk and try again"

_SHM_DOES_NOT_FIT = {apsw.SQLITE_IOERR_SHMSIZE, apsw.SQLITE_IOERR_SHMMAP}
"""SQLite's index of the write-ahead log could not grow, which only happens where the disk is full."""


def translated(error: BaseException, file: Path) -> BaseException:
    """Return our error for one of the driver about the file, or the error itself where it is about the caller's SQL."""
    ours = _ours(error, file)
    if ours is None:
        return error
    ours.__cause__ = error
    return ours


def _ours(error: BaseException, file: Path) -> StorageError | None:
    match error:
        case apsw.FullError():
            return StorageFullError(file, _FULL)
        case apsw.CorruptError() | apsw.NotADBError():
            return StorageCorruptError(file, _CORRUPT)
        case apsw.ReadOnlyError() | apsw.PermissionsError():
            return StorageReadOnlyError(file, _READ_ONLY)
        case apsw.CantOpenError():
            return StorageReadOnlyError(file, _UNOPENED)
        case apsw.BusyError() | apsw.LockedError():
            return StorageBusyError(file, _BUSY)
        case apsw.IOError():
            full = getattr(error, "extendedresult", 0) in _SHM_DOES_NOT_FIT
            return StorageFullError(file, _FULL) if full else StorageError(file, _FAILED.format(reason=error))
        case _:
            return None
