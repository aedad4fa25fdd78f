"""A dictionary that tells a memo each look-up, so that who looked is asked again when the entry changes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pubsub_devtools_analysis.memo import Memo

V = TypeVar("V")


class Told(dict[str, V]):
    """Rows by name. To look for one that is not there counts as well, to go through all of them does not."""

    def __init__(self, kind: str, memo: Memo) -> None:
        super().__init__()
        self._kind = kind
        self._memo = memo

    def get(self, key: str, default: Any = None) -> Any:
        """The row of this name."""
        self._memo.uses((self._kind, key))
        return super().get(key, default)

    def __getitem__(self, key: str) -> V:
        self._memo.uses((self._kind, key))
        return super().__getitem__(key)

    def take(self, rows: Mapping[str, V]) -> set[Hashable]:
        """Have these rows from now on. Gives what is told differently."""
        gone: dict[str, V | None] = dict.fromkeys(self.keys() - rows.keys())
        return self.put({**gone, **rows})

    def put(self, rows: Mapping[str, V | None]) -> set[Hashable]:
        """Have these rows in place of those of the same names, where nothing stands for none. Gives what is told differently."""
        known = super().get
        changed = {name for name, row in rows.items() if _differs(known(name), row)}
        for name, row in rows.items():
            if row is None:
                self.pop(name, None)
            else:
                self[name] = row
        return {(self._kind, name) for name in changed}

    def known(self, key: str) -> V | None:
        """The row of this name, for whoever keeps the rows: this is not noted."""
        return super().get(key)


def _differs(old: object, new: object) -> bool:
    return old is not new and old != new
