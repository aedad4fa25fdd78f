"""The files that are being edited: each edit's facts are made from those before it, where that can be.

The files edited last are held laid open, others packed until they are edited again.
"""

from __future__ import annotations

import msgspec

from pubsub_devtools_analysis.extraction.splice import Edited, edited, splice
from pubsub_devtools_analysis.facts import FileFacts
from pubsub_devtools_analysis.reading import facts_of
from pubsub_devtools_analysis.syntax.decode import decode, split_lines

MOST_OPEN = 4
MOST_PACKED = 300
WORTH_BYTES = 10_000
"""Smaller files are read whole as fast."""

_Packed = tuple[FileFacts, list[int], list[int]]
_unpack: msgspec.msgpack.Decoder[_Packed] = msgspec.msgpack.Decoder(_Packed)


class Editing:
    """The last state of each file in editing, under the digest of its content."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[bytes, Edited]] = {}
        self._packed: dict[str, tuple[bytes, bytes]] = {}

    def begin(self, path: str, name: bytes, content: bytes, facts: FileFacts) -> None:
        """Have what a file held before its first edit."""
        text, problems = decode(content)
        if not problems:
            self._keep(path, name, edited(split_lines(text), facts))

    def resume(self, path: str, name: bytes, content: bytes) -> bool:
        """Have what a file held before its next edit. Gives whether it is known."""
        if path not in self._open and self._packed.get(path, (b"",))[0] == name:
            facts, scopes, calls = _unpack.decode(self._packed.pop(path)[1])
            self._keep(path, name, Edited(split_lines(decode(content).text), facts, scopes, calls))
        return path in self._open

    def facts(self, path: str, name: bytes, content: bytes, line: int | None) -> FileFacts:
        """The facts of a file's content of now; `line` is the one being edited, if known."""
        self.resume(path, name, content)
        state = self._open.get(path)
        if state is not None and state[0] == name:
            return state[1].facts
        text, problems = decode(content)
        lines = split_lines(text)
        new = splice(state[1], lines) if state is not None and not problems else None
        if new is None:
            new = edited(lines, facts_of(content, line))
        self._keep(path, name, new)
        return new.facts

    def end(self, path: str) -> None:
        """Let a file go."""
        self._open.pop(path, None)
        self._packed.pop(path, None)

    def _keep(self, path: str, name: bytes, state: Edited) -> None:
        self.end(path)
        self._open[path] = (name, state)
        if len(self._open) > MOST_OPEN:
            self._pack(next(iter(self._open)))

    def _pack(self, path: str) -> None:
        name, state = self._open.pop(path)
        whole = (state.facts, list(state.scopes), list(state.calls))
        self._packed[path] = (name, msgspec.msgpack.encode(whole))
        if len(self._packed) > MOST_PACKED:
            del self._packed[next(iter(self._packed))]
