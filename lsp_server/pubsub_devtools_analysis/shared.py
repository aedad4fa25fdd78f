"""What files say together, as far as others ask for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any, Generic, TypeVar

from pubsub_devtools_analysis.memo import Memo

V = TypeVar("V")


class Shared:
    """Items that hold as long as one file says them. Who asks for one is told by a memo when that changes."""

    def __init__(self, kind: str, memo: Memo) -> None:
        self._kind = kind
        self._memo = memo
        self._said: dict[str, frozenset[Hashable]] = {}
        self._times: Counter[Hashable] = Counter()

    def __contains__(self, item: object) -> bool:
        self._memo.uses((self._kind, item))
        return self._times[item] > 0

    def put(self, path: str, items: frozenset[Any]) -> set[Hashable]:
        """Have a file say this and nothing else. Gives what others are to be told."""
        old = self._said.pop(path, frozenset())
        if items:
            self._said[path] = items
        elif not old:
            return set()
        self._times.update(items - old)
        self._times.subtract(old - items)
        changed = {item for item in items ^ old if self._times[item] == (item in items)}
        for item in changed - items:
            del self._times[item]
        return {(self._kind, item) for item in changed}


class Noted(Generic[V]):
    """A dictionary of somebody else's: look-ups are noted, and what has changed since is found by comparing."""

    def __init__(self, kind: str, rows: Mapping[str, V], memo: Memo) -> None:
        self._kind = kind
        self._rows = rows
        self._memo = memo
        self._before: dict[str, V] = {}

    def get(self, key: str) -> V | None:
        """The row of this name."""
        self._memo.uses((self._kind, key))
        return self._rows.get(key)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.get(key) is not None

    def changed(self) -> set[Hashable]:
        """What is told differently since the last time."""
        before, self._before = self._before, {**self._rows}
        if before == self._before:
            return set()
        names = before.keys() | self._before.keys()
        return {(self._kind, name) for name in names if before.get(name) != self._before.get(name)}
