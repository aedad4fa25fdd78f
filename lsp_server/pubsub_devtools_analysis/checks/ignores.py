"""Comments that silence findings: `# pubsub: ignore[PSD002]` at the end of a line, or `# pubsub: ignore` for all of them."""

from __future__ import annotations

import io
import re
import tokenize
from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools.model import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WORD = b"pubsub:"
"""What a file must hold to have such a comment."""

COMMENT = re.compile(r"#\s*pubsub:\s*ignore(?!\w)(?:\[(?P<codes>[^\]]*)\])?")


class Ignore(msgspec.Struct, frozen=True):
    """One comment: its place, and the codes that it silences on its line; none named are all."""

    place: Place
    codes: tuple[str, ...] | None

    def covers(self, code: str) -> bool:
        """Whether it silences this code."""
        return self.codes is None or code in self.codes


def ignores(path: str, lines: Sequence[str]) -> list[Ignore]:
    """The comments of a file. In a string they are none; where Python cannot tell, every match counts."""
    found = [(number, m) for number, line in enumerate(lines, 1) for m in COMMENT.finditer(line)]
    if not found:
        return []
    comments = _comments("\n".join(lines) + "\n")
    return [
        Ignore(Place(path, line, m.start(), line, m.end()), _codes(m["codes"]))
        for line, m in found
        if comments is None or any(start <= m.start() for start in comments.get(line, ()))
    ]


def _codes(words: str | None) -> tuple[str, ...] | None:
    if words is None:
        return None
    return tuple(word.strip().upper() for word in words.split(",") if word.strip())


def _comments(text: str) -> dict[int, list[int]] | None:
    """The columns at which comments begin, by line; nothing for a file that cannot be taken apart."""
    found: dict[int, list[int]] = {}
    try:
        for start in _starts(text):
            found.setdefault(start[0], []).append(start[1])
    except (tokenize.TokenError, SyntaxError, ValueError):
        return None
    return found


def _starts(text: str) -> Iterator[tuple[int, int]]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return (token.start for token in tokens if token.type == tokenize.COMMENT)
