"""The sites of a file as stretches of text: which of them a node is part of, and whether their event's name was found."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubsub_devtools.model import Place
    from pubsub_devtools_analysis.facts import Span
    from pubsub_devtools_analysis.occurrences.by_file import Region

_FAR = 1 << 30


class Parts:
    """Regions by where they stand."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._at: defaultdict[Span, list[Region]] = defaultdict(list)
        self._around: list[tuple[Span, Region]] = []
        self._naming: dict[Region, list[Span]] = {}
        self._weak: defaultdict[Region, list[Span]] = defaultdict(list)
        self._named: set[Region] = set()
        for region in regions:
            self._at[span_of(region.place)].append(region)
            self.add(region, _whole_line(span_of(region.place)))

    def add(self, region: Region, span: Span) -> None:
        """Have a stretch count as part of a region."""
        self._around.append((span, region))

    def limit(self, region: Region, span: Span) -> None:
        """Have only this stretch count as part of a region: of a handler its head, not its body."""
        self._around = [each for each in self._around if each[1] != region]
        self.add(region, span)

    def at(self, span: Span) -> list[Region]:
        """The regions that are this very stretch."""
        return self._at.get(span, [])

    def around(self, span: Span) -> list[Region]:
        """The regions whose event a stretch may name: those around it, unless other arguments of theirs do."""
        return [
            region for outer, region in self._around if covers(outer, span) and self._may_name(region, span)
        ]

    def _may_name(self, region: Region, span: Span) -> bool:
        naming = self._naming.get(region)
        return not naming or any(covers(each, span) for each in naming)

    def narrow(self, region: Region, spans: list[Span]) -> None:
        """Have these arguments alone name a region's event; all may, where there are none."""
        self._naming[region] = spans

    def named(self, region: Region) -> None:
        """The name of a region's event was found."""
        self._named.add(region)

    def perhaps(self, region: Region, span: Span) -> None:
        """A part of the name was found: it counts where the whole is not."""
        self._weak[region].append(span)

    def left(self) -> Iterator[tuple[Region, Span]]:
        """For regions whose name was not found whole the longest part of it."""
        for region, spans in self._weak.items():
            if region not in self._named:
                yield region, max(spans, key=lambda span: span[3] - span[1])


def span_of(place: Place) -> Span:
    """A place as facts write it."""
    return (place.line, place.column, place.end_line, place.end_column)


def covers(outer: Span, inner: Span) -> bool:
    """Whether a stretch lies in another."""
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]


def _whole_line(span: Span) -> Span:
    """The entry of a table is told by its line alone."""
    return (span[0], 0, span[2], _FAR) if span[:2] == span[2:] else span
