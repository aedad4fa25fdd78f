"""Broken text, as it is while somebody types: save what lies around the break.

The text is cut at its top-level statements, so that most attempts parse one of them alone. The broken one goes
down a ladder of edits (`ladder`), from closing what is open to dropping it whole; the first that parses is taken.
Edits never move a line, so positions are those of the original text. A budget bounds the work by what parsing
costs, not by the clock: the same text always gives the same tree.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from .decode import split_lines
from .ladder import rungs
from .layout import function_range, indent, top_level_range
from .lexical import left_open
from .limits import parse, tokens
from .parsing import Parsed, Refused, parse_newer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .edit import Edit

_MAX_TOKENS = 400_000
_MAX_ATTEMPTS = 300
_SMALL = 50_000
"""Characters of a text whose budget need not be exact."""

_MAX_SPREAD = 3
"""How many lines more than its top-level statement has an edit may replace, before the parts are mended apart."""

_MAX_BREAKS = 6
_MAX_MISTAKEN = 3
"""How many edits may suit the function but not the text around it."""

_SCAN_COST = 2
"""What looking for edits costs, in attempts of the same text."""

_CONCRETE_COST = 8
"""How much dearer an attempt is that libcst looks at too."""


class Mended(NamedTuple):
    """What could be kept, and the line ranges that were repaired."""

    parsed: Parsed
    dropped: tuple[tuple[int, int], ...]


def repair(source: str, refused: Refused, hint: int | None) -> Mended:
    """The tree of everything but the broken statements of `source`, which no parser reads as a whole."""
    work = _Repair(source, refused)
    last = len(work.lines)
    focus = hint if hint is not None and 1 <= hint <= last else None
    body = work.around(_Piece(1, last), focus or refused.line, refused, edited=focus is not None)
    return Mended(Parsed(ast.Module(body=body, type_ignores=[]), tuple(work.newer)), _merged(work.dropped))


class _Piece(NamedTuple):
    """Lines `first` to `last`, 1-based, both included; empty when `last` is less."""

    first: int
    last: int


class _Repair:
    def __init__(self, source: str, refused: Refused) -> None:
        self.lines = split_lines(source)
        self.dropped: list[tuple[int, int]] = []
        self.newer: list[tuple[int, str]] = []
        self.attempts = _MAX_ATTEMPTS
        self.budget = float(_MAX_TOKENS)
        self.known_old = 0 if refused.newer else refused.line
        self.density = tokens(source) / len(source) if len(source) > _SMALL else 0.5

    def around(self, piece: _Piece, line: int, refused: Refused, *, edited: bool) -> list[ast.stmt]:
        """Statements of a piece that does not parse, the break being near `line`."""
        line = min(max(line, piece.first), piece.last)
        start, end = top_level_range(self.lines, line - 1, piece.first - 1, piece.last - 1)
        if not edited and refused.in_string:
            return self.before_string(piece, _Piece(start + 1, piece.last))
        broken = _Piece(start + 1, end + 1)
        before, after = _Piece(piece.first, broken.first - 1), _Piece(broken.last + 1, piece.last)
        outside = [self.parsed(before), self.parsed(after)]
        if not edited and 1 < piece.first == broken.first:  # nobody knows in whose body it stands
            return [*self.drop(broken), *self.rest(after, outside[1], trusted=False)]
        if not any(isinstance(part, Refused) for part in outside):
            first, last = (self.accept(part) for part in outside if isinstance(part, Parsed))
            known = refused if broken.first <= refused.line <= broken.last else None
            inside = self.mended(broken, line, known, edited=edited)
            return [*first, *(self.drop(broken) if inside is None else inside), *last]
        most = broken.last - broken.first + _MAX_SPREAD
        whole = self.mended(piece, line, refused, edited=edited, most=most)
        if whole is None and edited and refused.line != line:
            whole = self.mended(piece, refused.line, refused, edited=False, most=most)
        return whole if whole is not None else self.apart(before, broken, after, outside, line)

    def before_string(self, piece: _Piece, broken: _Piece) -> list[ast.stmt]:
        """A string without an end: nobody knows whether what follows its quotes, or stands before them, is its text.
        Only what comes before its statement in a piece that starts outside any string can be believed."""
        self.drop(broken)
        before = _Piece(piece.first, broken.first - 1)
        return self.rest(before, self.parsed(before), trusted=True)

    def apart(
        self, before: _Piece, broken: _Piece, after: _Piece, outside: list[Parsed | Refused], line: int
    ) -> list[ast.stmt]:
        """Several breaks: each part is mended for itself."""
        first = self.rest(before, outside[0], trusted=before.first == 1)
        in_string = isinstance(outside[0], Refused) and outside[0].in_string
        inside = None if in_string else self.mended(broken, line, edited=False)
        last = self.rest(after, outside[1], trusted=False)
        return [*first, *(self.drop(broken) if inside is None else inside), *last]

    def rest(self, piece: _Piece, parsed: Parsed | Refused, *, trusted: bool) -> list[ast.stmt]:
        """A part beside a break. One that starts behind it may start inside a string: then nothing before the
        quote that seems to open one can be believed."""
        if isinstance(parsed, Parsed):
            return self.accept(parsed)
        if self.exhausted():
            return self.drop(piece)
        if not trusted and parsed.in_string:
            cut = min(max(parsed.error.lineno or piece.first, piece.first), piece.last)
            self.drop(_Piece(piece.first, cut))
            behind = _Piece(cut + 1, piece.last)
            return self.rest(behind, self.parsed(behind), trusted=False)
        return self.around(piece, parsed.line, parsed, edited=False)

    def mended(
        self,
        piece: _Piece,
        line: int,
        refused: Refused | None = None,
        *,
        edited: bool,
        most: int | None = None,
    ) -> list[ast.stmt] | None:
        """The statements of a piece by the first edit near `line` that makes it parse and replaces no more than `most` lines.

        Where none does, the edit after which the parser gets farthest is kept, and the next break looked at.
        """
        lines = self.lines[piece.first - 1 : piece.last]
        current = refused or self.parsed(piece, lines)
        if isinstance(current, Parsed):
            return self.accept(current)
        scan = _SCAN_COST * sum(map(len, lines))
        if not self.pay(scan) or (not edited and _in_string(lines, current.line - piece.first)):
            return None
        if (found := self.mended_within(piece, line, current.line, edited=edited)) is not None:
            return found
        edits: list[Edit] = []
        for _ in range(_MAX_BREAKS if most is None else 1):
            ended = min(max(current.line, piece.first), piece.last)
            at = line if edited else ended
            farthest, best = ended, None
            for edit in rungs(lines, at - piece.first, ended - piece.first, edited=edited):
                if most is not None and edit.last - edit.first > most:
                    continue
                parsed = self.parsed(piece, edit.applied(lines), trusted_until=0 if current.newer else ended)
                if isinstance(parsed, Parsed):
                    self.note(piece, [*edits, edit])
                    return self.accept(parsed)
                if parsed.line > farthest:
                    farthest, best, current = parsed.line, edit, parsed
            if best is None or not self.pay(scan):
                return None
            edits.append(best)
            lines, edited = best.applied(lines), False
            if _in_string(lines, current.line - piece.first):
                return None
        return None

    def mended_within(self, piece: _Piece, line: int, refused: int, *, edited: bool) -> list[ast.stmt] | None:
        """The same, trying each edit on the function around it alone, which is much quicker."""
        lines = self.lines[piece.first - 1 : piece.last]
        found = function_range(lines, line - piece.first)
        if found is None or found == (0, len(lines) - 1):
            return None
        first, last = found
        inner = _Piece(piece.first + first, piece.first + last)
        mistaken = 0
        for edit in rungs(lines[first : last + 1], line - inner.first, refused - inner.first, edited=edited):
            if not self.parses_alone(inner, edit):
                continue
            moved = edit.moved(first)
            parsed = self.parsed(piece, moved.applied(lines))
            if isinstance(parsed, Parsed):
                self.note(piece, [moved])
                return self.accept(parsed)
            mistaken += 1
            if mistaken == _MAX_MISTAKEN:
                break
        return None

    def parses_alone(self, piece: _Piece, edit: Edit) -> bool:
        """Whether an indented piece would parse with the edit; where it stands is of no matter."""
        lines = edit.applied(self.lines[piece.first - 1 : piece.last])
        text = "\n".join(["if 1:" if indent(lines[0]) else "", *lines, ""])
        return self.pay(len(text)) and isinstance(parse(text), ast.Module)

    def note(self, piece: _Piece, edits: list[Edit]) -> None:
        ranges = [edit.dropped for edit in edits if edit.dropped is not None]
        self.dropped.extend((piece.first + first, piece.first + last) for first, last in ranges)

    def accept(self, parsed: Parsed) -> list[ast.stmt]:
        self.newer.extend(parsed.newer)
        return parsed.tree.body

    def drop(self, piece: _Piece) -> list[ast.stmt]:
        if piece.first <= piece.last:
            self.dropped.append((piece.first, piece.last))
        return []

    def parsed(
        self, piece: _Piece, lines: list[str] | None = None, trusted_until: int = 0
    ) -> Parsed | Refused:
        """A piece, by itself but in its place: blank lines stand for those before it.

        libcst is so slow that it is asked only where `ast` ends behind the lines known to have no newer syntax.
        """
        lines = self.lines[piece.first - 1 : piece.last] if lines is None else lines
        text = "\n" * (piece.first - 1) + "\n".join(lines) + "\n"
        if not self.pay(len(text)):
            return Refused(piece.first, SyntaxError("given up"))
        tree = parse(text)
        if isinstance(tree, ast.Module):
            return Parsed(tree)
        line = tree.lineno or piece.first
        asked = line > max(trusted_until, self.known_old) and self.pay(len(text) * _CONCRETE_COST)
        return parse_newer(text, tree) if asked else Refused(line, tree)

    def pay(self, chars: int) -> bool:
        self.attempts -= 1
        self.budget -= chars * self.density
        return not self.exhausted()

    def exhausted(self) -> bool:
        return self.attempts < 0 or self.budget < 0


def _in_string(lines: list[str], at: int) -> bool:
    """Whether a string over several lines seems to touch line `at`. Where nobody types, it may as well be the code
    between two strings, one of which has lost a quote."""
    return any(left_open("\n".join(code)).in_triple for code in ([*lines[:at], ""], lines[: at + 1]))


def _merged(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Line ranges in order, those that touch as one."""
    made: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if made and first <= made[-1][1] + 1:
            made[-1] = (made[-1][0], max(made[-1][1], last))
        else:
            made.append((first, last))
    return tuple(made)
