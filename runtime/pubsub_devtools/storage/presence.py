"""Who lives: what a process has taken to itself is free again the moment it dies, whatever the clocks say.

Each owner keeps a file locked beside the database. The system lets go of the lock when the process ends, however it ends,
so whoever gets the lock of another owner knows that this one is gone.
"""

from __future__ import annotations

import os
import sys
import threading
import uuid
from pathlib import Path
from typing import IO

from pubsub_devtools.storage.errors import StorageError

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Presence:
    """The owner that one open database is. ``owner`` is its name in rows, ``""`` no owner at all.

    Example:
        >>> import tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> mine, other = Presence(Path(folder.name) / "alive"), Presence(Path(folder.name) / "alive")
        >>> name = other.owner()
        >>> mine.is_gone(name)
        False
        >>> other.leave()
        >>> mine.is_gone(name), mine.is_gone("")
        (True, True)
        >>> folder.cleanup()
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._appearing = threading.Lock()
        self._owner = ""
        self._file: IO[bytes] | None = None

    def owner(self) -> str:
        """Return the name under which this process is seen to live, from now on.

        Raises:
            StorageError: The folder cannot be written.
        """
        with self._appearing:
            if not self._owner:
                self._owner = self._appear()
            return self._owner

    def is_gone(self, owner: str) -> bool:
        """Whether an owner lives no longer. Each owner is asked for in its own rows, so it has appeared before."""
        if owner == self._owner:
            return not owner
        try:
            with (self._folder / owner).open("r+b") as file:
                _lock(file)
        except FileNotFoundError:
            return True
        except OSError:
            return not owner
        (self._folder / owner).unlink(missing_ok=True)
        return True

    def leave(self) -> None:
        """Be gone: what this owner has taken is free."""
        if self._file is not None:
            (self._folder / self._owner).unlink(missing_ok=True)
        self.forget()

    def forget(self) -> None:
        """Let go without telling, as a forked child does: the parent lives on under the name."""
        if self._file is not None:
            self._file.close()
        self._owner, self._file = "", None
        self._appearing = threading.Lock()  # another thread of the parent's may have held it

    def _appear(self) -> str:
        owner = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = (self._folder / owner).open("w+b")
            _lock(self._file)
        except OSError as error:
            raise StorageError(self._folder, f"it cannot be written ({error.strerror})") from error
        return owner
