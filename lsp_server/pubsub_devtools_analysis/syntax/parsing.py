"""The two parsers as one: `ast`, and libcst where `ast` is too old for the text."""

from __future__ import annotations

import ast
import re
import sys
from typing import NamedTuple

from .decode import split_lines
from .limits import parse, too_deep_for_libcst

# PEP 695 and 696, 758, 750, 810, 798: what can only be newer syntax, or is broken.
_NEWER = re.compile(
    r"""^[ \t]*(?:type[ \t]+\w+[ \t]*[\[=]|lazy[ \t]+(?:import|from)\b|except\b[^:\n(]*,)
      | \b(?:def|class)[ \t]+\w+[ \t]*\[
      | (?<!\w)(?:[tT][rR]?|[rR][tT])["']
      | [\[({][ \t\n]*\*\*?[^\])}\n]*[ \t\n]for\b""",
    re.MULTILINE | re.VERBOSE,
)
# PEP 701: Python 3.11 stumbles over what stands within such a literal, on one of its lines.
_FORMATTED = re.compile(r"(?<!\w)(?:[fF][rR]?|[rR][fF])[\"']")


class Parsed(NamedTuple):
    """A tree, and where (line) it uses syntax that the running Python does not know."""

    tree: ast.Module
    newer: tuple[tuple[int, str], ...] = ()


class Refused(NamedTuple):
    """Where both parsers end, and why; `newer` when `ast` ended earlier, at syntax newer than the running Python."""

    line: int
    error: SyntaxError
    newer: bool = False

    @property
    def in_string(self) -> bool:
        """Whether a string of several lines has no end."""
        return "unterminated triple-quoted" in (self.error.msg or "")


def parse_any(text: str) -> Parsed | Refused:
    """The tree by whichever parser reads the text; the line that the one which got farther ended at."""
    tree = parse(text)
    return Parsed(tree) if isinstance(tree, ast.Module) else parse_newer(text, tree)


def parse_newer(text: str, error: SyntaxError) -> Parsed | Refused:
    """What libcst makes of a text that `ast` refused."""
    line = error.lineno or 1
    if not _may_be_newer(text, error) or too_deep_for_libcst(text):
        return Refused(line, error)
    from .lower import read_concrete  # noqa: PLC0415  libcst takes 0.3 s to import, and most files need none

    lowered = read_concrete(text)
    if isinstance(lowered, int):
        newer = lowered > line + 1  # the two differ by a line on where the same error stands
        return Refused(lowered if newer else line, error, newer)
    return Parsed(lowered.tree, lowered.newer)


def _may_be_newer(text: str, error: SyntaxError) -> bool:
    """Whether libcst is worth its while: most text that `ast` refuses is just being typed."""
    if _NEWER.search(text):
        return True
    if sys.version_info >= (3, 12):
        return False
    if (error.msg or "").startswith("f-string"):
        return True
    lines = split_lines(text)
    first, last = error.lineno or 1, error.end_lineno or error.lineno or 1
    return _FORMATTED.search("\n".join(lines[max(first - 2, 0) : last])) is not None
