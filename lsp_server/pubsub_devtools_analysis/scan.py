"""What the bytes of one file say before it is parsed: which frameworks it imports, and every word that stands in it.

A word costs four bytes, so that the words of all files fit in memory and a name that turns out to be a wrapper's is
looked up everywhere without reading a file again. Two words of one number only make a file be read in vain.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import lru_cache
from zlib import crc32

import msgspec

from pubsub_devtools_analysis.dialect import Dialect
from pubsub_devtools_analysis.select import SHORT, Imports

_NO_WORD = bytes(c if chr(c).isalnum() or c in b"_\x01" or c > 127 else ord(" ") for c in range(256))
_SHORT_BYTES = frozenset(name.encode() for name in SHORT)
_ONE_OF_SHORT = "|".join(sorted(SHORT)).encode()
_CALLED = re.compile(
    rb"\.("
    + _ONE_OF_SHORT
    + rb")[ \t]*\(|@[\w.]*\.("
    + _ONE_OF_SHORT
    + rb")\b|\.(send|emit|publish)[ \t]*[,)]"
)
"""A short word that counts: a method that is called, a decorator, a sending method that is passed on."""


class Scan(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One file: the dialects whose library it imports, whether it may hold a hand-written bus, and its words."""

    dialects: tuple[str, ...]
    candidate: bool
    words: bytes

    def has(self, numbers: Set[int]) -> bool:
        """Whether one of these words stands in the file."""
        return bool(numbers) and not numbers.isdisjoint(memoryview(self.words).cast("I"))

    def has_all(self, numbers: Sequence[int]) -> bool:
        """Whether all of these words stand in the file."""
        words = memoryview(self.words).cast("I")
        for each in numbers:
            place = bisect_left(words, each)
            if place == len(words) or words[place] != each:
                return False
        return True

    def among(self, numbers: Mapping[int, object]) -> list[int]:
        """Those of these words that stand in the file."""
        return [number for number in memoryview(self.words).cast("I") if number in numbers]


class Scanner:
    """Scans files for a fixed set of dialects; `candidate` tells files in small letters that may hold a bus."""

    def __init__(self, dialects: Iterable[Dialect], candidate: re.Pattern[bytes]) -> None:
        dialects = tuple(dialects)
        self.question = repr((sorted((d.name, d.imports) for d in dialects), candidate.pattern)).encode()
        """All that a scan depends on beside the content."""
        self._imports = Imports(dialects)
        self._libraries = {module.partition(".")[0].encode() for d in dialects for module in d.imports}
        self._candidate = candidate

    def scan(self, data: bytes) -> Scan:
        """The scan of a file's bytes."""
        words = words_of(data)
        found = () if self._libraries.isdisjoint(words) else tuple(sorted(self._imports.found(data)))
        if not _SHORT_BYTES.isdisjoint(words):
            words.update(b"." + b"".join(hit) for hit in _CALLED.findall(data))
        numbers = array("I", sorted({*map(crc32, words)}))
        return Scan(found, self._candidate.search(data.lower()) is not None, numbers.tobytes())


def words_of(data: bytes) -> set[bytes]:
    """The words of a file. A function's own name after `def` is another word: to define `setup` is not to call it."""
    return set(data.replace(b"def ", b"def\x01").translate(_NO_WORD).split())


def number(word: str) -> int:
    """A word as scans hold it."""
    return crc32(word.encode())


@lru_cache(maxsize=4096)
def parts(text: str) -> tuple[int, ...]:
    """The words of a text as scans hold them: what a file holds if it holds the text."""
    return tuple(map(crc32, text.encode("utf-8", "surrogatepass").translate(_NO_WORD).split()))


def called(name: str) -> int:
    """A name as scans hold it where it counts: a short one only where it is called as a method or decorates."""
    return number(f".{name}" if name in SHORT else name)
