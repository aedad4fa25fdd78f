"""The one error of rendering: a sentence that says what went wrong and what would help."""

from __future__ import annotations


class RenderError(Exception):
    """A picture could not be made; the message is written for the person who asked for it."""
