"""What a piece of work may do with its connection: the few methods of the driver's that the stores need, fully typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

SQLValue = None | int | float | str | bytes
Bindings = Sequence[SQLValue] | Mapping[str, SQLValue]
Row = tuple[Any, ...]


class Rows(Protocol):
    """The rows of a statement, read as they are asked for. They are gone once the work has returned."""

    def fetchone(self) -> Row | None:
        """Return the next row, None behind the last."""
        ...

    def fetchall(self) -> list[Row]:
        """Return all rows that are left."""
        ...

    def __iter__(self) -> Iterator[Row]: ...


class Connection(Protocol):
    """A connection inside a transaction. Work never begins or ends one itself."""

    def execute(self, statements: str, bindings: Bindings | None = None) -> Rows:
        """Run one or more statements; ``?`` and ``:name`` stand for bindings."""
        ...

    def executemany(self, statements: str, sequenceofbindings: Iterable[Bindings], /) -> Rows:
        """Run the statement once for each of the bindings."""
        ...

    def changes(self) -> int:
        """Return how many rows the last INSERT, UPDATE or DELETE touched."""
        ...

    def last_insert_rowid(self) -> int:
        """Return the key of the last row that was inserted."""
        ...


class OpenConnection(Connection, Protocol):
    """What those who open and close connections know besides."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        ...

    def pragma(self, name: str, value: SQLValue = None) -> Any:
        """Set or read a setting of SQLite's."""
        ...

    def set_busy_handler(self, callable: Callable[[int], bool] | None) -> None:
        """Say what to do while another connection holds the lock."""
        ...

    def close(self) -> None:
        """Close it."""
        ...

    def __enter__(self) -> object: ...

    def __exit__(self, *error: Any) -> bool | None: ...
