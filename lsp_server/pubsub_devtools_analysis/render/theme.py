"""Colours of every drawn format, in light and dark, so that an event looks like an event everywhere.

Text on its fill, and lines on the background, keep a contrast of at least 4.5 to 1 (a test computes it). Colour is
never the only sign: each kind has a shape of its own, and what is only likely is dashed.
"""

from __future__ import annotations

import msgspec

FONT = "Helvetica,Arial,Liberation Sans,sans-serif"


class Paint(msgspec.Struct, frozen=True):
    """Fill, border and text of one kind of node."""

    fill: str
    line: str
    text: str


class Theme(msgspec.Struct, frozen=True):
    """All colours of one picture."""

    background: str
    edge: str
    event: Paint
    function: Paint
    service: Paint
    group: Paint
    likely_event: Paint

    def paint(self, kind: str, *, sure: bool = True) -> Paint:
        """The colours of one kind of node; an event that is only likely is not filled in full."""
        if kind == "event":
            return self.event if sure else self.likely_event
        return self.function if kind == "function" else self.service


LIGHT = Theme(
    background="#ffffff",
    edge="#475569",
    event=Paint("#4338ca", "#4338ca", "#ffffff"),
    function=Paint("#ecfdf5", "#047857", "#064e3b"),
    service=Paint("#fff7ed", "#c2410c", "#7c2d12"),
    group=Paint("#f8fafc", "#94a3b8", "#334155"),
    likely_event=Paint("#eef2ff", "#4338ca", "#312e81"),
)

DARK = Theme(
    background="#0f172a",
    edge="#a3b1c6",
    event=Paint("#a5b4fc", "#a5b4fc", "#1e1b4b"),
    function=Paint("#064e3b", "#34d399", "#d1fae5"),
    service=Paint("#431407", "#fb923c", "#ffedd5"),
    group=Paint("#1e293b", "#64748b", "#cbd5e1"),
    likely_event=Paint("#1e1b4b", "#a5b4fc", "#c7d2fe"),
)
