"""The import that a name needs in a file, as an edit of its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_IMPORT = re.compile(r"(?:from[ \t]+(?P<module>[\w.]+)[ \t]+import\b|import\b)")


class Insertion(NamedTuple):
    """A line to write: before line ``line``, counted from 1; behind the last where there is none of that number."""

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
    wanted, top, depth = f"from {module} import {name}", _below_docstring(lines), 0
    last = top
    for number, line in enumerate(lines[top:], top + 1):
        if line.rstrip() == wanted:
            return None
        if depth > 0 or _IMPORT.match(line):
            depth += line.count("(") - line.count(")")
            last = number
        elif line[:1].isalpha():
            break
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    is_cut_off = 0 < last == len(lines) and not lines[-1].endswith(("\n", "\r"))
    return Insertion(last + 1, (end if is_cut_off else "") + wanted + end)


def _below_docstring(lines: Sequence[str]) -> int:
    """The lines of comments and of a docstring at the top."""
    at = 0
    while at < len(lines) and (lines[at].startswith("#") or not lines[at].strip()):
        at += 1
    quotes = lines[at].lstrip("rR")[:3] if at < len(lines) else ""
    if quotes not in ('"""', "'''"):
        return at if at < len(lines) else 0
    if lines[at].count(quotes) >= 2:
        return at + 1
    closing = next((number for number in range(at + 1, len(lines)) if quotes in lines[number]), at)
    return closing + 1
