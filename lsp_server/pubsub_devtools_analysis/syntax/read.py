"""One file's bytes as a tree that can be walked, whatever stands in them.

`ast` is asked first: it is the fastest and never crashes. Where it refuses, libcst may know the syntax already
(`lower`); where both refuse, the text is broken and `repair` saves what lies around the break.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from .decode import decode, split_lines, with_unix_newlines
from .limits import MAX_BYTES, MAX_TOKENS, TooDeepError, too_big
from .parsing import Parsed, Refused, parse_any
from .repair import repair
from .trouble import NEWER_SYNTAX, REPAIRED, SYNTAX, TOO_BIG, TOO_DEEP, Trouble


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read of a file.

    Positions in `tree` are those of `text`, which is the decoded file without its byte order mark. Facts that lie
    in a line range of `dropped` (1-based, both ends included) must not be trusted: it was broken and repaired.
    """

    tree: ast.Module
    text: str
    dropped: tuple[tuple[int, int], ...] = ()
    problems: tuple[Trouble, ...] = ()


def read(data: bytes, hint: int | None = None) -> Reading:
    """Read a file; `hint` is the 1-based line that is being edited, if known. Never raises."""
    text, problems = decode(data)
    if len(data) > MAX_BYTES or too_big(text):
        return _too_big(text, problems)
    source = with_unix_newlines(text)
    parsed = parse_any(source)
    if isinstance(parsed, Refused):
        return _repaired(text, source, hint, parsed, problems)
    return Reading(parsed.tree, text, (), _in_order(*problems, *_newer(parsed)))


def _newer(parsed: Parsed) -> list[Trouble]:
    """Each kind of newer syntax once, at its first line: a file that uses one uses it everywhere."""
    first = {what: line for line, what in sorted(parsed.newer, reverse=True)}
    return [Trouble(line, NEWER_SYNTAX, what) for what, line in first.items()]


def _repaired(
    text: str, source: str, hint: int | None, refused: Refused, problems: tuple[Trouble, ...]
) -> Reading:
    mended = repair(source, refused, hint)
    found = [_refusal(refused, source), *_newer(mended.parsed)]
    found += [Trouble(first, REPAIRED, "read around a broken statement") for first, _ in mended.dropped]
    return Reading(mended.parsed.tree, text, mended.dropped, _in_order(*problems, *found))


def _refusal(refused: Refused, source: str) -> Trouble:
    message = refused.error.msg or "invalid syntax"
    too_deep = isinstance(refused.error, TooDeepError) or message.startswith("too many nested")
    line = min(max(refused.line, 1), source.count("\n") + 1)
    return Trouble(line, TOO_DEEP if too_deep else SYNTAX, message)


def _too_big(text: str, problems: tuple[Trouble, ...]) -> Reading:
    """Nothing of it is read: it is generated data, and its tree would not fit the memory that we promise."""
    trouble = Trouble(1, TOO_BIG, f"more than {MAX_TOKENS:,} words and signs")
    whole = (1, len(split_lines(text)))
    return Reading(ast.Module(body=[], type_ignores=[]), text, (whole,), _in_order(*problems, trouble))


def _in_order(*problems: Trouble) -> tuple[Trouble, ...]:
    return tuple(sorted(problems, key=lambda trouble: trouble.line))
