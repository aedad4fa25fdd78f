"""A client's own text, kept in the simplest way: one string, and offsets. What the server holds must equal it."""

from __future__ import annotations

import re

from hypothesis import strategies as st

PIECES = [
    "a",
    "b",
    " ",
    "\n",
    "\r\n",
    "\r",
    "é",
    "\u2028",
    "\x0c",
    "\x1c",
    "\x85",
    "\U0001f600",
    "\u4e2d",
    "#",
]
texts = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
encodings = st.sampled_from(["utf-8", "utf-16", "utf-32"])
_END = re.compile(r"\r\n|\r|\n")
_WIDTHS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


class Client:
    """An editor's text and how it names positions in it."""

    def __init__(self, text: str, encoding: str) -> None:
        self.text = text
        self.encoding = encoding

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the character of an offset."""
        start, line = self.start(offset)
        codec = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[self.encoding]
        return line, len(self.text[start:offset].encode(codec)) // _WIDTHS[self.encoding]

    def point(self, offset: int) -> tuple[int, int]:
        """The line and the code points of an offset."""
        start, line = self.start(offset)
        return line, offset - start

    def start(self, offset: int) -> tuple[int, int]:
        ends = [each.end() for each in _END.finditer(self.text) if each.end() <= offset]
        return (ends[-1] if ends else 0), len(ends)

    def can_stand(self, offset: int) -> bool:
        """Whether a cursor can be there: never between a carriage return and its line feed."""
        return self.text[offset - 1 : offset + 1] != "\r\n" if offset else True

    def replace(self, start: int, end: int, new: str) -> None:
        self.text = self.text[:start] + new + self.text[end:]


def offsets(client: Client) -> st.SearchStrategy[int]:
    possible = [each for each in range(len(client.text) + 1) if client.can_stand(each)]
    return st.sampled_from(possible)
