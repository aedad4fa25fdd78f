"""`schema_registry`: the registry of programs that need only one. It knows every class declared with `event_schema`.

It lives in memory and follows the code: a version that is declared again takes the place of the one before, as when a
module is loaded anew, and versions stand in their own order, whatever order their modules were imported in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import msgspec

from pubsub_devtools.schema.declare import schema_of, watch
from pubsub_devtools.schema.registry.event_schemas import event_schema_of
from pubsub_devtools.schema.registry.memory import MemoryRows
from pubsub_devtools.schema.registry.store import Rows
from pubsub_devtools.schema.registry.stored import StoredRegistry
from pubsub_devtools.schema.registry.values import Registered
from pubsub_devtools.schema.versions import version_rank

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

__all__ = ["DefaultRegistry", "schema_registry"]

T = TypeVar("T")


class _FollowingStore:
    """Keeps what is registered, and takes in declared classes when somebody looks: only then are they complete."""

    def __init__(self) -> None:
        self.rows = MemoryRows()
        self.declared: list[type[BaseEvent]] = []
        self.lock = threading.RLock()

    def read(self, work: Callable[[Rows], T]) -> T:
        return self.change(work)

    def change(self, work: Callable[[Rows], T]) -> T:
        with self.lock:
            while self.declared:
                self._take(self.declared[0])
                del self.declared[0]
            return work(self.rows)

    def _take(self, cls: type[BaseEvent]) -> None:
        about, schema = schema_of(cls), event_schema_of(cls)
        others = [row for row in self.rows.of(about.name) if row.label != about.version]
        id = self.rows.id_of(schema) or self.rows.new_id()
        rows = [*others, Registered(about.name, 0, id, schema, about.version)]
        for number, row in enumerate(sorted(rows, key=lambda row: version_rank(row.label)), 1):
            self.rows.put(msgspec.structs.replace(row, number=number))


class DefaultRegistry(StoredRegistry):
    """Hears of every declared class, without ``register``.

    Example:
        >>> from pubsub_devtools import BaseEvent, event_schema, schema_registry
        >>> @event_schema(name="parcels.lost", version="1.0.0")
        ... class ParcelLost(BaseEvent): ...
        >>> schema_registry.latest("parcels.lost").version
        '1.0.0'
    """

    def __init__(self) -> None:
        self._following = _FollowingStore()
        super().__init__(self._following)
        watch(self._hear)

    @contextmanager
    def isolated(self) -> Generator[DefaultRegistry]:
        """Forget at the end what is declared or registered inside."""
        following = self._following
        with following.lock:
            before, waiting = following.rows.copy(), list(following.declared)
        try:
            yield self
        finally:
            with following.lock:
                following.rows, following.declared = before, waiting

    def _hear(self, cls: type[BaseEvent]) -> None:
        with self._following.lock:
            self._following.declared.append(cls)


schema_registry = DefaultRegistry()
"""The default registry."""
