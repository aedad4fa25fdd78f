"""The brackets that stand open at a place in a text, whatever the text is: how a half-typed statement is read.

Parsers want a whole statement; who types has none yet. Strings, comments and brackets are enough to know which call an
argument is being typed for. A line that can only begin a statement ends whatever was left open above it.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Kind = Literal["call", "group", "subscript", "list", "dict"]

_STRING = r"""(?:\b[rbuftRBUFT]{1,2})?(?:'{3}(?:[^\\']|\\.|'(?!''))*(?:'{3}|\Z)|"{3}(?:[^\\"]|\\.|"(?!""))*(?:"{3}|\Z)|'(?:[^'\\\n\r]|\\.)*'?|"(?:[^"\\\n\r]|\\.)*"?)"""
_BEGINS = r"(?:def|class|async[ \t]+def|return|import|from|with|try|raise|while|assert|global|nonlocal|pass|break|continue|del)\b"
_MARK = re.compile(
    rf"(?P<string>{_STRING})|#[^\n\r]*|[()\[\]{{}}]|\\\r?\n|(?P<line>[\n\r]+[ \t]*(?P<begins>{_BEGINS}|@)?)",
    re.S,
)
_TOKEN = re.compile(
    rf"(?P<string>{_STRING})|(?P<space>\s+|\\\r?\n)|(?P<comment>#[^\n\r]*)|(?P<name>[^\W\d]\w*)|(?P<number>\.?\d[\w.]*)|(?P<op>->|:=|\*\*|[=!<>]=|.)",
    re.S,
)
_CLOSES = {")": "(", "]": "[", "}": "{"}
_NO_CALLEE = frozenset(keyword.kwlist)


class Token(NamedTuple):
    """A piece of code, from ``start`` to ``end``."""

    kind: str
    text: str
    start: int
    end: int


class Argument(NamedTuple):
    """What was given before the cursor: a keyword's or a key's name, nothing for one by place, and where its value stands."""

    name: str
    start: int
    end: int


class Open(NamedTuple):
    """A bracket that is still open at the cursor.

    ``callee`` is what stands before it, without blanks (``self.bus.publish``). ``given`` are the arguments, keys or
    elements that are done. ``name`` is the keyword or key whose value is being typed, ``position`` how many stand before it.
    """

    kind: Kind
    callee: str
    start: int
    given: tuple[Argument, ...]
    name: str
    position: int
    has_colon: bool


def statement_starts(text: str, end: int) -> Iterator[int]:
    """Where statements begin, up to an offset; of a text that the offset cuts short the last begins where it would."""
    yield 0
    depth = 0
    for mark in _MARK.finditer(text, 0, end):
        if mark["line"] is not None:
            if depth <= 0 or mark["begins"]:
                depth = 0
                yield mark.end() - len(mark["begins"] or "")
        elif mark.group() in "([{":
            depth += 1
        elif mark.group() in ")]}":
            depth -= 1


def statement_start(text: str, offset: int) -> int:
    """Where the statement that holds an offset begins."""
    *_, last = statement_starts(text, offset)
    return last


def tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """The pieces of a stretch of text, without blanks. A string that is not closed ends with its line."""
    for found in _TOKEN.finditer(text, start, end):
        kind = found.lastgroup or "op"
        if kind != "space":
            yield Token(kind, found.group(), found.start(), found.end())


class _Frame:
    """An open bracket while its inside is read."""

    def __init__(self, kind: Kind, callee: str, start: int) -> None:
        self.kind: Kind = kind
        self.callee = callee
        self.start = start
        self.given: list[Argument] = []
        self.name = ""
        self.colon = False
        self.lambdas = 0
        self.inside: list[Token] = []

    def feed(self, token: Token) -> None:
        """Take in a piece that stands directly in the bracket."""
        if self._is_of_lambda(token):
            self.inside.append(token)
        elif token.text == "," and token.kind == "op":
            self.done()
        elif (
            token.text == "="
            and self.kind == "call"
            and len(self.inside) == 1
            and self.inside[0].kind == "name"
        ):
            self.name, self.inside = self.inside[0].text, []
        elif token.text == ":" and self.kind == "dict" and not self.colon:
            self.name, self.colon, self.inside = "".join(each.text for each in self.inside), True, []
        else:
            self.inside.append(token)

    def _is_of_lambda(self, token: Token) -> bool:
        """Whether a piece stands between `lambda` and its colon, where commas part parameters and no arguments."""
        if token.kind == "name" and token.text == "lambda":
            self.lambdas += 1
        elif self.lambdas and token.kind == "op" and token.text == ":":
            self.lambdas -= 1
            return True
        return self.lambdas > 0

    def done(self) -> None:
        """What was typed up to a comma, or to the end, is given."""
        if self.inside:
            self.given.append(Argument(self.name, self.inside[0].start, self.inside[-1].end))
        self.name, self.colon, self.lambdas, self.inside = "", False, 0, []

    def value(self) -> Open:
        """As it stands now."""
        return Open(
            self.kind, self.callee, self.start, tuple(self.given), self.name, len(self.given), self.colon
        )


def open_brackets(pieces: list[Token]) -> tuple[list[Open], list[Token]]:
    """The brackets that are open after some pieces of code, the innermost last, and the pieces of what is being typed."""
    root = _Frame("group", "", -1)
    stack = [root]
    for token in pieces:
        top = stack[-1]
        if token.kind == "comment":
            continue
        if token.kind == "op" and token.text in "([{":
            stack.append(_Frame(_kind(token.text, top.inside), callee_before(top.inside), token.start))
        elif token.kind == "op" and token.text in _CLOSES:
            if len(stack) > 1:
                closed = stack.pop()
                stack[-1].inside.append(Token("group", _folded(closed), closed.start, token.end))
        else:
            top.feed(token)
    return [frame.value() for frame in stack[1:]], stack[-1].inside


def arguments(text: str, bracket: int, longest: int = 4000) -> tuple[Argument, ...]:
    """What is given in the call whose bracket stands at an offset, as far as it goes before the text breaks off."""
    frame, depth = _Frame("call", "", bracket), 0
    for token in tokens(text, bracket + 1, min(len(text), bracket + longest)):
        if token.kind == "op" and token.text in _CLOSES:
            depth -= 1
            if depth < 0:
                break
        elif token.kind == "comment":
            continue
        if depth == 0:
            frame.feed(token)
        elif frame.inside:
            frame.inside.append(token)
        if token.kind == "op" and token.text in "([{":
            depth += 1
    frame.done()
    return tuple(frame.given)


def _folded(frame: _Frame) -> str:
    """What a closed bracket is in the text of a callee."""
    return {"call": "()", "subscript": "[]"}.get(frame.kind, "(...)")


def _kind(bracket: str, before: list[Token]) -> Kind:
    has_callee = bool(callee_before(before))
    if bracket == "(":
        is_defined = len(before) > 1 and before[-2].text in {"def", "class"}
        return "call" if has_callee and not is_defined else "group"
    if bracket == "[":
        return "subscript" if has_callee else "list"
    return "dict"


def callee_before(before: list[Token]) -> str:
    """The chain of names, calls and subscripts at the end of some pieces: what a bracket behind them is applied to."""
    chain: list[Token] = []
    wants_name = True
    for token in reversed(before):
        if wants_name and token.kind in {"name", "string"} and token.text not in _NO_CALLEE:
            wants_name = False
        elif wants_name and token.kind == "group":
            wants_name = not token.text.startswith("(...")
        elif not wants_name and token.text == "." and token.kind == "op":
            wants_name = True
        else:
            break
        chain.append(token)
    if chain and chain[-1].text == ".":
        return ""
    return "".join(token.text for token in reversed(chain))
