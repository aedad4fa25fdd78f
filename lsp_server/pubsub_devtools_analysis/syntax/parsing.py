"""The two parsers as one: `ast`, and libcst where `ast` is too old for the text."""

from __future__ import annotations

import ast
from typing import NamedTuple

from .limits import parse, too_deep_for_libcst


class Parsed(NamedTuple):
    """A tree, and where (line) it uses syntax that the running Python does not know."""

    tree: ast.Module
    newer: tuple[tuple[int, str], ...] = ()


class Refused(NamedTuple):
    """Where both parsers end, and why; `newer` when `ast` ended earlier, at syntax newer than the running Python."""

    line: int
    error: SyntaxError
    newer: bool = False


def parse_any(text: str) -> Parsed | Refused:
    """The tree by whichever parser reads the text; the line that the one which got farther ended at."""
    tree = parse(text)
    return Parsed(tree) if isinstance(tree, ast.Module) else parse_newer(text, tree)


def parse_newer(text: str, error: SyntaxError) -> Parsed | Refused:
    """What libcst makes of a text that `ast` refused."""
    line = error.lineno or 1
    if too_deep_for_libcst(text):
        return Refused(line, error)
    from .lower import read_concrete  # noqa: PLC0415  libcst takes 0.3 s to import, and most files need none

    lowered = read_concrete(text)
    if isinstance(lowered, int):
        newer = lowered > line + 1  # the two differ by a line on where the same error stands
        return Refused(lowered if newer else line, error, newer)
    return Parsed(lowered.tree, lowered.newer)
