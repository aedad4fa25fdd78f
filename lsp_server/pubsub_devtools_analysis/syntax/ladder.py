"""The edits that may make a broken piece parse, from those that lose least to those that lose most.

First the line itself is finished or corrected (`finishing`), so that what is being typed stays in the tree. Then
lines are given up (`giving_up`): as few as possible. Lines are counted from 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .finishing import closed, corrected, missing_body, within
from .giving_up import blocks, headers, logical_lines, pasted
from .layout import Lines, block_end, is_blank, is_deeper, next_code, run_end
from .lexical import left_open, lines_in_strings, statement_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .edit import Edit


def rungs(lines: Lines, at: int, refused: int, *, edited: bool) -> Iterator[Edit]:
    """The edits for a break at line `at`; `refused` is where the parser ended.

    `edited` says that somebody types at `at`: what is open there ends there, and what stands around it is sound.
    """
    before = left_open("\n".join([*lines[:at], ""]))
    if is_blank(lines[at]) and not before.continues:
        at = min(next_code(lines, at), len(lines) - 1)
    after = left_open("\n".join(lines[: at + 1]))
    yield from closed(lines, at, after)
    if before.continues and at:
        yield from closed(lines, at - 1, left_open("\n".join(lines[:at])))
    yield from missing_body(lines, at)
    start = before.start if before.continues else after.start
    ends = _ends(lines, start, at)
    if before.continues:
        yield from within(lines, before, at, min(ends[-1], max(block_end(lines, start), at)))
    if edited:
        yield from corrected(lines, start, at)
    losing = [*headers(lines, start, at), *logical_lines(lines, start, ends)]
    losing += pasted(lines, at, refused) if edited else []
    in_string = lines_in_strings("\n".join(lines[:at]))
    candidates = (edit for edit in [*losing, *blocks(lines, start)] if edit.first not in in_string)
    yield from sorted(candidates, key=lambda edit: edit.loss)


def _ends(lines: Lines, start: int, at: int) -> list[int]:
    """Where the logical line of `at` may end: where it stands, with its brackets, or with its indentation."""
    blanked = "\n".join([*lines[start:at], "", *lines[at + 1 :]])
    balanced = start + statement_end(blanked, at - start)
    body = run_end(lines, next_code(lines, at)) if is_deeper(lines, at, start) else at
    return sorted({min(balanced, len(lines) - 1), at, block_end(lines, start), body})
