"""Where a position goes when a text is edited, and where it came from.

Positions are pairs of a line from 0 and a column in code points; they compare as pairs do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Point = tuple[int, int]


class Moved(NamedTuple):
    """One edit: what stood from ``start`` to ``end`` is gone, what took its place stands from ``start`` to ``new_end``."""

    start: Point
    end: Point
    new_end: Point

    def forward(self, point: Point) -> Point | None:
        """Where a position of the text before stands after the edit; nothing inside what is gone."""
        return _moved(point, self.start, self.end, self.new_end)

    def back(self, point: Point) -> Point | None:
        """Where a position of the text after the edit stood before; nothing inside what is new."""
        return _moved(point, self.start, self.new_end, self.end)

    def lower(self, lines: int) -> Moved:
        """The same edit in a text that has so many lines more above."""
        start, end, new_end = ((line + lines, column) for line, column in self)
        return Moved(start, end, new_end)


def _moved(point: Point, start: Point, end: Point, new_end: Point) -> Point | None:
    if point <= start:
        return point
    if point < end:
        return None
    if point[0] > end[0]:
        return point[0] - end[0] + new_end[0], point[1]
    return new_end[0], point[1] - end[1] + new_end[1]


def difference(old: Sequence[str], new: Sequence[str]) -> Moved | None:
    """The smallest single edit that makes one text of another; nothing where they are the same.

    For clients that send whole texts, and for texts whose edits nobody saw.
    """
    top = _common(old, new)
    if top == len(old) == len(new):
        return None
    bottom = _common(old[top:][::-1], new[top:][::-1])
    before, after = "".join(old[top : len(old) - bottom]), "".join(new[top : len(new) - bottom])
    left = _common(before, after)
    right = _common(before[left:][::-1], after[left:][::-1])
    return Moved(
        _point(old, top, left),
        _point(old, top, len(before) - right),
        _point(new, top, len(after) - right),
    )


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How much both have in common at their beginning. Halving leaves the comparing to slices, which do it fast."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _point(lines: Sequence[str], line: int, offset: int) -> Point:
    """The place of a character that stands ``offset`` behind the beginning of a line."""
    while line < len(lines) - 1 and offset >= len(lines[line]):
        offset -= len(lines[line])
        line += 1
    return line, offset
