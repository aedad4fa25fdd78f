"""The words of a `.proto` file, and going through them."""

from __future__ import annotations

import re

from pubsub_devtools.schema.judges.protobuf.file import ProtoError

__all__: list[str] = []

_TOKEN = re.compile(
    r"""(?P<gap>(?:\s|//[^\n]*|/\*.*?\*/)+)|(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?P<word>[\w.+-]+)|(?P<mark>[{}()\[\]<>=;,:/])""",
    re.DOTALL,
)
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
TYPE = re.compile(r"\.?[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)


class Words:
    """The words of a text, and the place where a reader is."""

    def __init__(self, text: str) -> None:
        self.words = words_of(text)
        self.at = 0

    def next(self, expected: str = "") -> str:
        if self.at >= len(self.words):
            raise ProtoError(f"it ends where {expected or 'more'!r} should come")
        word = self.words[self.at]
        if expected and word != expected:
            raise ProtoError(f"{expected!r} should stand in the place of {word!r}")
        self.at += 1
        return word

    def taken(self, word: str) -> bool:
        """Go past a word if it is the next one."""
        if self.at < len(self.words) and self.words[self.at] == word:
            self.at += 1
            return True
        return False

    def named(self, form: re.Pattern[str] = NAME) -> str:
        word = self.next()
        if not form.fullmatch(word):
            raise ProtoError(f"{word!r} is no name")
        return word

    def text(self) -> str:
        found = [self.next()]
        while self.at < len(self.words) and self.words[self.at][0] in "\"'":
            found.append(self.next())
        if found[0][0] not in "\"'":
            raise ProtoError(f"a text should stand in the place of {found[0]!r}")
        return "".join(part[1:-1] for part in found)

    def number(self) -> int:
        word = self.next()
        try:
            return int(word, 8) if re.fullmatch(r"-?0[0-7]+", word) else int(word, 0)
        except ValueError:
            raise ProtoError(f"a number should stand in the place of {word!r}") from None

    def until(self, *ends: str, keep: bool = False) -> str:
        """Return the words before one of these ends that stands in no brackets."""
        found: list[str] = []
        depth = 0
        while True:
            word = self.next(ends[0] if self.at >= len(self.words) else "")
            if word in ends and not depth:
                self.at -= keep
                return " ".join(found)
            depth += (word in "{[(<") - (word in "}])>")
            if depth < 0:
                raise ProtoError(f"{word!r} closes nothing")
            found.append(word)

    def past(self, end: str) -> None:
        while self.next(end if self.at >= len(self.words) else "") != end:
            pass

    def block(self) -> None:
        """Go past a block in braces."""
        self.next("{")
        depth = 1
        while depth:
            word = self.next("}" if self.at >= len(self.words) else "")
            depth += (word == "{") - (word == "}")


def words_of(text: str) -> list[str]:
    words: list[str] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ProtoError(f"{text[at : at + 10]!r} means nothing in line {text.count(chr(10), 0, at) + 1}")
        if found.lastgroup != "gap":
            words.append(found.group())
        at = found.end()
    return words
