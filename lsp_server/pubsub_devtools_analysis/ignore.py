"""Patterns in gitignore's language, as git itself reads them.

Used for `.gitignore` files where git is not at hand and for the globs of our settings. Each pattern is matched
against a path itself, never against its parents: whoever walks the tree does not enter a folder that is left out,
which is git's own way and the reason that `*` followed by `!kept/` means the same here and there.
Pure: text in, verdicts out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Globs", "Patterns"]


class _Rule(NamedTuple):
    keeps: bool
    folders_only: bool
    on_name: bool
    regex: re.Pattern[str]


class Patterns:
    """The patterns of one file; the last one that matches decides."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._rules = [rule for line in lines if (rule := _parse(_as_bytes(line)))]
        self._names = _any_of(rule.regex for rule in self._rules if rule.on_name)
        self._paths = _any_of(rule.regex for rule in self._rules if not rule.on_name)
        self._by_name: dict[str, bool] = {}

    def __bool__(self) -> bool:
        return bool(self._rules)

    def leaves_out(self, path: str, is_folder: bool) -> bool | None:
        """Whether ``path`` (relative to the patterns' folder) is left out, kept, or not spoken of (None)."""
        path = _as_bytes(path)
        name = path.rpartition("/")[2]
        if not self._speaks_of(path, name):
            return None
        for rule in reversed(self._rules):
            if rule.folders_only and not is_folder:
                continue
            if rule.regex.fullmatch(name if rule.on_name else path):
                return not rule.keeps
        return None

    def _speaks_of(self, path: str, name: str) -> bool:
        """A quick no: most paths are of no concern to any pattern, and names repeat."""
        if self._paths and self._paths.fullmatch(path):
            return True
        if not self._names:
            return False
        known = self._by_name.get(name)
        if known is None:
            known = self._by_name[name] = self._names.fullmatch(name) is not None
        return known


class Globs:
    """A set of patterns that covers a path when it matches the path or a folder above it."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._patterns = Patterns(lines)
        self._folders: dict[str, bool] = {"": False}

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def cover(self, path: str) -> bool:
        """Whether the file ``path`` is meant."""
        return self._folder(path.rpartition("/")[0]) or self._patterns.leaves_out(path, False) is True

    def _folder(self, folder: str) -> bool:
        known = self._folders.get(folder)
        if known is None:
            above = self._folder(folder.rpartition("/")[0])
            known = above or self._patterns.leaves_out(folder, True) is True
            self._folders[folder] = known
        return known


def _as_bytes(text: str) -> str:
    """One character for each byte of UTF-8, for that is what git's ``?`` and ``[...]`` match."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("latin-1")


def _any_of(regexes: Iterable[re.Pattern[str]]) -> re.Pattern[str] | None:
    joined = "|".join(f"(?:{regex.pattern})" for regex in regexes)
    return re.compile(joined, re.DOTALL) if joined else None


def _parse(line: str) -> _Rule | None:
    line = _without_trailing_spaces(line.removesuffix("\r"))
    if not line or line.startswith("#"):
        return None
    keeps = line.startswith("!")
    body = line[1:] if keeps else line
    folders_only = body.endswith("/")
    body = body.removesuffix("/")
    on_name = "/" not in body
    source = _translate(body.removeprefix("/"))
    if not body or source is None:
        return None
    return _Rule(keeps, folders_only, on_name, re.compile(source, re.DOTALL))


def _without_trailing_spaces(line: str) -> str:
    """Git drops spaces at the end unless a backslash keeps them."""
    stripped = line.rstrip(" ")
    escapes = len(stripped) - len(stripped.rstrip("\\"))
    return stripped + " " if escapes % 2 and stripped != line else stripped


def _translate(pattern: str) -> str | None:
    """The pattern as a regular expression for the whole path; None for one that git never matches."""
    segments: list[list[str]] = [[]]
    for token in _tokens(pattern):
        if token is None:
            return None
        if token == "/":
            segments.append([])
        else:
            segments[-1].append(token)
    last = len(segments) - 1
    parts: list[str] = []
    for position, segment in enumerate(segments):
        if segment == ["*", "*"] and last:
            parts.append(".*" if position == last else "(?:[^/]+/)*")
        else:
            parts.append(_segment(segment) + ("/" if position < last else ""))
    return "".join(parts)


def _segment(tokens: Iterable[str]) -> str:
    """One name of a pattern. Every star but the last commits itself, so that no pattern can take exponential time."""
    chunks = [""]
    for token in tokens:
        if token == "*":
            chunks.append("")
        else:
            chunks[-1] += token
    first, *others = chunks
    if not others:
        return first
    committed = "".join(f"(?>[^/]*?{chunk})" for chunk in others[:-1])
    return f"{first}{committed}[^/]*{others[-1]}"


def _tokens(pattern: str) -> Iterator[str | None]:
    """Regular expressions of the single characters, ``*`` for stars, ``/``, and None for what makes it all void."""
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            yield "*"
        elif char == "?":
            yield "[^/]"
        elif char == "\\":
            yield re.escape(pattern[at]) if at < len(pattern) else None
            at += 1
        elif char == "[":
            source, at = _character_class(pattern, at)
            yield source
        else:
            yield re.escape(char)


_POSIX = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t-\\r",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}
_ITEM = re.compile(r"\[:(?P<posix>[^\]]*?):\]|(?P<low>\\.|[^\\])(?:-(?P<high>\\.|[^\]\\]))?", re.DOTALL)


def _character_class(pattern: str, at: int) -> tuple[str | None, int]:
    """``[...]`` whose inside starts at ``at``, and where what follows it starts; None where git gives up."""
    negated = pattern[at : at + 1] in ("!", "^")
    at += negated
    inside = ""
    first = True
    while first or pattern[at : at + 1] != "]":
        item = _ITEM.match(pattern, at)
        if item is None or (item["posix"] is not None and item["posix"] not in _POSIX):
            return None, len(pattern)
        inside += _class_item(item)
        first, at = False, item.end()
    return f"(?!/)[{'^' if negated else ''}{inside}]", at + 1


def _class_item(item: re.Match[str]) -> str:
    if item["posix"] is not None:
        return _POSIX[item["posix"]]
    low = item["low"][-1]
    high = (item["high"] or low)[-1]
    if high < low:
        return re.escape(low)
    return f"{re.escape(low)}-{re.escape(high)}"
