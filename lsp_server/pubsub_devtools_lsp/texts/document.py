"""A document that is open in an editor: its text, its versions, and what was edited since the analysis looked at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from pubsub_devtools_lsp.texts.drift import Drift
from pubsub_devtools_lsp.texts.moving import Moved, Point
from pubsub_devtools_lsp.texts.text import Text


class Open(Protocol):
    """What stands for one analysed file while it is open: a document, or all cells of a notebook.

    ``text`` is what is analysed in place of the file; ``number`` is that of its last edit. Numbers are the server's own
    and never repeat: a client's versions begin anew when a document is opened again.
    """

    text: Text
    drift: Drift
    number: int
    line: int | None
    """The line that was edited last, from 0."""

    def spot(self, point: Point) -> tuple[str, Point] | None:
        """The URI of the document that a position of ``text`` lies in, and where in it."""
        ...

    def parts(self) -> Iterator[tuple[str, int | None]]:
        """The URIs of the documents that it is made of, each with its version."""
        ...


class Document:
    """One text document."""

    def __init__(self, uri: str, language: str, version: int | None, text: str, number: int) -> None:
        self.uri = uri
        self.language = language
        self.version = version
        self.text = Text(text)
        self.drift = Drift()
        self.number = number
        self.line: int | None = None

    def spot(self, point: Point) -> tuple[str, Point]:
        """The document itself."""
        return self.uri, point

    def parts(self) -> Iterator[tuple[str, int | None]]:
        """The document itself."""
        yield self.uri, self.version

    def edited(self, moved: Moved, number: int) -> None:
        """Its text was edited."""
        self.drift.add(number, moved)
        self.number = number
        self.line = moved.new_end[0]
