"""Lines of files that are not open, for clients that count other units than code points. Only those that need it are kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pubsub_devtools_analysis.syntax.decode import decode, split_lines

_MOST = 500
_LONGEST = 10_000_000


class Lines:
    """The lines of files below a root, as they are needed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, list[str] | None] = {}

    def of(self, path: str) -> Callable[[int], str]:
        """What gives a line of a file, from 0. A line of ASCII may come out as nothing: there, units are all the same."""
        if path not in self._known:
            if len(self._known) >= _MOST:
                self._known.pop(next(iter(self._known)))
            self._known[path] = _read(self._root / path)
        lines = self._known[path]
        return lambda line: lines[line] if lines is not None and line < len(lines) else ""

    def forget(self, path: str) -> None:
        """A file may have changed."""
        self._known.pop(path, None)


def _read(file: Path) -> list[str] | None:
    try:
        if file.stat().st_size > _LONGEST:
            return None
        data = file.read_bytes()
    except OSError:
        return None
    return None if data.isascii() else split_lines(decode(data).text)
