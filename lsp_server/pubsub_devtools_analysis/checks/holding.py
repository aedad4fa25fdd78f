"""The files in which a word stands: found by the scans, and kept up to date file by file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.scan import parts

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from pubsub_devtools_analysis.memo import Memo
    from pubsub_devtools_analysis.sources import Sources

Sought = str | re.Pattern[bytes]


class Holding:
    """For each word and pattern that was asked for the files that may hold it: texts are read for patterns alone."""

    def __init__(self, sources: Sources, memo: Memo) -> None:
        self._sources = sources
        self._memo = memo
        self._known: dict[Sought, set[str]] = {}

    def files(self, sought: Sought) -> list[str]:
        """The files in which all parts of a word stand, or a pattern is found."""
        self._memo.uses(("holding", sought))
        known = self._known.get(sought)
        if known is None:
            known = self._known[sought] = {path for path in self._sources.names if self._holds(path, sought)}
        return sorted(known)

    def changed(self, paths: Iterable[str]) -> set[Hashable]:
        """Look into these files again. Gives what is told differently."""
        found: set[Hashable] = set()
        for path in paths:
            for sought, known in self._known.items():
                is_held = path in self._sources.names and self._holds(path, sought)
                if is_held != (path in known):
                    (known.add if is_held else known.discard)(path)
                    found.add(("holding", sought))
        return found

    def _holds(self, path: str, sought: Sought) -> bool:
        if isinstance(sought, str):
            return self._sources.holds(path, parts(sought))
        return sought.search(self._sources.text(path) or b"") is not None
