"""What somebody is typing at a place of a text: a string, a name, an attribute, and what for."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from pubsub_devtools_analysis.queries.brackets import Open, Token, open_brackets, statement_start, tokens

Kind = Literal["string", "name", "attribute"]

_QUOTES = re.compile(r"(?P<prefix>[A-Za-z]{0,2})(?P<quotes>'{3}|\"{3}|'|\")")
_WORD = re.compile(r"\w*")
_LINE_END = re.compile(r"[\n\r]|\Z")
_NAME_OF_EVENT = re.compile(r"[\w.:/*-]*")


class Around(NamedTuple):
    """What a half-typed thing stands in."""

    opened: tuple[Open, ...]
    is_key: bool
    is_decorator: bool
    statement: int


class HalfTyped(NamedTuple):
    """What stands at a cursor.

    ``text`` is what is typed of it so far, ``start`` and ``end`` are the offsets of all of it, so that an answer takes the
    place of both sides of the cursor. ``base`` is what an attribute is asked of (``event``, ``self.bus``). ``quotes`` are
    those of a string, ``prefix`` the letters before them. ``around`` tells the brackets that stand open, the outermost
    first, whether a key of a dict or a subscript is being typed, whether the statement is a decorator, and where it begins.
    """

    kind: Kind
    text: str
    start: int
    end: int
    base: str
    around: Around
    quotes: str = ""
    prefix: str = ""

    @property
    def call(self) -> Open | None:
        """The innermost open call, if what is typed stands in its arguments."""
        return next((each for each in reversed(self.around.opened) if each.kind == "call"), None)

    @property
    def inner(self) -> Open | None:
        """The innermost open bracket."""
        return self.around.opened[-1] if self.around.opened else None


def half_typed(text: str, offset: int, begin: int | None = None) -> HalfTyped | None:
    """What is being typed at an offset of a text; nothing within a comment or a number.

    Args:
        text: the whole text.
        offset: where the cursor stands.
        begin: where its statement begins, if that is known.

    >>> found = half_typed("bus.publish('ord", 16)
    >>> found.kind, found.text, found.call.callee
    ('string', 'ord', 'bus.publish')
    """
    begin = statement_start(text, offset) if begin is None else begin
    pieces = list(tokens(text, begin, offset))
    last = pieces[-1] if pieces else None
    at_end = last is not None and last.end == offset
    if last is not None and at_end and last.kind in {"number", "comment"}:
        return None
    typed = last if last is not None and at_end and _is_word(last) else None
    before = pieces[:-1] if typed is not None else pieces
    opened, inside = open_brackets(before)
    around = Around(tuple(opened), _is_key(opened), text[begin : begin + 1] == "@", begin)
    if typed is not None and typed.kind == "string":
        return _string(text, offset, typed, around)
    word = typed.text if typed is not None else ""
    tail = _WORD.match(text, offset)
    end = tail.end() if tail is not None else offset
    base = _base(inside)
    kind: Kind = "name" if base is None else "attribute"
    return HalfTyped(kind, word, offset - len(word), end, base or "", around)


def _is_word(token: Token) -> bool:
    return token.kind == "name" or (token.kind == "string" and not _is_closed(token.text))


def _is_closed(text: str) -> bool:
    found = _QUOTES.match(text)
    if found is None:
        return True
    quotes, inside = found["quotes"], text[found.end() :]
    if not inside.endswith(quotes):
        return False
    ahead = inside[: -len(quotes)]
    return (len(ahead) - len(ahead.rstrip("\\"))) % 2 == 0


def _is_key(opened: list[Open]) -> bool:
    if not opened:
        return False
    inner = opened[-1]
    return inner.kind == "subscript" or (inner.kind == "dict" and not inner.has_colon)


def _string(text: str, offset: int, typed: Token, around: Around) -> HalfTyped | None:
    found = _QUOTES.match(typed.text)
    if found is None:
        return None
    start = typed.start + found.end()
    end = _string_end(text, offset, found["quotes"])
    return HalfTyped("string", text[start:offset], start, end, "", around, found["quotes"], found["prefix"])


def _string_end(text: str, offset: int, quotes: str) -> int:
    """Where the string that holds an offset ends: at its quotes, or where a word does if they are not there yet."""
    line = _LINE_END.search(text, offset)
    stop = line.start() if line is not None else len(text)
    closing = text.find(quotes, offset, stop if len(quotes) == 1 else len(text))
    if closing >= 0 and all(each not in text[offset:closing] for each in "(,"):
        return closing
    word = _NAME_OF_EVENT.match(text, offset)
    return word.end() if word is not None else offset


def _base(inside: list[Token]) -> str | None:
    """What the attribute is asked of that comes next; nothing where no dot stands at the end."""
    if not inside or inside[-1].text != "." or inside[-1].kind != "op":
        return None
    chain: list[str] = []
    wants_name = True
    for token in reversed(inside[:-1]):
        if wants_name and token.kind in {"name", "string"}:
            wants_name = False
        elif wants_name and token.kind == "group":
            wants_name = not token.text.startswith("(...")
        elif not wants_name and token.text == ".":
            wants_name = True
        else:
            break
        chain.append(token.text)
    return "".join(reversed(chain))
