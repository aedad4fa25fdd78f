"""`MemoryRegistry`: schemas of this process alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from pubsub_devtools.schema.compatibility.modes import Mode
from pubsub_devtools.schema.registry.store import Rows
from pubsub_devtools.schema.registry.stored import DEFAULT_MODE, StoredRegistry
from pubsub_devtools.schema.registry.values import Registered, Schema

__all__ = ["MemoryRegistry", "MemoryRows"]

T = TypeVar("T")


class MemoryRegistry(StoredRegistry):
    """A registry that lives as long as the object.

    Example:
        >>> from pubsub_devtools import BaseEvent, event_schema
        >>> @event_schema(name="Paid", version="1.0.0")
        ... class Paid(BaseEvent):
        ...     total: int
        >>> registry = MemoryRegistry()
        >>> registry.register(Paid).version
        '1.0.0'
        >>> @event_schema(name="Paid", version="2.0.0")
        ... class PaidV2(BaseEvent):
        ...     total: int
        ...     currency: str
        >>> check = registry.check(PaidV2)
        >>> bool(check), check.lines()
        (False, ('backward with 1.0.0: the new version requires `currency`, which the old one does not give',))
    """

    def __init__(self, *, clock: Callable[[], float] = time.time, compatibility: Mode = DEFAULT_MODE) -> None:
        super().__init__(_MemoryStore(), clock=clock, compatibility=compatibility)


class _MemoryStore:
    def __init__(self) -> None:
        self._rows = MemoryRows()
        self._lock = threading.RLock()

    def read(self, work: Callable[[Rows], T]) -> T:
        with self._lock:
            return work(self._rows)

    def change(self, work: Callable[[Rows], T]) -> T:
        with self._lock:
            before = self._rows.copy()
            try:
                return work(self._rows)
            except BaseException:
                self._rows = before
                raise


class MemoryRows:
    """Rows in dictionaries, which the file backend reads its files into."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], Registered] = {}
        self.levels: dict[str, Mode] = {}
        self.ids = 0

    def copy(self) -> MemoryRows:
        """Return rows of their own."""
        other = MemoryRows()
        other.rows, other.levels, other.ids = dict(self.rows), dict(self.levels), self.ids
        return other

    def subjects(self) -> Sequence[str]:
        """Return the subjects that have rows, sorted."""
        return sorted({subject for subject, _ in self.rows})

    def of(self, subject: str) -> Sequence[Registered]:
        """Return the rows of a subject in the order of their numbers."""
        return [row for key, row in sorted(self.rows.items()) if key[0] == subject]

    def with_id(self, id: int) -> Sequence[Registered]:
        """Return the rows of one schema."""
        return [row for _, row in sorted(self.rows.items()) if row.id == id]

    def id_of(self, schema: Schema) -> int | None:
        """Return the id that an equal schema has."""
        return next((row.id for row in self.rows.values() if row.schema == schema), None)

    def new_id(self) -> int:
        """Return an id that was never given before."""
        self.ids += 1
        return self.ids

    def put(self, row: Registered) -> None:
        """Add or replace a row."""
        self.rows[row.subject, row.number] = row

    def remove(self, row: Registered) -> None:
        """Forget a row."""
        self.rows.pop((row.subject, row.number), None)

    def level(self, subject: str) -> Mode | None:
        """Return the mode that was set."""
        return self.levels.get(subject)

    def set_level(self, subject: str, mode: Mode | None) -> None:
        """Set or forget a mode."""
        if mode is None:
            self.levels.pop(subject, None)
        else:
            self.levels[subject] = mode
