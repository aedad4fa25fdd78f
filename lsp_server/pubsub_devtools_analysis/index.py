"""The scans of all files, and which files they say must be read: by framework, by learnt name, as candidates for buses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pubsub_devtools_analysis.dialect import Dialect
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.scan import Scan, called, number
from pubsub_devtools_analysis.select import method_words


class Index:
    """Scans by path."""

    def __init__(self) -> None:
        self.scans: dict[str, Scan] = {}
        self._importing: Counter[str] = Counter()
        self._watched: dict[int, set[str]] = {}
        self._alike: dict[tuple[str, ...], tuple[str, ...]] = {}

    def put(self, path: str, scan: Scan | None) -> None:
        """Set, replace or (with none) remove a file's scan."""
        old = self.scans.pop(path, None)
        if old is not None:
            self._importing.subtract(old.dialects)
        if scan is not None:
            dialects = self._alike.setdefault(scan.dialects, scan.dialects)
            self.scans[path] = Scan(dialects, scan.candidate, scan.words)
            self._importing.update(scan.dialects)
        for paths in self._watched.values():
            paths.discard(path)
        for each in scan.among(self._watched) if scan is not None else ():
            self._watched[each].add(path)

    def files_with(self, names: Iterable[str]) -> dict[str, set[str]]:
        """For each name the files in which it stands; kept up to date from then on, since it is asked again and again."""
        numbers = {name: number(name) for name in names if name.isidentifier()}
        new = [name for name, each in numbers.items() if each not in self._watched]
        for name, paths in self.search(new).files().items():
            self._watched[number(name)] = paths
        return {name: self._watched[each] for name, each in numbers.items()}

    def active(self, dialects: Iterable[Dialect], always: frozenset[str]) -> list[Dialect]:
        """The dialects that count: those some file imports, and the user's own."""
        return [d for d in dialects if d.name in always or self._importing[d.name] > 0]

    def candidates(self) -> set[str]:
        """Files that may hold a hand-written bus."""
        return {path for path, scan in self.scans.items() if scan.candidate}

    def __len__(self) -> int:
        return len(self.scans)

    def holds(self, path: str, numbers: Sequence[int]) -> bool:
        """Whether all of these words stand in a file."""
        scan = self.scans.get(path)
        return scan is not None and scan.has_all(numbers)

    def search(self, names: Iterable[str]) -> Search:
        """A look for any of these names."""
        return Search(self, names)


class Search:
    """Finds the files in which some names stand, other than where they are defined."""

    def __init__(self, index: Index, names: Iterable[str]) -> None:
        self._scans = index.scans
        self._names = {number(name): name for name in names if name.isidentifier()}

    def __contains__(self, path: str) -> bool:
        scan = self._scans.get(path)
        return scan is not None and scan.has(self._names.keys())

    def named(self, path: str) -> set[str]:
        """Those of the names that stand in a file."""
        scan = self._scans.get(path)
        return {self._names[number] for number in scan.among(self._names)} if scan is not None else set()

    def files(self) -> dict[str, set[str]]:
        """For each name the files in which it stands."""
        found: dict[str, set[str]] = {name: set() for name in self._names.values()}
        for path, scan in self._scans.items() if found else ():
            if scan.has(self._names.keys()):
                for number in scan.among(self._names):
                    found[self._names[number]].add(path)
        return found


class Choice:
    """The words that choose files under a set of dialects."""

    def __init__(self, known: Known) -> None:
        self._everywhere = {called(word) for word in method_words(known)}
        self._importing = {name: own_words(dialect) for name, dialect in known.dialects.items()}

    def files(self, index: Index) -> set[str]:
        """The files that are chosen."""
        return {path for path, scan in index.scans.items() if self.takes(scan)}

    def takes(self, scan: Scan) -> bool:
        """A file with an uncommon name of any framework, or with any name of one that it imports."""
        if self._everywhere and scan.has(self._everywhere):
            return True
        for name in scan.dialects:
            words = self._importing.get(name, set())
            if words is None or scan.has(words):
                return True
        return False


def own_words(dialect: Dialect) -> set[int] | None:
    """The words without which an importing file has no site of a dialect; nothing where its names alone do not tell."""
    known = Known([dialect])
    if known.named_methods or known.subclasses or "()" in known.hot:
        return None
    return {number(word) for word in (*known.hot, *known.tables, *known.attributes)}
