"""What the bytes of one file say before it is parsed: which frameworks it imports, and every word that stands in it.

A word costs four bytes, so that the words of all files fit in memory and a name that turns out to be a wrapper's is
looked up everywhere without reading a file again. Two words of one number only make a file be read in vain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from zlib import crc32

import msgspec

from pubsub_devtools_analysis.dialect import Dialect
from pubsub_devtools_analysis.select import SHORT, Imports
from pubsub_devtools_analysis.shapes import CANDIDATE

_WORD = re.compile(rb"(?:def[ \t]+)?[A-Za-z_]\w*")
"""A function's own name after `def` is a word of its own, so that defining `setup` is not taken for calling it."""

_CALLED = re.compile(
    rb"\.(" + "|".join(sorted(SHORT)).encode() + rb")[ \t]*\(|@[\w.]*\.(" + "|".join(sorted(SHORT)).encode() + rb")\b"
)


class Scan(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One file: the dialects whose library it imports, whether it may hold a hand-written bus, and its words."""

    dialects: tuple[str, ...]
    candidate: bool
    words: bytes

    def has(self, numbers: set[int]) -> bool:
        """Whether one of these words stands in the file."""
        return not numbers.isdisjoint(memoryview(self.words).cast("I"))


class Scanner:
    """Scans files for a fixed set of dialects."""

    def __init__(self, dialects: Iterable[Dialect]) -> None:
        self._imports = Imports(dialects)

    def scan(self, data: bytes) -> Scan:
        """The scan of a file's bytes."""
        words = set(_WORD.findall(data))
        if not SHORT_BYTES.isdisjoint(words):
            words.update(b"." + (method or decorator) for method, decorator in _CALLED.findall(data))
        found = sorted(self._imports.found(data)) if not IMPORT.isdisjoint(words) else ()
        numbers = sorted({crc32(word) for word in words})
        return Scan(tuple(found), CANDIDATE.search(data) is not None, b"".join(n.to_bytes(4, "little") for n in numbers))


IMPORT = frozenset({b"import"})
SHORT_BYTES = frozenset(name.encode() for name in SHORT)


def number(word: str) -> int:
    """A word as scans hold it."""
    return crc32(word.encode())


def called(name: str) -> int:
    """A name as scans hold it where it counts: a short one only where it is called as a method or decorates."""
    return number(f".{name}" if name in SHORT else name)
