"""One file as checks look at it: each form of it is made when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.syntax.decode import decode, split_lines
from pubsub_devtools_analysis.syntax.read import read

if TYPE_CHECKING:
    import ast

    from pubsub_devtools_analysis.facts import Call, FileFacts, Span
    from pubsub_devtools_analysis.sources import Sources


class File:
    """A file as it is now."""

    def __init__(self, sources: Sources, path: str) -> None:
        self._sources = sources
        self._path = path

    @cached_property
    def text(self) -> bytes:
        """What it holds; nothing where it cannot be read."""
        return self._sources.text(self._path) or b""

    @cached_property
    def facts(self) -> FileFacts | None:
        """What extraction found."""
        return self._sources.facts(self._path)

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return [line.rstrip("\r\n") for line in split_lines(decode(self.text)[0])]

    @cached_property
    def tree(self) -> ast.Module:
        """What it says, whatever stands in it."""
        return read(self.text).tree

    @cached_property
    def functions(self) -> dict[tuple[int, int], int]:
        """The scopes of its functions by where they begin."""
        scopes = self.facts.scopes if self.facts is not None else ()
        return {(s.span[0], s.span[1]): i for i, s in enumerate(scopes) if s.kind == "function"}

    @cached_property
    def calls(self) -> dict[Span, Call]:
        """Its calls by place."""
        calls = self.facts.calls if self.facts is not None else ()
        return {call.span: call for call in reversed(calls)}
