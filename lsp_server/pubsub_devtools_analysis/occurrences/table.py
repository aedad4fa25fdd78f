"""What all files of a root say of events, worked out file by file and kept up to date with the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.occurrences.by_file import FileView, by_file
from pubsub_devtools_analysis.occurrences.choosing import chosen, distinctive
from pubsub_devtools_analysis.occurrences.collecting import Collection
from pubsub_devtools_analysis.occurrences.file import OneFile
from pubsub_devtools_analysis.occurrences.ground import Known
from pubsub_devtools_analysis.occurrences.meaning import Meaning
from pubsub_devtools_analysis.occurrences.quoted import SUFFIXES, in_configuration
from pubsub_devtools_analysis.occurrences.symbols import Symbols

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import EventGraph
    from pubsub_devtools_analysis.host import AnalysisHost
    from pubsub_devtools_analysis.memo import Key
    from pubsub_devtools_analysis.queries.occurrence import Occurrence

Said = tuple["Occurrence", ...]


class Occurrences:
    """The occurrences under one graph of a host.

    Make a new one for each graph. What a file says is remembered with the host's other answers, so that it is forgotten
    when something that it stands on changes; `changed` tells which files are to be asked for again.
    """

    def __init__(self, host: AnalysisHost, graph: EventGraph) -> None:
        self._host = host
        self._linker = host.linker()
        self._sources = host.sources()
        self._symbols = Symbols(graph)
        self._views = by_file(graph)
        self._names = distinctive(self._symbols)
        meaning = Meaning(self._symbols, self._linker.workspace, self._linker.known)
        self._known = Known(self._linker.evaluator, self._symbols, meaning, self._names)
        spoken = [path for path in self._views if path in host.files()]
        self._words = chosen(self._symbols, self._is_module, host.files_with, spoken)

    def paths(self) -> tuple[str, ...]:
        """The files that may say something, configuration at the end."""
        return (*sorted(self._words), *self._configuration())

    def all(self) -> Iterator[tuple[str, Said]]:
        """What each file says, those left out that say nothing."""
        for path in self.paths():
            said = self.of(path)
            if said:
                yield path, said

    def of(self, path: str) -> Said:
        """What one file says, sorted; nothing for a file that is not there."""
        if not path.endswith(".py"):
            return self._in_configuration(path)
        if path not in self._words:
            return ()
        memo = self._linker.memo
        key = _key(path)
        memo.drop(key)
        return memo.get(key, lambda: self._read(path), ())

    def changed(self, before: Occurrences, path: str) -> set[str]:
        """The files that may say something else than under the graph before, after a change of one file."""
        views = {each for each in self._views.keys() | before._views.keys() if self._differs(before, each)}
        words = self._symbols.changed_words(before._symbols)
        stale = {each for each, its in self._words.items() if its & words}
        stale |= {each for each, its in before._words.items() if its & words}
        lost = {each for each in self._words if not self._linker.memo.has(_key(each))}
        names = self._names.keys() ^ before._names.keys()
        quoting = self._words.keys() if names else set[str]()
        return {path, *views, *stale, *lost, *(self._words.keys() ^ before._words.keys()), *quoting}

    def _differs(self, before: Occurrences, path: str) -> bool:
        return self._views.get(path, FileView()) != before._views.get(path, FileView())

    def _read(self, path: str) -> Said:
        data = self._sources.text(path)
        facts = self._linker.workspace.facts(path)
        if data is None or facts is None:
            return ()
        view = self._views.get(path, FileView())
        return OneFile(path, data, facts, view, self._words[path], self._known).occurrences()

    def _is_module(self, dotted: str) -> bool:
        return self._linker.workspace.modules.resolve(dotted, "") is not None

    # -- configuration

    def _configuration(self) -> list[str]:
        """The files of settings at the root, and the schemas that they name."""
        return [path for path in self._host.configuration() if path.endswith(SUFFIXES)]

    def _in_configuration(self, path: str) -> Said:
        try:
            data = (self._host.root / path).read_bytes()
        except OSError:
            return ()
        found = Collection()
        in_configuration(data, self._names, found)
        return found.all()


def _key(path: str) -> Key:
    return ("occurrences", path, "")
