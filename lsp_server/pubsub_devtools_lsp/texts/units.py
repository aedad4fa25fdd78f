"""What a client counts in a line: bytes of UTF-8, code units of UTF-16, or code points. We count code points."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]


class Units:
    """The units that were agreed on with the client. Lines of ASCII cost nothing in any of them."""

    def __init__(self, encoding: Encoding = "utf-16") -> None:
        self.use(encoding)

    def use(self, encoding: Encoding) -> None:
        """Count otherwise from now on: both sides agree on it while they greet each other."""
        self.encoding = encoding
        self._width = {"utf-8": _utf8, "utf-16": _utf16, "utf-32": _utf32}[encoding]

    def column(self, line: str, character: int) -> int:
        """The code points before a client's character; one inside a code point counts as before it."""
        if character <= 0:
            return 0
        if self.encoding == "utf-32" or line.isascii():
            return min(character, len(line))
        return bisect_right(list(accumulate(map(self._width, line))), character)

    def character(self, line: str, column: int) -> int:
        """What the client counts before a column. An empty line stands for any of ASCII."""
        if self.encoding == "utf-32" or line.isascii():
            return column
        return sum(map(self._width, line[:column]))


def _utf8(char: str) -> int:
    return 1 if char < "\x80" else 2 if char < "\u0800" else 3 if char < "\U00010000" else 4


def _utf16(char: str) -> int:
    return 1 if char < "\U00010000" else 2


def _utf32(_char: str) -> int:
    return 1
