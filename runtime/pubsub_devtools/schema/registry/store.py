"""What keeps the rows of a registry. The logic stands above it once, in `stored.py`; a backend only keeps and finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from pubsub_devtools.schema.compatibility.modes import Mode
from pubsub_devtools.schema.registry.values import Registered, Schema

__all__ = ["Rows", "SchemaStore"]

T = TypeVar("T")


class Rows(Protocol):
    """All rows, as one piece of work sees them. Those that are deleted are among them."""

    def subjects(self) -> Sequence[str]:
        """Return the subjects that have rows, sorted."""
        ...

    def of(self, subject: str) -> Sequence[Registered]:
        """Return the rows of a subject in the order of their numbers."""
        ...

    def with_id(self, id: int) -> Sequence[Registered]:
        """Return the rows of one schema, by subject and number."""
        ...

    def id_of(self, schema: Schema) -> int | None:
        """Return the id that an equal schema has."""
        ...

    def new_id(self) -> int:
        """Return an id that was never given before, counting from 1."""
        ...

    def put(self, row: Registered) -> None:
        """Add a row, or replace that of the same subject and number."""
        ...

    def remove(self, row: Registered) -> None:
        """Forget a row."""
        ...

    def level(self, subject: str) -> Mode | None:
        """Return the mode that was set for a subject, or for all: ``""``."""
        ...

    def set_level(self, subject: str, mode: Mode | None) -> None:
        """Set or forget a mode."""
        ...


class SchemaStore(Protocol):
    """Where rows are kept."""

    def read(self, work: Callable[[Rows], T]) -> T:
        """Run work that only looks, on rows of one moment."""
        ...

    def change(self, work: Callable[[Rows], T]) -> T:
        """Run work that looks and changes, while no other work of any process changes; all of it is kept, or nothing."""
        ...
