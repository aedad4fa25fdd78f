"""`FileRegistry`: a folder of JSON Schemas, one a version, to be read, reviewed and committed like code.

    schemas/
      registry.json                     the compatibility modes, and how many ids were given
      orders.placed/versions.json       number, id, label and time of each version
      orders.placed/1-1.0.0.json        the schema (`.avsc` and `.proto` in the other languages)

Every file is replaced whole, and the list of versions last, which makes a change so; a lock file keeps processes from
changing the folder at once. Readers need no lock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pubsub_devtools.schema.compatibility.modes import Mode
from pubsub_devtools.schema.registry.errors import RegistryError
from pubsub_devtools.schema.registry.file_rows import FileRows
from pubsub_devtools.schema.registry.locking import locked
from pubsub_devtools.schema.registry.store import Rows
from pubsub_devtools.schema.registry.stored import DEFAULT_MODE, StoredRegistry

__all__ = ["FileRegistry"]

T = TypeVar("T")


class FileRegistry(StoredRegistry):
    """A registry in a folder, shared by threads, processes and people.

    Args:
        folder: The folder; it is made at the first change.
        clock: Returns the time in seconds since 1970.
        compatibility: The mode of subjects for which none is set.

    Raises:
        RegistryError: At any call: a file of the folder cannot be read or written; the message names it.

    Example:
        >>> import tempfile
        >>> from pubsub_devtools import BaseEvent, event_schema
        >>> @event_schema(name="Paid", version="1.0.0")
        ... class Paid(BaseEvent):
        ...     total: int
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = FileRegistry(folder).register(Paid)
        ...     print(sorted(file.name for file in (Path(folder) / "Paid").iterdir()))
        ['1-1.0.0.json', 'versions.json']
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        clock: Callable[[], float] = time.time,
        compatibility: Mode = DEFAULT_MODE,
    ) -> None:
        super().__init__(_FileStore(Path(folder)), clock=clock, compatibility=compatibility)


class _FileStore:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def read(self, work: Callable[[Rows], T]) -> T:
        return work(FileRows(self._folder))

    def change(self, work: Callable[[Rows], T]) -> T:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._lock, locked(self._folder / ".lock"):
                rows = FileRows(self._folder)
                result = work(rows)
                rows.save()
                return result
        except OSError as error:
            raise RegistryError(f"{self._folder} cannot be written: {error.strerror or error}") from None
