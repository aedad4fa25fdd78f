"""A text as its editor holds it: lines that end at ``\\n``, ``\\r\\n`` and ``\\r`` and nowhere else, and exact edits.

`str.splitlines` would also split at form feeds and U+2028: every later edit would land on a wrong line.
"""

from __future__ import annotations

import re
from io import StringIO

from pubsub_devtools_lsp.texts.moving import Moved, Point, difference

_COOKIE = re.compile(r"#.*coding[:=]")


class Text:
    """The lines of one text, each with its end; the last has none, and is empty where the text ends with a line's end."""

    def __init__(self, text: str) -> None:
        self.lines = split(text)

    def __str__(self) -> str:
        return "".join(self.lines)

    def line(self, number: int) -> str:
        """A line without its end; an empty one behind the last."""
        return self.lines[number].rstrip("\r\n") if 0 <= number < len(self.lines) else ""

    def offset(self, point: Point) -> int:
        """How many code points stand before a position."""
        line, column = point
        return sum(map(len, self.lines[:line])) + column

    def point(self, offset: int) -> Point:
        """The position behind so many code points."""
        for number, line in enumerate(self.lines):
            if offset < len(line):
                return number, offset
            offset -= len(line)
        return self.end

    @property
    def end(self) -> Point:
        """The position behind the last character."""
        return len(self.lines) - 1, len(self.lines[-1])

    def replace(self, start: Point, end: Point, new: str) -> Moved:
        """Put ``new`` in place of what stands between two positions of this text."""
        start, end = (self._inside(point) for point in sorted((start, end)))
        tail = self.lines[end[0]][end[1] :]
        first, head = start[0], self.lines[start[0]][: start[1]]
        if first and not head and (new + tail[:1])[:1] == "\n" and self.lines[first - 1].endswith("\r"):
            # A line feed that comes to stand behind a carriage return is one line's end with it.
            first, head = first - 1, self.lines[first - 1]
            start = first, len(head)
        made = split(head + new + tail)
        if end[0] < len(self.lines) - 1 and made[-1] == "":
            made.pop()
        self.lines[first : end[0] + 1] = made
        return Moved(start, end, self._before_tail(first, len(head) + len(new)))

    def become(self, text: str) -> Moved | None:
        """Hold another text altogether."""
        old, self.lines = self.lines, split(text)
        return difference(old, self.lines)

    def data(self) -> bytes:
        """The text as a file would hold it, in UTF-8 whatever encoding it declares.

        One that declares another gets a byte order mark, which Python heeds first.
        """
        text = str(self)
        data = text.encode("utf-8", "replace")
        if text.isascii() or not any(_COOKIE.search(line) for line in self.lines[:2]):
            return data
        return b"\xef\xbb\xbf" + data

    def _inside(self, point: Point) -> Point:
        line, column = point
        if line >= len(self.lines):
            return self.end
        return line, min(column, len(self.line(line)))

    def _before_tail(self, line: int, offset: int) -> Point:
        while line < len(self.lines) - 1 and offset >= len(self.lines[line]):
            offset -= len(self.lines[line])
            line += 1
        return line, offset


def split(text: str) -> list[str]:
    """The lines of a text, with their ends; one more, empty, behind a line's end at the very end."""
    lines = list(StringIO(text, newline=""))
    if not lines or lines[-1].endswith(("\n", "\r")):
        lines.append("")
    return lines
