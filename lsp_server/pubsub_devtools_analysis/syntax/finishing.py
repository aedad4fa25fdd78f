"""Edits that finish or correct the line where somebody types, so that its calls stay in the tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .edit import Edit
from .headers import COLON, HEADER
from .layout import Lines, indent, is_deeper, margin, next_code, previous_code, run_end, stripped
from .lexical import Open, left_open

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNPAIRED = re.compile(r"\"{3}|'{3}|[\"'()\[\]{}]")
_MAX_UNPAIRED = 8


def closed(lines: Lines, at: int, still: Open) -> Iterator[Edit]:
    """What is open is closed at the end of the line; a name fills the place of what is not yet typed."""
    line = lines[at]
    base = line[: len(line) - still.comment].rstrip().rstrip("\\")
    header = HEADER.match(lines[still.start]) is not None
    fillers = [""] if still.quote else ["", " _" if base[-1:].isalnum() else "_"]
    for filler in fillers:
        text = base + filler + still.closers()
        for ending in _endings(lines, at, still.start) if header else [""]:
            if text + ending != line:
                yield Edit(at, at, text + ending, (still.start, at))


def _endings(lines: Lines, at: int, start: int) -> list[str]:
    """How a header may end: with its own body behind it, or with none."""
    return ["", ":"] if is_deeper(lines, at, start) else [": pass", " pass"]


def missing_body(lines: Lines, at: int) -> Iterator[Edit]:
    """A header whose body is not there (any more); nothing that it says is in doubt."""
    above = previous_code(lines, at)
    if above >= 0 and indent(lines[at]) <= indent(lines[above]) and COLON.search(lines[above]):
        yield Edit(above, above, COLON.sub(": pass", lines[above]))


def within(lines: Lines, before: Open, at: int, end: int) -> Iterator[Edit]:
    """One line of a statement of several: an element of its own, nothing, or the end of it all."""
    base = lines[at].rstrip().rstrip("\\,")
    for text in (base + left_open(base).closers() + ",", "", before.closers()):
        yield Edit(at, at, text, (before.start, end))


def corrected(lines: Lines, start: int, at: int) -> Iterator[Edit]:
    """One bracket or quote less, a first word less, or the line as deep as its neighbours."""
    line, text = lines[at], stripped(lines[at])
    for match in [*_UNPAIRED.finditer(line)][:_MAX_UNPAIRED]:
        yield Edit(at, at, line[: match.start()] + line[match.end() :], (start, at))
    margins = dict.fromkeys([margin(line), *(margin(lines[index]) for index in _neighbours(lines, at))])
    for rest in (text, stripped(text.partition(" ")[2])):
        for depth in margins:
            if rest and depth + rest != line:
                yield Edit(at, at, depth + rest, (start, at))


def _neighbours(lines: Lines, at: int) -> list[int]:
    """The lines that may tell how deep a line should be: above, below, and behind the block below."""
    following = next_code(lines, at)
    found = [previous_code(lines, at), following]
    if following < len(lines):
        found.append(next_code(lines, run_end(lines, following)))
    return [index for index in found if 0 <= index < len(lines)]
