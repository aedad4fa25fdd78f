"""Where each token stands: a cursor that walks the text beside the tree.

libcst keeps whitespace in its nodes but no positions; its own position provider costs three times its parser.
A lowering visits the tokens in the order of the text anyway, so it asks the cursor for each of them, and the
cursor skips whatever lies between. A token that is not where the tree says is a defect here, raised as `MismatchError`
rather than turned into a wrong position. Offsets count utf-8 bytes, as `ast` does.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from typing import TypeVar

import libcst as cst

_GAP = re.compile(rb"(?:[ \t\f\n]+|\\\n|#[^\n]*)*")
_Placed = TypeVar("_Placed", bound=ast.AST)


class MismatchError(Exception):
    """The tree and the text disagree."""


class Cursor:
    """A place in the text; `end` is where the last token ended."""

    def __init__(self, text: str) -> None:
        self.source = text.encode("utf-8")
        self.at = 0
        self.end = 0
        self.newer: list[tuple[int, str]] = []
        self._starts = [0, *(match.end() for match in re.finditer(rb"\n", self.source))]

    def next(self) -> int:
        """The offset at which the next token starts."""
        gap = _GAP.match(self.source, self.at)
        self.at = gap.end() if gap else self.at
        return self.at

    def token(self, *tokens: str) -> None:
        """Pass the given tokens, and whatever lies before each."""
        for token in tokens:
            self.next()
            self.literal(token)

    def literal(self, text: str) -> None:
        """Pass exactly this text, which begins right here."""
        expected = text.encode("utf-8")
        if not self.source.startswith(expected, self.at):
            raise MismatchError(f"expected {text!r} on line {self.line(self.at)}")
        self.at += len(expected)
        self.end = self.at

    def maybe(self, token: object) -> None:
        """Pass an optional comma or semicolon, if the tree has one."""
        if isinstance(token, cst.Comma):
            self.token(",")
        elif isinstance(token, cst.Semicolon):
            self.token(";")

    def place(self, node: _Placed, start: int, end: int | None = None) -> _Placed:
        """Give `node` its position: from `start` to the last token passed, or to `end`."""
        located = vars(node)
        located["lineno"], located["col_offset"] = self._position(start)
        located["end_lineno"], located["end_col_offset"] = self._position(self.end if end is None else end)
        return node

    def slice(self, start: int, end: int) -> str:
        """The text between two offsets."""
        return self.source[start:end].decode("utf-8")

    def line(self, offset: int) -> int:
        """The 1-based line of an offset."""
        return bisect_right(self._starts, offset)

    def note_newer(self, what: str) -> None:
        """Remember that the text uses what only a newer Python reads."""
        self.newer.append((self.line(self.at), what))

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1]
