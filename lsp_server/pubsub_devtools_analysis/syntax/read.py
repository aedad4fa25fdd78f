"""One file's bytes as a tree that can be walked, whatever stands in them.

`ast` is asked first: it is the fastest and never crashes. Where it refuses, libcst may know the syntax already
(`lower`); where both refuse, the text is broken and `repair` saves what lies around the break.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from .decode import decode, split_lines, with_unix_newlines
from .limits import MAX_BYTES, MAX_TOKENS, TooDeepError, parse, too_big, too_deep_for_libcst
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
    tree = parse(source)
    if isinstance(tree, ast.Module):
        return Reading(tree, text, (), problems)
    newer = read_newer(source, tree)
    if newer is not None:
        return Reading(newer[0], text, (), (*problems, *newer[1]))
    return _repaired(text, source, hint, tree, problems)


def read_newer(source: str, refusal: SyntaxError) -> tuple[ast.Module, tuple[Trouble, ...]] | None:
    """The tree by way of libcst, and what in it is too new for the running Python."""
    if too_deep_for_libcst(source):
        return None
    from .lower import read_concrete  # noqa: PLC0415  libcst takes 0.3 s to import, and most files need none

    lowered = read_concrete(source)
    if lowered is None:
        return None
    if not lowered.newer:
        return lowered.tree, (_refused(refusal, source),)
    return lowered.tree, tuple(Trouble(line, NEWER_SYNTAX, what) for line, what in sorted(set(lowered.newer)))


def _repaired(
    text: str, source: str, hint: int | None, refusal: SyntaxError, problems: tuple[Trouble, ...]
) -> Reading:
    from .repair import repair  # noqa: PLC0415

    mended = repair(source, refusal, hint)
    found = [_refused(refusal, source)]
    found += [Trouble(first, REPAIRED, "read around a broken statement") for first, _ in mended.dropped]
    return Reading(mended.tree, text, mended.dropped, (*problems, *found))


def _refused(refusal: SyntaxError, source: str) -> Trouble:
    if isinstance(refusal, TooDeepError):
        return Trouble(1, TOO_DEEP, str(refusal.msg))
    line = min(max(refusal.lineno or 1, 1), len(split_lines(source)))
    code = TOO_DEEP if "too many" in (refusal.msg or "") else SYNTAX
    return Trouble(line, code, refusal.msg or "invalid syntax")


def _too_big(text: str, problems: tuple[Trouble, ...]) -> Reading:
    """Nothing of it is read: it is generated data, and its tree would not fit the memory that we promise."""
    trouble = Trouble(1, TOO_BIG, f"more than {MAX_TOKENS:,} words and signs")
    whole = (1, len(split_lines(text)))
    return Reading(ast.Module(body=[], type_ignores=[]), text, (whole,), (*problems, trouble))
