"""One edit of broken lines, as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .layout import Lines


class Edit(NamedTuple):
    """`text` instead of lines `first` to `last` (from 0); facts of the lines `dropped` are not to be trusted."""

    first: int
    last: int
    text: str
    dropped: tuple[int, int] | None = None

    @property
    def loss(self) -> int:
        """How many lines are not to be trusted."""
        return 0 if self.dropped is None else self.dropped[1] - self.dropped[0] + 1

    def applied(self, lines: Lines) -> list[str]:
        """The lines with this edit; it never changes their number."""
        filling = [""] * (self.last - self.first)
        return [*lines[: self.first], self.text, *filling, *lines[self.last + 1 :]]

    def moved(self, by: int) -> Edit:
        """The same edit of lines that have `by` others before them."""
        dropped = None if self.dropped is None else (self.dropped[0] + by, self.dropped[1] + by)
        return Edit(self.first + by, self.last + by, self.text, dropped)


def nothing(first: int, last: int) -> Edit:
    """The lines are left out."""
    return Edit(first, last, "", (first, last))
