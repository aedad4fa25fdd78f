"""Where the inside of a string literal stands: parts of an implicit concatenation and stretches of f-strings each by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pubsub_devtools_analysis.facts import Span

_TOKEN = re.compile(
    r"""(?P<prefix>[A-Za-z]{0,2})(?P<quote>\"\"\"|'''|"|')(?P<inside>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""",
    re.DOTALL,
)
_HOLE = re.compile(r"\{\{|\}\}|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")


class Stretch(NamedTuple):
    """A stretch of one line that holds text."""

    line: int
    column: int
    end_column: int
    text: str


def stretches(lines: Sequence[str], span: Span) -> list[Stretch]:
    """The text of a literal that begins and ends where the span does, as it is written, quotes and holes left out.

    >>> [each.text for each in stretches(['f("a." "b", f"c.{x}.d")'], (1, 2, 1, 10))]
    ['a.', 'b']
    """
    return list(_stretches(lines, span))


def _stretches(lines: Sequence[str], span: Span) -> Iterator[Stretch]:
    first, column, last, end = span
    within = list(lines[first - 1 : last])
    if not within:
        return
    within[-1] = within[-1][:end]
    text = "\n".join([within[0][column:], *within[1:]])
    for token in _TOKEN.finditer(text):
        pieces = _pieces(token["inside"]) if "f" in token["prefix"].lower() else [(0, token["inside"])]
        for offset, piece in pieces:
            start = token.start("inside") + offset
            line = text.count("\n", 0, start)
            begin = start - (text.rfind("\n", 0, start) + 1) + (0 if line else column)
            if piece and "\n" not in piece:
                yield Stretch(first + line, begin, begin + len(piece), piece)


def _pieces(inside: str) -> list[tuple[int, str]]:
    """What stands between the holes of an f-string, and where."""
    found: list[tuple[int, str]] = []
    start = 0
    for hole in _HOLE.finditer(inside):
        found.append((start, inside[start : hole.start()]))
        start = hole.end()
    return [*found, (start, inside[start:])]


def longest(found: Sequence[Stretch]) -> Stretch | None:
    """The stretch that says most."""
    return max(found, key=lambda each: len(each.text), default=None)
