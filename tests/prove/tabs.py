"""A document as its client holds it: one flat text, edited by offsets, with positions counted in the client's own way.

Nothing here is shared with the server, since what both count wrong in the same way would never be seen.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

ENCODINGS = ("utf-16", "utf-8", "utf-32")
_END = re.compile(r"\r\n|\r|\n")
_WIDTH = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}

Positions = Mapping[str, dict[str, int]]
"""One position, as each encoding has it."""


class Tab:
    """One open document."""

    def __init__(self, uri: str, text: str) -> None:
        self.uri = uri
        self.version = 1
        self.first = text
        self._become(text)

    def _become(self, text: str) -> None:
        self.text = text
        self._starts: list[int] = []

    @property
    def starts(self) -> list[int]:
        """Where each line starts."""
        if not self._starts:
            self._starts = [0, *(end.end() for end in _END.finditer(self.text))]
        return self._starts

    def around(self, offset: int) -> int:
        """The nearest offset that a position can name: none lies inside a line's end."""
        offset = max(0, min(offset, len(self.text)))
        return offset - 1 if self.text[max(offset - 1, 0) : offset + 1] == "\r\n" else offset

    def position(self, offset: int) -> Positions:
        """An offset as clients say it."""
        line = bisect_right(self.starts, offset) - 1
        before = self.text[self.starts[line] : offset]
        return {each: {"line": line, "character": width(before, each)} for each in ENCODINGS}

    def replace(self, start: int, end: int, new: str) -> Mapping[str, Any]:
        """Edit, and give the edit as the protocol has it, by encoding."""
        first, last = self.position(start), self.position(end)
        self._become(self.text[:start] + new + self.text[end:])
        return {each: {"range": {"start": first[each], "end": last[each]}, "text": new} for each in ENCODINGS}

    def become(self, text: str) -> Mapping[str, Any]:
        """Hold another text altogether."""
        self._become(text)
        return {each: {"text": text} for each in ENCODINGS}

    def holds(self, position: Mapping[str, int], encoding: str = "utf-16") -> bool:
        """Whether there is such a position; the line's end counts as its last."""
        line = position["line"]
        if not 0 <= line < len(self.starts):
            return False
        stop = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
        whole = self.text[self.starts[line] : stop].rstrip("\r\n")
        return 0 <= position["character"] <= width(whole, encoding)


def width(text: str, encoding: str) -> int:
    """How much a client counts for a text."""
    codec, size = _WIDTH[encoding]
    return len(text) if text.isascii() else len(text.encode(codec)) // size
