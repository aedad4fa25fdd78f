"""Our values as the protocol says them, and back: the only place that knows how both count."""

from __future__ import annotations

from lsprotocol import types

from pubsub_devtools.model import Severity
from pubsub_devtools_lsp.session import Stretch
from pubsub_devtools_lsp.texts.moving import Point
from pubsub_devtools_lsp.texts.text import Text
from pubsub_devtools_lsp.texts.units import Units

SEVERITIES: dict[Severity, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}


def point(text: Text, position: types.Position, units: Units) -> Point:
    """A client's position as a line from 0 and a column in code points."""
    return position.line, units.column(text.line(position.line), position.character)


def location(stretch: Stretch, units: Units) -> types.Location:
    """A stretch as a client knows it."""
    return types.Location(stretch.uri, range_of(stretch, units))


def range_of(stretch: Stretch, units: Units) -> types.Range:
    """Where in its document a stretch is."""
    return types.Range(*(_position(stretch, each, units) for each in (stretch.start, stretch.end)))


def _position(stretch: Stretch, at: Point, units: Units) -> types.Position:
    line, column = at
    return types.Position(line, units.character(stretch.line(line), column))
