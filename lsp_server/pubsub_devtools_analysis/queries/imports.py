"""The import that a name needs in a file, as an edit of its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_IMPORT = re.compile(r"(?:from[ \t]+(?P<module>[\w.]+)[ \t]+import\b|import\b)")


class Insertion(NamedTuple):
    """A line to write: before line ``line``, counted from 1."""

    line: int
    text: str


def import_edit(lines: Sequence[str], symbol: str) -> Insertion | None:
    """The import of a dotted name, below the file's last import at top level; nothing where it is there already.

    Args:
        lines: the file's, with or without their ends.
        symbol: the dotted path of what is needed.

    >>> import_edit(["import os", "", "x = 1"], "shop.events.OrderPlaced")
    Insertion(line=2, text='from shop.events import OrderPlaced\\n')
    """
    module, _, name = symbol.rpartition(".")
    if not module:
        return None
    wanted, last, depth = f"from {module} import {name}", 0, 0
    for number, line in enumerate(lines, 1):
        if line.rstrip() == wanted:
            return None
        found = _IMPORT.match(line)
        if found is not None or depth > 0:
            depth += line.count("(") - line.count(")")
            last = number
        elif line[:1].isalpha() and not found:
            break
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    return Insertion((last or _below_docstring(lines)) + 1, wanted + end)


def _below_docstring(lines: Sequence[str]) -> int:
    """The lines of comments and of a docstring at the top."""
    at = 0
    while at < len(lines) and lines[at].startswith("#"):
        at += 1
    quotes = lines[at].lstrip("rR")[:3] if at < len(lines) else ""
    if quotes not in ('"""', "'''"):
        return at
    if lines[at].count(quotes) >= 2:
        return at + 1
    closing = next((number for number in range(at + 1, len(lines)) if quotes in lines[number]), at)
    return closing + 1
