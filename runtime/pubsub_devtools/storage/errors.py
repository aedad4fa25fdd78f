"""What can go wrong with a file of state, in words that name the file and the way out.

Those who store things catch ``StorageError`` and never see an error of the driver.
"""

from __future__ import annotations

from pathlib import Path


class StorageError(Exception):
    """State could not be read or written. ``file`` is the one concerned.

    Whatever was not acknowledged may not have been stored; whatever was acknowledged before still is.
    """

    def __init__(self, file: Path, message: str) -> None:
        super().__init__(f"{file}: {message}")
        self.file = file


class StorageFullError(StorageError):
    """There is no room left for what was to be written. Nothing of it was stored."""


class StorageCorruptError(StorageError):
    """The file is damaged, or is no SQLite database at all."""


class StorageReadOnlyError(StorageError):
    """The file or its folder may not be written."""


class StorageNewerError(StorageError):
    """A newer version of PubSub DevTools wrote the file; this one would misread it."""


class StorageBusyError(StorageError):
    """Another process kept the file locked for longer than this one waits."""


class StorageClosedError(StorageError):
    """The database was closed; nothing can be read or written through it any more."""
