"""What files say by event and by symbol, kept from one snapshot to the next: an edit changes one file of thousands."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pubsub_devtools_analysis.queries.occurrence import Occurrence

    Said = tuple[Occurrence, ...]


class Lookup(NamedTuple):
    """One file's occurrences, and the same by the events and by the symbols that they define."""

    said: Said
    by_event: dict[str, list[Occurrence]]
    defined: dict[str, list[Occurrence]]


class Lookups:
    """Look-ups by file, made again where a file says something else."""

    def __init__(self) -> None:
        self._known: dict[str, Lookup] = {}

    def everywhere(
        self, occurrences: Mapping[str, Said], events: frozenset[str]
    ) -> Iterator[tuple[str, Occurrence]]:
        """All that is said of some events, file by file, in the order of the text."""
        for path, said in occurrences.items():
            by_event = self._of(path, said).by_event
            found = {each for event in events & by_event.keys() for each in by_event[event]}
            for each in sorted(found):
                yield path, each

    def defined(self, occurrences: Mapping[str, Said], symbol: str) -> Iterator[tuple[str, Occurrence]]:
        """Where a symbol is defined."""
        for path, said in occurrences.items():
            for each in self._of(path, said).defined.get(symbol, ()):
                yield path, each

    def _of(self, path: str, said: Said) -> Lookup:
        known = self._known.get(path)
        if known is None or known.said is not said:
            known = self._known[path] = _made(said)
        return known


def _made(said: Said) -> Lookup:
    by_event: defaultdict[str, list[Occurrence]] = defaultdict(list)
    defined: defaultdict[str, list[Occurrence]] = defaultdict(list)
    for each in said:
        for event in each.events:
            by_event[event].append(each)
        if each.symbol and (each.role == "declare" or _is_definition(each)):
            defined[each.symbol].append(each)
    return Lookup(said, dict(by_event), dict(defined))


def _is_definition(occurrence: Occurrence) -> bool:
    return occurrence.form == "handler" and occurrence.role == "handle"
