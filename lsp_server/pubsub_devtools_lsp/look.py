"""What a request is about: a position in an open document, and all that is known there. Every feature begins with one."""

from __future__ import annotations

from lsprotocol import types

from pubsub_devtools.model import Place
from pubsub_devtools_analysis.queries.occurrence import Occurrence
from pubsub_devtools_analysis.queries.snapshot import Snapshot
from pubsub_devtools_lsp import convert
from pubsub_devtools_lsp.session import Session
from pubsub_devtools_lsp.texts.document import Open
from pubsub_devtools_lsp.texts.moving import Point
from pubsub_devtools_lsp.texts.units import Units
from pubsub_devtools_lsp.uris import uri_of


class Sight:
    """A file of a root, open or not, with what is known of the root; says where things are as editors count now."""

    def __init__(self, session: Session, path: str, units: Units) -> None:
        self.session = session
        self.path = path
        self.units = units
        self.snapshot: Snapshot = session.snapshot

    def location(self, place: Place, origin: str = "") -> types.Location | None:
        """Where a place of the snapshot is now; nothing where it was edited away, or lies in another repository."""
        stretch = None if origin else self.session.stretch(place)
        return None if stretch is None else convert.location(stretch, self.units)

    def range(self, occurrence: Occurrence, path: str = "") -> types.Range | None:
        """Where an occurrence of this file, or of another, is now."""
        found = self.location(place_of(occurrence, path or self.path))
        return None if found is None else found.range

    def link(self, place: Place) -> str:
        """An address that an editor opens a place by."""
        return f"{uri_of(self.session.root / place.path)}#L{place.line}"


class Look(Sight):
    """A position in an open document.

    ``point`` is the position in the document's text as it stands now, ``line`` its line. ``analysed`` is where that was
    in the text that the snapshot knows, from 0; nothing in text that is new since. ``occurrence`` is what stands there.
    """

    def __init__(self, session: Session, path: str, document: Open, point: Point, units: Units) -> None:
        super().__init__(session, path, units)
        self.document = document
        self.point = point
        self.line = document.text.line(point[0])
        self.analysed = document.drift.back(point)
        self.occurrence = (
            None if self.analysed is None else self.snapshot.at(path, self.analysed[0] + 1, self.analysed[1])
        )

    def here(self, start: Point, end: Point) -> types.Range:
        """Where a stretch of the document's own text is."""
        line = self.document.text.line
        spots = [self.document.spot(each) or ("", each) for each in (start, end)]
        shift = start[0] - spots[0][1][0]
        positions = [
            types.Position(at[0], self.units.character(line(at[0] + shift), at[1])) for _, at in spots
        ]
        return types.Range(*positions)


def place_of(occurrence: Occurrence, path: str) -> Place:
    """The place of an occurrence."""
    return Place(path, occurrence.line, occurrence.column, occurrence.line, occurrence.end_column)
