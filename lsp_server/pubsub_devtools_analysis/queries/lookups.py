"""What all files say by event and by symbol, kept from one snapshot to the next: an edit changes one file of thousands."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pubsub_devtools_analysis.queries.occurrence import Occurrence

    Said = tuple[Occurrence, ...]
    Found = defaultdict[str, dict[str, list[Occurrence]]]


class Lookups:
    """Look-ups that are brought up to date with the occurrences that a question is asked of."""

    def __init__(self) -> None:
        self._of: Mapping[str, Said] = {}
        self._files: dict[str, Said] = {}
        self._by_event: Found = defaultdict(dict)
        self._defined: Found = defaultdict(dict)

    def everywhere(
        self, occurrences: Mapping[str, Said], events: frozenset[str]
    ) -> Iterator[tuple[str, Occurrence]]:
        """All that is said of some events, in the order of files and texts."""
        self._catch_up(occurrences)
        found = {
            (path, each)
            for event in events & self._by_event.keys()
            for path, its in self._by_event[event].items()
            for each in its
        }
        return iter(sorted(found))

    def defined(self, occurrences: Mapping[str, Said], symbol: str) -> Iterator[tuple[str, Occurrence]]:
        """Where a symbol is defined."""
        self._catch_up(occurrences)
        found = self._defined[symbol].items() if symbol in self._defined else ()
        return iter(sorted((path, each) for path, its in found for each in its))

    def _catch_up(self, occurrences: Mapping[str, Said]) -> None:
        if occurrences is self._of:
            return
        for path in [path for path in self._files if path not in occurrences]:
            self._drop(path)
        for path, said in occurrences.items():
            if self._files.get(path) is not said:
                self._drop(path)
                self._add(path, said)
        self._of = occurrences

    def _add(self, path: str, said: Said) -> None:
        self._files[path] = said
        for each in said:
            for event in each.events:
                self._by_event[event].setdefault(path, []).append(each)
            if each.symbol and _is_definition(each):
                self._defined[each.symbol].setdefault(path, []).append(each)

    def _drop(self, path: str) -> None:
        for each in self._files.pop(path, ()):
            for event in each.events:
                _drop(self._by_event, event, path)
            _drop(self._defined, each.symbol, path)


def _drop(found: Found, name: str, path: str) -> None:
    found[name].pop(path, None)
    if not found[name]:
        del found[name]


def _is_definition(each: Occurrence) -> bool:
    return each.role == "declare" or (each.form == "handler" and each.role == "handle")
