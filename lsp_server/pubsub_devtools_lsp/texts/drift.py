"""What was edited since the analysis looked: carries positions between the text it looked at and the text of now."""

from __future__ import annotations

from pubsub_devtools_lsp.texts.moving import Moved, Point


class Drift:
    """The edits of one text that the analysis has not told of yet. Every edit has a number; later ones are greater."""

    def __init__(self) -> None:
        self._edits: list[tuple[int, Moved]] = []

    def add(self, number: int, moved: Moved) -> None:
        """The text was edited."""
        self._edits.append((number, moved))

    def seen(self, number: int) -> None:
        """The analysis has looked at the text as it stood after an edit."""
        self._edits = [each for each in self._edits if each[0] > number]

    def __bool__(self) -> bool:
        return bool(self._edits)

    def forward(self, point: Point) -> Point | None:
        """Where a position of the analysed text stands now; nothing where it was edited away."""
        here: Point | None = point
        for _, moved in self._edits:
            if here is None:
                break
            here = moved.forward(here)
        return here

    def back(self, point: Point) -> Point | None:
        """Where a position of the text of now stood in the analysed text; nothing in what is new since."""
        here: Point | None = point
        for _, moved in reversed(self._edits):
            if here is None:
                break
            here = moved.back(here)
        return here
