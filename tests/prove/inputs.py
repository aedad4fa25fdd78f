"""Inputs that nobody would write and every tool meets one day, drawn by seed."""

from __future__ import annotations

import encodings.aliases
from functools import cache
from typing import TYPE_CHECKING

from tests.prove.sources import real_files

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

_TOKENS = [
    "def",
    "class",
    "if",
    "elif",
    "else",
    "for",
    "while",
    "with",
    "try",
    "except",
    "finally",
    "return",
    "yield",
    "await",
    "async",
    "lambda",
    "import",
    "from",
    "as",
    "pass",
    "match",
    "case",
    "type",
    "lazy",
    "not",
    "and",
    "or",
    "in",
    "is",
    "None",
    "True",
    "x",
    "foo",
    "y.z",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ";",
    ".",
    "=",
    "==",
    "!=",
    "<",
    ">",
    "+",
    "-",
    "*",
    "**",
    "/",
    "//",
    "%",
    "@",
    "&",
    "|",
    "^",
    "~",
    ":=",
    "->",
    "...",
    "'a'",
    '"b"',
    "f'{x}'",
    'f"{y!r:>{w}}"',
    "b'c'",
    "t'{z}'",
    "'''",
    '"""',
    "'",
    '"',
    "f'",
    'f"',
    "1",
    "0x1f",
    "1e9",
    "2j",
    "\\",
    "#",
    "!",
    "$",
    "?",
    "é",
    "…",
]
_NEWER = [
    "type X[T: int = str, *Ts, **P] = dict[T, X]\n",
    "def f[T](a: T, /, *args: *Ts, b=1, **k) -> T:\n    return f'{x['a']}'\n",
    "class A[T](Base[T], k=1):\n    @deco\n    async def m(self):\n        await g()\n",
    "try:\n    pass\nexcept A, B:\n    raise\nexcept* C, D:\n    pass\n",
    "x = f\"{a['b']!r:>{w + 1}} {{}} {'\\n'.join(y)}\" 'c' f'{d=}'\n",
    "y = t'{a!r:3} b' t'c'\n",
    "lazy import a.b as c\nz = [*x for x in y]\nw = {**x for x in y}\n",
    "match p:\n    case [1, *_, A(b=c) | {'k': v, **r}] if f'{'q'}':\n        pass\n",
    "with (open(f'{'a'}') as a, b as (c, d)):\n    del a, (b), c[1:2, ::3, ...]\n",
]
_OPENERS = [
    "(",
    "[",
    "{",
    "f(",
    "a[",
    "{1: ",
    "[x for x in ",
    "lambda: (",
    "f'{",
    'f"{',
    "(a, ",
    "f(a=",
    "{**",
    "print(",
]
_LINKS = [
    " + a",
    ".a",
    "()",
    "[0]",
    " and a",
    " < a",
    " 'a'",
    " if a else b",
    " ** a",
    " or not a",
    " @ a",
    " f'{a}'",
]
_PREFIXES = [
    "-",
    "not ",
    "await ",
    "lambda: ",
    "*",
    "~",
    "(yield ",
    "@",
    "a = ",
    "a := ",
    "del ",
    "if a: ",
    "'''",
    "\\",
]


def draw(rng: random.Random) -> tuple[str, bytes, int | None]:
    """The kind of an input, its bytes, and a hint or none."""
    make = rng.choice(_KINDS)
    data = make(rng)
    hint = rng.randrange(-2, data.count(b"\n") + 4) if rng.random() < 0.5 else None
    return make.__name__, data, hint


def random_bytes(rng: random.Random) -> bytes:
    return rng.randbytes(rng.randrange(400))


def mutated_file(rng: random.Random) -> bytes:
    data = bytearray(_contents(rng.choice(real_files(largest=6_000))))
    for _ in range(rng.randrange(1, 8)):
        at = rng.randrange(len(data) + 1)
        end = at + rng.randrange(8)
        data[at:end] = rng.choice(
            [b"", rng.randbytes(2), rng.choice(_TOKENS).encode(), data[at : at + 30], b"\n"]
        )
    return bytes(data)


def token_soup(rng: random.Random) -> bytes:
    lines = []
    for _ in range(rng.randrange(1, 30)):
        words = " ".join(rng.choice(_TOKENS) for _ in range(rng.randrange(9)))
        lines.append(" " * rng.choice([0, 0, 4, 4, 8, 3]) + words)
    return "\n".join(lines).encode()


def nested(rng: random.Random) -> bytes:
    depth = rng.choice([3, 20, 60, 150, 210, 1_000, 3_000])
    few = rng.sample(_OPENERS, rng.randrange(1, 4))
    text = "".join(rng.choice(few) for _ in range(depth)) + "1"
    if rng.random() < 0.6:
        text += rng.choice([")", "]", "}", ")]}", "}'"]) * depth
    return (
        rng.choice(["", "x = ", "f'{x[\"", "def f(a=", "if 1:\n    "])
        + text
        + rng.choice(["", "\n", "\nx = 1\n"])
    ).encode()


def staircase(rng: random.Random) -> bytes:
    headers = [
        "if a:",
        "for a in b:",
        "def f():",
        "class A:",
        "try:",
        "with a:",
        "match a:",
        "case 1:",
        "else:",
    ]
    steps = rng.choice([5, 19, 30, 99, 101, 400])
    lines = [" " * step + rng.choice(headers[: rng.randrange(1, 10)]) for step in range(steps)]
    return "\n".join([*lines, " " * steps + "pass", rng.choice(["", "type X = int", "x = ("])]).encode()


def chain(rng: random.Random) -> bytes:
    length = rng.choice([50, 250, 500, 2_000, 20_000])
    if rng.random() < 0.3:
        text = rng.choice(_PREFIXES) * length + "a"
    elif rng.random() < 0.1:
        text = "if a: pass\n" + "elif a: pass\n" * length
    else:
        text = "a" + rng.choice(_LINKS) * length
    return (
        rng.choice(["", "type X = int\n", "x = f'{y['"]) + text + rng.choice(["", "\n", "\n1 1\n", ") b\n"])
    ).encode()


def bytes_of_other_encodings(rng: random.Random) -> bytes:
    text = _text(rng) + "# é “quoted” \N{SNOWMAN}\n"
    name = rng.choice([*encodings.aliases.aliases, "nonsense", "utf-8-sig", "utf_16"])
    cookie = rng.choice([f"# -*- coding: {name} -*-\n", f"#!/bin/sh\n# vim: set fileencoding={name} :\n", ""])
    try:
        data = (cookie + text).encode(name, "replace")
    except (LookupError, ValueError, TypeError, AssertionError):
        data = (cookie + text).encode()
    data = data if isinstance(data, bytes) else text.encode()
    return rng.choice([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe"]) + data


def strange_lines(rng: random.Random) -> bytes:
    ends = ["\r", "\r\n", "\n", "\x0c", "\x1c", "\u2028", "\x85", "\x0b", "\0", "\\\n", "\\\r\n", "\n\n\r"]
    return "".join(line + rng.choice(ends) for line in _text(rng).split("\n")).encode()


def newer_syntax(rng: random.Random) -> bytes:
    text = "".join(rng.choice(_NEWER) for _ in range(rng.randrange(1, 5)))
    for _ in range(rng.choice([0, 0, 1, 2])):
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice(["", *_TOKENS, "\n", " "]) + text[at + rng.randrange(3) :]
    return text.encode()


def huge(rng: random.Random) -> bytes:
    """Seldom, since they are slow: long lines and large files, up to ten megabytes."""
    if rng.random() < 0.9:
        return nested(rng)
    piece = rng.choice(
        [
            "a.b(c)\n",
            "'a', ",
            "a\n",
            "x = [1, 2, 3]\n",
            "# comment\n",
            "é = 'é' + f'{é}'\n",
            "(",
            "\n",
            " ",
            "'''",
            "def f():\n    g()\n",
        ]
    )
    size = rng.choice([100_000, 400_000, 1_000_000, 10_000_000])
    text = piece * (size // len(piece.encode()))
    return (
        rng.choice(["", "[", "f(", "type X = int\n"])
        + text
        + rng.choice(["", "]", ")", "\n1 1\n", "\ndef f(\n"])
    ).encode()


_KINDS: list[Callable[[random.Random], bytes]] = [
    random_bytes,
    mutated_file,
    token_soup,
    nested,
    staircase,
    chain,
    bytes_of_other_encodings,
    strange_lines,
    newer_syntax,
    huge,
]


def _text(rng: random.Random) -> str:
    return _contents(rng.choice(real_files(largest=2_000))).decode("utf-8", "replace")


@cache
def _contents(path: Path) -> bytes:
    return path.read_bytes()
