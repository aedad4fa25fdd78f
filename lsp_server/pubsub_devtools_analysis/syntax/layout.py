"""What indentation alone says about lines: where statements start and blocks end. Lines are counted from 0.

Broken text has no other reliable structure: people indent correctly long before the brackets match.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Lines = Sequence[str]

_CLAUSE = re.compile(r"(?:else|elif|except|finally)\b")
_PASTED = 3
_FUNCTION = re.compile(r"\s*(?:async\s+)?def\b")
_SCOPE = re.compile(r"(?:async\s+def|def|class)\s|@")
_OWNER = re.compile(r"(?:async|def|class|if|for|while|with|match)\s|try\b")
_NO_START = re.compile(r"""[\s#)\]}'"]|(?:else|elif|except|finally)\b|$""")


def indent(line: str) -> int:
    """The width of the white space before a line's text."""
    return len(margin(line).rpartition("\f")[2].expandtabs())


def margin(line: str) -> str:
    """The white space before a line's text."""
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def stripped(line: str) -> str:
    """A line without the white space of Python around it; `str.strip` knows more kinds."""
    return line.strip(" \t\f")


def is_blank(line: str) -> bool:
    """Whether a line holds no code."""
    return stripped(line)[:1] in ("", "#")


def is_clause(line: str) -> bool:
    """Whether a line goes on with a statement before it: `else` and the like."""
    return _CLAUSE.match(stripped(line)) is not None


def closes(line: str) -> bool:
    """Whether a line begins with a closing bracket."""
    return stripped(line)[:1] in (")", "]", "}")


def next_code(lines: Lines, at: int) -> int:
    """The first line behind `at` that holds code, or the number of lines."""
    return next((index for index in range(at + 1, len(lines)) if not is_blank(lines[index])), len(lines))


def previous_code(lines: Lines, at: int) -> int:
    """The last line before `at` that holds code, or -1."""
    return next((index for index in range(at - 1, -1, -1) if not is_blank(lines[index])), -1)


def is_deeper(lines: Lines, below: int, than: int) -> bool:
    """Whether the code behind line `below` is indented deeper than line `than`."""
    following = next_code(lines, below)
    return following < len(lines) and indent(lines[following]) > indent(lines[than])


def block_end(lines: Lines, start: int) -> int:
    """The last line of the statement at `start`, its body and its clauses."""
    depth, end = indent(lines[start]), start
    for index in range(start + 1, len(lines)):
        line = lines[index]
        if is_blank(line):
            continue
        goes_on = indent(line) == depth and (is_clause(line) or closes(line))
        if indent(line) <= depth and not goes_on:
            break
        end = index
    return end


def run_end(lines: Lines, start: int) -> int:
    """The last of the lines from `start` on that are indented at least as deep, or close a bracket of theirs."""
    depth, end = indent(lines[start]), start
    for index in range(start + 1, len(lines)):
        if is_blank(lines[index]):
            continue
        if indent(lines[index]) < depth and not closes(lines[index]):
            break
        end = index
    return end


def parent(lines: Lines, at: int) -> int:
    """The line whose block holds line `at`, or -1: of a header of several lines the first, not the bracket that ends it."""
    depth = indent(lines[at])
    for index in range(at - 1, -1, -1):
        line = lines[index]
        if not is_blank(line) and indent(line) < depth and not closes(line):
            return index
    return -1


def open_depths(lines: Lines, at: int) -> set[int]:
    """How deep the blocks are that are open above line `at`."""
    return {indent(lines[index]) for index in open_above(lines, at)}


def open_above(lines: Lines, at: int) -> list[int]:
    """The line above `at`, the line whose block holds that one, and so on outwards."""
    found: list[int] = []
    above = previous_code(lines, at)
    while above >= 0:
        found.append(above)
        above = parent(lines, above)
    return found


def with_decorators(lines: Lines, at: int) -> int:
    """The first of the decorators above line `at`; some take several lines."""
    depth, first = indent(lines[at]), at
    for index in range(at - 1, -1, -1):
        line = lines[index]
        if indent(line) == depth and stripped(line).startswith("@"):
            first = index
        elif not stripped(line) or (indent(line) <= depth and not closes(line)):
            break
    return first


def function_range(lines: Lines, at: int) -> tuple[int, int] | None:
    """The lines of the function around line `at`, by the depth of what surrounds it.

    The depth of `at` itself may be wrong, and that of the lines just above, if they were pasted with it.
    """
    for first in range(at, max(at - _PASTED, -1), -1):
        above = previous_code(lines, first)
        while above >= 0 and not _FUNCTION.match(lines[above]):
            above = parent(lines, above)
        blanked = [*lines[:first], *[""] * (at - first + 1), *lines[at + 1 :]]
        if above >= 0 and next_code(blanked, end := block_end(blanked, above)) > at:
            return with_decorators(lines, above), max(end, block_end(lines, at))
    return None


def top_level_range(lines: Lines, line: int, first: int, last: int) -> tuple[int, int]:
    """The lines of the top-level statement that holds `line`, decorators included, within `first` to `last`."""
    start = _start_at_or_before(lines, line, first)
    following = next_code(lines, start)
    owner = _SCOPE if start == line else _OWNER
    if start > first and not owner.match(lines[start]) and following <= last and indent(lines[following]) > 0:
        start = _owner_above(lines, start, first)  # a line at the margin inside somebody's body, maybe
    while start > first:
        above = _start_at_or_before(lines, start - 1, first)
        if not lines[above].startswith("@"):
            break
        start = above
    return start, _end_at_or_behind(lines, line, last)


def _owner_above(lines: Lines, line: int, first: int) -> int:
    """The first line above that can have a body."""
    line = _start_at_or_before(lines, line - 1, first)
    while line > first and not _OWNER.match(lines[line]):
        line = _start_at_or_before(lines, line - 1, first)
    return line


def _start_at_or_before(lines: Lines, line: int, first: int) -> int:
    while line > first and _NO_START.match(lines[line]):
        line -= 1
    return line


def _end_at_or_behind(lines: Lines, line: int, last: int) -> int:
    decorated = lines[line].startswith("@")
    while line < last and (decorated or _NO_START.match(lines[line + 1])):
        line += 1
        if not _NO_START.match(lines[line]):
            decorated = lines[line].startswith("@")
    return line
