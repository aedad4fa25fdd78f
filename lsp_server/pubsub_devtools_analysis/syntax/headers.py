"""The first line of a statement that has a body."""

from __future__ import annotations

import re

from .layout import Lines, indent, is_blank, next_code, open_above, open_depths, stripped

HEADER = re.compile(
    r"(?P<indent>\s*)(?P<word>(?:async\s+)?(?:def|for|with)|class|if|elif|else|while|try|except\*?|finally|case|match)\b"
    r"(?:\s+(?P<name>[^\W\d]\w*))?"
)
COLON = re.compile(r":\s*(?:#.*)?$")
"""How a header ends."""

_WORDS = (
    "async",
    "def",
    "class",
    "with",
    "for",
    "while",
    "if",
    "elif",
    "else",
    "try",
    "except",
    "finally",
    "match",
    "case",
)
_STAND_INS = {
    "elif": "elif 1:",
    "else": "else:",
    "try": "try:",
    "except": "except Exception:",
    "except*": "except* Exception:",
    "finally": "finally:",
    "case": "case 0:",
}


def stand_in(header: re.Match[str]) -> str | None:
    """A simple header under which the body of this one keeps its meaning; None when that takes an unknown name."""
    word, name = header["word"], header["name"]
    if word.endswith("def"):
        return name and f"{word} {name}():"
    if word == "class":
        return name and f"class {name}:"
    return None if word == "match" else _STAND_INS.get(word, "if 1:")


def would_orphan(lines: Lines, start: int, end: int) -> bool:
    """Whether the block above would take in the body of a header, were lines `start` to `end` left out.

    Its calls would then seem to be made by another function. A line that cannot have been a header, or whose
    margin fits no open block, has no body of its own.
    """
    following = next_code(lines, end)
    if following == len(lines):
        return False
    depths = open_depths(lines, start)
    return any(
        indent(lines[index]) < indent(lines[following])
        and (is_scope(lines[index]) or (_may_be_header(lines[index]) and indent(lines[index]) in depths))
        for index in range(start, end + 1)
        if not is_blank(lines[index])
    )


def may_end_scope(lines: Lines, start: int, end: int) -> bool:
    """Whether what follows a header may as well belong to a function above it, the header being a stray line."""
    following = next_code(lines, end)
    if following == len(lines) or is_scope(lines[start]):
        return False
    scopes = (index for index in open_above(lines, start) if is_scope(lines[index]))
    return any(indent(lines[start]) <= indent(lines[scope]) < indent(lines[following]) for scope in scopes)


def is_scope(line: str) -> bool:
    """Whether a line is the header of a function or class."""
    header = HEADER.match(line)
    return header is not None and (header["word"] == "class" or header["word"].endswith("def"))


def _may_be_header(line: str) -> bool:
    """Any other header has its colon, or else it would have been finished by one."""
    text = stripped(line)
    return COLON.search(text) is not None or any(word.startswith(text) for word in _WORDS)
