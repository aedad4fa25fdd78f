"""All stores of one service on one machine, in the one file that its commands look into."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from pubsub_devtools.resilience.dead_letters.sqlite import SqliteDeadLetters
from pubsub_devtools.resilience.stores.journal import Journal
from pubsub_devtools.resilience.stores.sqlite import SqliteSeen, SqliteStates
from pubsub_devtools.resilience.stores.sqlite_delayed import SqliteDelayedAttempts
from pubsub_devtools.storage.sqlite import Database
from pubsub_devtools.storage.state_dir import STATE_FILE, make_state_dir, state_dir


class LocalStores:
    """The SQLite stores over one file, so that their writes share commits. Nothing is opened before it is used.

    Args:
        folder: Where the file lies; by default what ``storage.state_dir.state_dir`` finds: the ``state_dir`` of the settings,
            else ``.pubsub`` beside pyproject.toml.

    Example:
        >>> import tempfile
        >>> from pubsub_devtools.resilience.dead_letters.filing import DeadLetters
        >>> folder = tempfile.TemporaryDirectory()
        >>> stores = LocalStores(folder.name)
        >>> DeadLetters(stores.dead_letters).store.count()
        0
        >>> stores.close(); folder.cleanup()
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self.database = Database(state_dir(folder) / STATE_FILE, prepare=make_state_dir)

    @cached_property
    def dead_letters(self) -> SqliteDeadLetters:
        """Events that failed for good."""
        return SqliteDeadLetters(self.database)

    @cached_property
    def seen(self) -> SqliteSeen:
        """What handlers have seen."""
        return SqliteSeen(self.database)

    @cached_property
    def delayed(self) -> SqliteDelayedAttempts:
        """Attempts that follow later."""
        return SqliteDelayedAttempts(self.database)

    @cached_property
    def states(self) -> SqliteStates:
        """What breakers and limiters share."""
        return SqliteStates(self.database)

    @cached_property
    def journal(self) -> Journal:
        """Events that were accepted and are not finished."""
        return Journal(self.database)

    def close(self) -> None:
        """Store what is queued and close the file."""
        self.database.close()
