"""The edits that may make a broken piece parse, from those that lose least to those that lose most.

Close what is open at the edited line; stand in for a header, so that its body stays; `pass` for the logical line;
drop it; the same for the statement around it, and so on outwards. Lines are counted from 0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .layout import (
    Lines,
    block_end,
    indent,
    is_blank,
    is_deeper,
    margin,
    next_code,
    open_depths,
    parent,
    previous_code,
    run_end,
    with_decorators,
)
from .lexical import Open, left_open, statement_end

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = re.compile(
    r"(?P<indent>\s*)(?P<word>(?:async\s+)?(?:def|for|with)|class|if|elif|else|while|try|except\*?|finally|case|match)\b"
    r"(?:\s+(?P<name>[^\W\d]\w*))?"
)
_COLON = re.compile(r":\s*(?:#.*)?$")
_STAND_INS = {
    "elif": "elif 1:",
    "else": "else:",
    "try": "try:",
    "except": "except Exception:",
    "except*": "except* Exception:",
    "finally": "finally:",
    "case": "case 0:",
}


_WORDS = (
    "async",
    "def",
    "class",
    "with",
    "for",
    "while",
    "if",
    "elif",
    "else",
    "try",
    "except",
    "finally",
    "match",
    "case",
)
_PASTE = 4
"""How many lines are taken for pasted at once."""


class Edit(NamedTuple):
    """`text` instead of lines `first` to `last`; facts of the lines `dropped` are not to be trusted."""

    first: int
    last: int
    text: str
    dropped: tuple[int, int] | None = None

    def applied(self, lines: Lines) -> list[str]:
        """The lines with this edit; it never changes their number."""
        filling = [""] * (self.last - self.first)
        return [*lines[: self.first], self.text, *filling, *lines[self.last + 1 :]]


def rungs(lines: Lines, at: int, refused: int, *, edited: bool) -> Iterator[Edit]:
    """The edits for a break at line `at`; `refused` is where the parser ended.

    `edited` says that somebody types at `at`, so that what is open there ends there.
    """
    before = left_open("\n".join([*lines[:at], ""]))
    if is_blank(lines[at]) and not before.continues:
        at = min(next_code(lines, at), len(lines) - 1)
    after = left_open("\n".join(lines[: at + 1]))
    if edited or not after.in_triple:
        yield from _closed(lines, at, after)
    if before.continues and at and (edited or not before.in_triple):
        yield from _closed(lines, at - 1, left_open("\n".join(lines[:at])))
    yield from _bodies(lines, at)
    start = before.start if before.continues else after.start
    ends = _ends(lines, start, at)
    if before.continues:
        yield from _within(lines, before, at, min(ends[-1], max(block_end(lines, start), at)))
    yield from _headers(lines, start, at, ends)
    yield from _lines(lines, start, ends)
    if edited:
        yield from _pasted(lines, at, refused)
    yield from _blocks(lines, start)


def _closed(lines: Lines, at: int, still: Open) -> Iterator[Edit]:
    """What is open is closed at the end of the line; a name fills the place of what is not yet typed."""
    line = lines[at]
    base = line[: len(line) - still.comment].rstrip().rstrip("\\")
    header = _HEADER.match(lines[still.start]) is not None
    fillers = [""] if still.quote else ["", " _" if base[-1:].isalnum() else "_"]
    for filler in fillers:
        text = base + filler + still.closers()
        for ending in _endings(lines, at, still.start) if header else [""]:
            if text + ending != line:
                yield Edit(at, at, text + ending, (still.start, at))


def _endings(lines: Lines, at: int, start: int) -> list[str]:
    """How a header may end: with its own body behind it, or with none."""
    return ["", ":"] if is_deeper(lines, at, start) else [": pass", " pass"]


def _bodies(lines: Lines, at: int) -> Iterator[Edit]:
    """A header whose body is not there (any more)."""
    above = previous_code(lines, at)
    if above >= 0 and indent(lines[at]) <= indent(lines[above]) and _COLON.search(lines[above]):
        yield Edit(above, above, _COLON.sub(": pass", lines[above]))


def _within(lines: Lines, before: Open, at: int, end: int) -> Iterator[Edit]:
    """One line of a statement of several: an element of its own, nothing, or the end of it all."""
    base = lines[at].rstrip().rstrip("\\,")
    for text in (base + left_open(base).closers() + ",", "", before.closers()):
        yield Edit(at, at, text, (before.start, end))


def _headers(lines: Lines, start: int, at: int, ends: list[int]) -> Iterator[Edit]:
    """The header of a block is replaced by a simple one, so that what stands in the block is kept."""
    match = _HEADER.match(lines[start])
    stand_in = None if match is None else _stand_in(match)
    if match is None or stand_in is None:
        return
    colon = next((index for index in range(at, len(lines)) if _COLON.search(lines[index])), at)
    for end in dict.fromkeys([at, colon, *ends]):
        body = "" if is_deeper(lines, end, start) else " pass"
        yield Edit(start, end, match["indent"] + stand_in + body, (start, end))


def _stand_in(header: re.Match[str]) -> str | None:
    word, name = header["word"], header["name"]
    if word.endswith("def"):
        return name and f"{word} {name}():"
    if word == "class":
        return name and f"class {name}:"
    return None if word == "match" else _STAND_INS.get(word, "if 1:")


def _lines(lines: Lines, start: int, ends: list[int]) -> Iterator[Edit]:
    """The logical line is replaced by `pass`, at its own depth or as the body of the header above; then by nothing."""
    above = previous_code(lines, start)
    margins = [margin(lines[start])]
    if above >= 0 and _COLON.search(lines[above]):
        margins.append(margin(lines[above]) + "    ")
    for end in ends:
        for depth in margins:
            yield Edit(start, end, depth + "pass", (start, end))
        if not _would_adopt(lines, start, end):
            yield _nothing(start, end)


def _nothing(first: int, last: int) -> Edit:
    return Edit(first, last, "", (first, last))


def _would_adopt(lines: Lines, start: int, end: int) -> bool:
    """Whether the block above would take in the body of a header, were the header dropped alone."""
    if not is_deeper(lines, end, start):
        return False
    text = lines[start].strip()
    header = _HEADER.match(text) or _COLON.search(lines[end]) or any(word.startswith(text) for word in _WORDS)
    return bool(header) and indent(lines[start]) in open_depths(lines, start)


def _pasted(lines: Lines, at: int, refused: int) -> Iterator[Edit]:
    """Several lines that came at once, the last of them `at`; or the rest of a string that has lost its start."""
    firsts = [refused] if max(at - _PASTE, 0) <= refused < at else []
    for first in dict.fromkeys([*firsts, *range(at - 1, max(at - _PASTE, 0) - 1, -1)]):
        if not _would_adopt(lines, first, at):
            yield _nothing(first, at)
    quote = next((index for index in range(at, len(lines)) if _odd_triples(lines[index])), None)
    if quote is not None:
        yield _nothing(at, quote)


def _odd_triples(line: str) -> bool:
    return line.count('"""') % 2 == 1 or line.count("'''") % 2 == 1


def _blocks(lines: Lines, start: int) -> Iterator[Edit]:
    """The statement with its body, lines indented by nobody, then the statement around it, outwards."""
    if not is_blank(lines[start]):
        yield _nothing(with_decorators(lines, start), run_end(lines, start))
    while start >= 0:
        first, end = with_decorators(lines, start), block_end(lines, start)
        yield Edit(first, end, margin(lines[start]) + "pass", (first, end))
        yield _nothing(first, end)
        head = _same_level_header(lines, start)
        if head >= 0:
            end = max(block_end(lines, head), end)
            yield Edit(head, end, margin(lines[head]) + "pass", (head, end))
        start = parent(lines, start)


def _same_level_header(lines: Lines, start: int) -> int:
    """The header above that a clause at `start` may belong to."""
    above = next(
        (
            i
            for i in range(start - 1, -1, -1)
            if not is_blank(lines[i]) and indent(lines[i]) <= indent(lines[start])
        ),
        -1,
    )
    same = above >= 0 and indent(lines[above]) == indent(lines[start])
    return above if same and _HEADER.match(lines[above]) else -1


def _ends(lines: Lines, start: int, at: int) -> list[int]:
    """Where the logical line of `at` may end: where it stands, with its brackets, or with its indentation."""
    blanked = "\n".join([*lines[start:at], "", *lines[at + 1 :]])
    balanced = start + statement_end(blanked, at - start)
    body = run_end(lines, next_code(lines, at)) if is_deeper(lines, at, start) else at
    return sorted({min(balanced, len(lines) - 1), at, block_end(lines, start), body})
