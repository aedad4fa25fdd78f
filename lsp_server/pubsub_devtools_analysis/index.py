"""The scans of all files, and which files they say must be read: by framework, by learnt name, as candidates for buses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pubsub_devtools_analysis.dialect import Dialect
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.scan import Scan, called, number
from pubsub_devtools_analysis.select import method_words


class Index:
    """Scans by path."""

    def __init__(self) -> None:
        self._scans: dict[str, Scan] = {}
        self._importing: Counter[str] = Counter()

    def __contains__(self, path: str) -> bool:
        return path in self._scans

    def __len__(self) -> int:
        return len(self._scans)

    def put(self, path: str, scan: Scan | None) -> None:
        """Set, replace or (with none) remove a file's scan."""
        old = self._scans.pop(path, None)
        if old is not None:
            self._importing.subtract(old.dialects)
        if scan is not None:
            self._scans[path] = scan
            self._importing.update(scan.dialects)

    def active(self, dialects: Iterable[Dialect], always: frozenset[str]) -> list[Dialect]:
        """The dialects that count: those some file imports, and the user's own."""
        return [d for d in dialects if d.name in always or self._importing[d.name] > 0]

    def candidates(self) -> set[str]:
        """Files that may hold a hand-written bus."""
        return {path for path, scan in self._scans.items() if scan.candidate}

    def calling(self, names: Iterable[str]) -> set[str]:
        """Files in which one of these names is called."""
        numbers = {number(name) for name in names if name.isidentifier()}
        return {path for path, scan in self._scans.items() if scan.has(numbers)} if numbers else set()

    def near(self, names: Iterable[str], words: Iterable[str]) -> set[str]:
        """Files in which one of these names and one of these words stand: `app` and `topic` for `app.topic("x")`."""
        first, second = {number(name) for name in names}, {number(word) for word in words}
        if not first or not second:
            return set()
        return {path for path, scan in self._scans.items() if scan.has(first) and scan.has(second)}

    def chosen(self, choice: Choice) -> set[str]:
        """Files that the active frameworks' own names choose."""
        return {path for path, scan in self._scans.items() if choice.takes(scan)}

    def takes(self, choice: Choice, path: str) -> bool:
        """Whether this file is one of them."""
        scan = self._scans.get(path)
        return scan is not None and choice.takes(scan)

    def scan(self, path: str) -> Scan | None:
        """A file's scan."""
        return self._scans.get(path)


class Choice:
    """The words that choose files under a set of dialects."""

    def __init__(self, known: Known) -> None:
        self._everywhere = {called(word) for word in method_words(known)}
        self._importing = {name: own_words(dialect) for name, dialect in known.dialects.items()}

    def takes(self, scan: Scan) -> bool:
        """A file with an uncommon name of any framework, or with any name of one that it imports."""
        if self._everywhere and scan.has(self._everywhere):
            return True
        for name in scan.dialects:
            words = self._importing.get(name, frozenset())
            if words is None or scan.has(words):
                return True
        return False


def own_words(dialect: Dialect) -> set[int] | None:
    """The words without which an importing file has no site of a dialect; nothing where its names alone do not tell."""
    known = Known([dialect])
    if known.named_methods or known.subclasses or "()" in known.hot:
        return None
    return {number(word) for word in (*known.hot, *known.tables, *known.attributes)}
