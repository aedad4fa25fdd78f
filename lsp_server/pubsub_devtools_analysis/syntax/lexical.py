"""What is open at the end of a piece of code: brackets, a string, a logical line.

A scan by regular expression, for text that no tokenizer accepts. It starts where a statement starts.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      (?P<triple>'{3}|"{3}) (?:\\.|(?!(?P=triple)).)* (?P<triple_end>(?P=triple))?
    | (?P<single>['"]) (?:\\.|(?!(?P=single))[^\n])* (?P<single_end>(?P=single))?
    | (?P<comment>\#[^\n]*)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<joined>\\\n)
    | (?P<line>\n)
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}


class Open(NamedTuple):
    """What a piece of code leaves open: the line (0-based in it) of its last statement, brackets, a quote.

    `comment` is the length of the comment that the piece ends with.
    """

    start: int
    brackets: str
    quote: str
    comment: int

    @property
    def in_triple(self) -> bool:
        """Whether a string of several lines is open."""
        return len(self.quote) == 3

    @property
    def continues(self) -> bool:
        """Whether the next line belongs to the same statement."""
        return bool(self.brackets) or self.in_triple

    def closers(self) -> str:
        """What to write to close everything."""
        return self.quote + "".join(_CLOSING[bracket] for bracket in reversed(self.brackets))


def left_open(code: str) -> Open:
    """What is open at the end of `code`."""
    start = line = 0
    stack: list[str] = []
    quote = ""
    comment = 0
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or ""
        ended = match.end() == len(code)
        if kind in ("triple", "single"):
            quote = match[kind] if ended else ""
        elif kind == "open":
            stack.append(match[0])
        elif kind == "close" and stack and stack[-1] == _OPENING[match[0]]:
            stack.pop()
        comment = len(match[0]) if kind == "comment" and ended else 0
        line += match[0].count("\n")
        if kind == "line" and not stack:
            start = line
    return Open(start, "".join(stack), quote, comment)


def statement_end(code: str, at_least: int) -> int:
    """The line (0-based) at which the first statement of `code` ends, or one behind it that is `at_least` there."""
    line = depth = 0
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "line" and depth == 0 and line >= at_least:
            return line
        line += match[0].count("\n")
    return line


def lines_in_strings(code: str) -> set[int]:
    """The lines (0-based) that start inside a string of several lines: their depth says nothing."""
    found: set[int] = set()
    line = 0
    for match in _TOKEN.finditer(code):
        ends = match[0].count("\n")
        if match["triple"]:
            found.update(range(line + 1, line + ends + 1))
        line += ends
    return found
