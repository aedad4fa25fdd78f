"""A notebook that is open: its code cells, one after the other, are analysed as one Python file.

What Python does not know, IPython's magic lines, stays there as comments, so that nothing moves.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from pubsub_devtools_lsp.texts.document import Document, Open
from pubsub_devtools_lsp.texts.moving import Point
from pubsub_devtools_lsp.texts.text import Text

_MAGIC = re.compile(r"^([ \t]*)[%!?](.?)", re.MULTILINE)


class Notebook(Open):
    """One notebook and its cells in their order; nothing stands for a cell that holds no Python."""

    def __init__(self, uri: str, version: int | None, cells: Iterable[Document | None], number: int) -> None:
        super().__init__(Text(""), number)
        self.uri = uri
        self.version = version
        self.cells = list(cells)
        self._lay_out()

    def spot(self, point: Point) -> tuple[str, Point] | None:
        """The cell that a line lies in."""
        at = bisect_right(self._starts, point[0]) - 1
        return (self._code[at].uri, (point[0] - self._starts[at], point[1])) if self._code else None

    def parts(self) -> Iterator[tuple[str, int | None]]:
        """All code cells."""
        return ((cell.uri, cell.version) for cell in self._code)

    def below(self, uri: str, point: Point) -> Point | None:
        """Where a position in a cell stands in the whole."""
        for cell, start in zip(self._code, self._starts, strict=True):
            if cell.uri == uri:
                return point[0] + start, point[1]
        return None

    def changed(self, number: int) -> None:
        """Cells came, went, or hold another text."""
        old = self.text
        self._lay_out()
        moved = old.become(str(self.text))
        if moved is not None:
            self.edited(moved, number)

    def _lay_out(self) -> None:
        self._code = [cell for cell in self.cells if cell is not None]
        self._starts: list[int] = []
        texts: list[str] = []
        line = 0
        for cell in self._code:
            self._starts.append(line)
            texts.append(_python(str(cell.text)) + "\n")
            line += len(cell.text.lines)
        self.text = Text("".join(texts))


def _python(cell: str) -> str:
    """A cell as Python reads it; one that is another language's (``%%bash``) is all comment."""
    if cell.lstrip().startswith("%%"):
        return re.sub(r"^.", "#", cell, flags=re.MULTILINE)
    return _MAGIC.sub(r"\1#\2", cell)
