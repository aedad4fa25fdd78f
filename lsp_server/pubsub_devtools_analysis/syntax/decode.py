"""Bytes to text as Python itself does it: BOM, PEP 263 cookie, utf-8 by default.

Whatever cannot be decoded is replaced and reported, so that one bad byte in a comment costs nothing else.
Lines end at ``\\n``, ``\\r\\n`` and ``\\r`` only; `str.splitlines` would also split at form feeds and U+2028,
and every position after one of those would be wrong.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from .trouble import ENCODING, NUL_BYTE, Trouble

# PEP 263: the cookie stands in a comment of line one, or of line two when line one holds no code.
_COOKIE = re.compile(
    rb"\A(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n))??[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)"
)
_NEWLINE = re.compile(r"\r\n?|\n")
# Text codecs by name, yet no encodings of source files; punycode needs quadratic time.
_REFUSED = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})


class Decoded(NamedTuple):
    """The text without BOM and NUL, and what had to be replaced to get it."""

    text: str
    problems: tuple[Trouble, ...]


def decode(data: bytes) -> Decoded:
    """Text of a source file; never raises."""
    body = data.removeprefix(codecs.BOM_UTF8)
    name, problems = _encoding(body, has_bom=len(body) < len(data))
    text, replaced = _to_text(body, name)
    if replaced:
        problems = [*problems, Trouble(_replacement_line(text), ENCODING, f"not all bytes are {name}")]
    if "\0" in text:
        problems = [*problems, Trouble(line_of(text, text.index("\0")), NUL_BYTE, "NUL bytes in the text")]
        text = text.replace("\0", " ")
    return Decoded(text, tuple(problems))


def split_lines(text: str) -> list[str]:
    """The lines of `text` without their ends, as Python's tokenizer counts them."""
    return _NEWLINE.split(text) if "\r" in text else text.split("\n")


def with_unix_newlines(text: str) -> str:
    """The same lines, each ended by ``\\n``: what Python's tokenizer makes of its input first."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def line_of(text: str, offset: int) -> int:
    """The 1-based line on which the character at `offset` stands."""
    return sum(1 for _ in _NEWLINE.finditer(text, 0, offset)) + 1


def _encoding(body: bytes, *, has_bom: bool) -> tuple[str, list[Trouble]]:
    cookie = _COOKIE.match(body)
    if cookie is None:
        return "utf-8", []
    name = cookie[1].decode("ascii", "replace")
    line = line_of(body[: cookie.end()].decode("latin-1"), cookie.end())
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        known = ""
    if not known or known.replace("-", "_") in _REFUSED:
        return "utf-8", [Trouble(line, ENCODING, f"unknown encoding: {name}")]
    if has_bom and not known.startswith("utf-8"):
        return "utf-8", [Trouble(line, ENCODING, f"{name} declared after a utf-8 byte order mark")]
    return known, []


def _to_text(body: bytes, name: str) -> tuple[str, bool]:
    """Decoded text, and whether some of it is replaced. Lone surrogates count as undecodable."""
    try:
        text = body.decode(name)
        if name != "utf-8":
            text.encode("utf-8")
    except (UnicodeError, LookupError, ValueError):
        pass
    else:
        return text, False
    try:
        text = body.decode(name, "replace")
    except (UnicodeError, LookupError, ValueError):
        text = body.decode("utf-8", "replace")
    return text.encode("utf-8", "replace").decode("utf-8"), True


def _replacement_line(text: str) -> int:
    return line_of(text, max(text.find("\N{REPLACEMENT CHARACTER}"), 0))
