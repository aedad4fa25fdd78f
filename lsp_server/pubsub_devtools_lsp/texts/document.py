"""A document that is open in an editor: its text, its versions, and what was edited since the analysis looked at it."""

from __future__ import annotations

from collections.abc import Iterator

from pubsub_devtools_lsp.texts.drift import Drift
from pubsub_devtools_lsp.texts.moving import Moved, Point, difference
from pubsub_devtools_lsp.texts.text import Text


class Open:
    """What stands for one analysed file while it is open: a document, or all cells of a notebook.

    ``text`` is what is analysed in place of the file; ``number`` is that of its last edit. Numbers are the server's own
    and never repeat: a client's versions begin anew when a document is opened again.
    """

    def __init__(self, text: Text, number: int) -> None:
        self.text = text
        self.number = number
        self.line: int | None = None
        """The line that was edited last, from 0."""
        self.drift = Drift()
        self.finding_drift = Drift()
        """The same for findings, which are found later."""

    def edited(self, moved: Moved, number: int) -> None:
        """The text was edited."""
        for drift in (self.drift, self.finding_drift):
            drift.add(number, moved)
        self.number = number
        self.line = moved.new_end[0]

    def follow(self, before: Open) -> None:
        """Take the place of a document of the same file: the analysis has looked at its text, and not yet at this one."""
        self.drift, self.finding_drift = before.drift, before.finding_drift
        moved = difference(before.text.lines, self.text.lines)
        if moved is not None:
            for drift in (self.drift, self.finding_drift):
                drift.add(self.number, moved)

    def seen(self, number: int, *, graph: bool, findings: bool) -> None:
        """The analysis has looked at the text as it stood after an edit."""
        if graph:
            self.drift.seen(number)
        if findings:
            self.finding_drift.seen(number)

    def spot(self, point: Point) -> tuple[str, Point] | None:
        """The URI of the document that a position of ``text`` lies in, and where in it."""
        raise NotImplementedError

    def parts(self) -> Iterator[tuple[str, int | None]]:
        """The URIs of the documents that it is made of, each with its version."""
        raise NotImplementedError


class Document(Open):
    """One text document."""

    def __init__(self, uri: str, language: str, version: int | None, text: str, number: int) -> None:
        super().__init__(Text(text), number)
        self.uri = uri
        self.language = language
        self.version = version

    def spot(self, point: Point) -> tuple[str, Point]:
        """The document itself."""
        return self.uri, point

    def parts(self) -> Iterator[tuple[str, int | None]]:
        """The document itself."""
        yield self.uri, self.version
