"""Edits that give up lines: a header but not its body, a logical line, what was pasted, a block, the block around."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .edit import Edit, nothing
from .headers import COLON, HEADER, is_scope, may_end_scope, stand_in, would_orphan
from .layout import (
    Lines,
    block_end,
    indent,
    is_blank,
    is_deeper,
    margin,
    parent,
    previous_code,
    run_end,
    with_decorators,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_PASTE = 4
"""How many lines are taken for pasted at once."""


def headers(lines: Lines, start: int, at: int) -> Iterator[Edit]:
    """The header of a block is replaced by a simple one, so that what stands in the block is kept."""
    match = HEADER.match(lines[start])
    simple = None if match is None else stand_in(match)
    if match is None or simple is None:
        return
    colon = next((index for index in range(at, len(lines)) if COLON.search(lines[index])), at)
    for end in dict.fromkeys([at, colon]):
        if may_end_scope(lines, start, end):
            continue
        body = "" if is_deeper(lines, end, start) else " pass"
        yield Edit(start, end, match["indent"] + simple + body, (start, end))


def logical_lines(lines: Lines, start: int, ends: list[int]) -> Iterator[Edit]:
    """`pass` instead of a logical line, at its own depth or as the body of the header above; then nothing."""
    for end in ends:
        own, *deeper = _margins(lines, start)
        yield Edit(start, end, own + "pass", (start, end))
        if not would_orphan(lines, start, end):
            yield from (Edit(start, end, depth + "pass", (start, end)) for depth in deeper)
            yield nothing(start, end)


def _margins(lines: Lines, at: int) -> list[str]:
    above = previous_code(lines, at)
    own = margin(lines[at])
    return [own, margin(lines[above]) + "    "] if above >= 0 and COLON.search(lines[above]) else [own]


def pasted(lines: Lines, at: int, refused: int) -> Iterator[Edit]:
    """Several lines that came at once, the last of them `at`; or the rest of a string that has lost its start."""
    firsts = [refused] if max(at - _PASTE, 0) <= refused < at else []
    for first in dict.fromkeys([*firsts, *range(at - 1, max(at - _PASTE, 0) - 1, -1)]):
        if not would_orphan(lines, first, at) and not any(is_scope(line) for line in lines[first:at]):
            yield nothing(first, at)
    quote = next((index for index in range(at, len(lines)) if _odd_triples(lines[index])), None)
    if quote is not None:
        yield nothing(at, quote)
        yield from (Edit(at, quote, depth + "pass", (at, quote)) for depth in _margins(lines, at))


def _odd_triples(line: str) -> bool:
    return line.count('"""') % 2 == 1 or line.count("'''") % 2 == 1


def blocks(lines: Lines, start: int) -> Iterator[Edit]:
    """The statement with its body, lines indented under no header, then the statement around it, outwards."""
    if not is_blank(lines[start]):
        run = run_end(lines, start)
        yield nothing(with_decorators(lines, start), run)
        yield from (Edit(start, run, depth + "pass", (start, run)) for depth in _margins(lines, start)[1:])
    while start >= 0:
        first, end = with_decorators(lines, start), block_end(lines, start)
        yield Edit(first, end, margin(lines[start]) + "pass", (first, end))
        yield nothing(first, end)
        head = _same_level_header(lines, start)
        if head >= 0:
            end = max(block_end(lines, head), end)
            yield Edit(head, end, margin(lines[head]) + "pass", (head, end))
        start = parent(lines, start)


def _same_level_header(lines: Lines, start: int) -> int:
    """The header above that a clause at `start` may belong to."""
    depth = indent(lines[start])
    above = next(
        (i for i in range(start - 1, -1, -1) if not is_blank(lines[i]) and indent(lines[i]) <= depth), -1
    )
    same = above >= 0 and indent(lines[above]) == depth
    return above if same and HEADER.match(lines[above]) else -1
