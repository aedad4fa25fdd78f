"""What an export or import could not say in the other language: noted, never lost in silence."""

from __future__ import annotations

import msgspec

__all__ = ["Note", "Notes"]


class Note(msgspec.Struct, frozen=True):
    """One thing that the other language has no word for. ``path`` names the field, empty for the whole message."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path or 'the message'}: {self.text}"


class Notes:
    """Notes while they are taken: each once, in the order in which they came up."""

    def __init__(self) -> None:
        self._taken: dict[Note, None] = {}

    def add(self, path: str, text: str) -> None:
        """Take one note."""
        self._taken[Note(path, text)] = None

    def all(self) -> tuple[Note, ...]:
        """Return what was noted."""
        return tuple(self._taken)
