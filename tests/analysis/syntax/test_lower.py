"""What libcst reads and we lower is what `ast.parse` makes of the same text, to the byte."""

from __future__ import annotations

import ast
import sysconfig

import pytest

from pubsub_devtools_analysis.syntax.limits import parse
from pubsub_devtools_analysis.syntax.lower import Lowered, read_concrete
from tests.prove.lowering import dumped, prove

SAMPLES = """
x = ((1, 2)); y = (a for a in b); f(a for a in b); f((a for a in b)); ()
a[1], a[1:2], a[::3, ...], a[b,], a[*c]; a[(1, 2)]
x: int = 1; x[1]: int = 2; x.y: int; x += 1; x @= (2)
del a, (b), c; del (a, b)
del a[1], b.c
a = b = *c, d = [e, *f]; (yield)
f(a, *b, c=1, **d)(e)[g].h; not a or b and c and (d and e); a < b <= c is not d not in e
lambda a, /, b=1, *c, d, e=2, **f: (yield); lambda: 0
"a" 'b' r"\\c" "\\x41\\N{DIGIT ONE}" u"k"; b"a" rb"\\b"; "\\
continued"
f"a{b}c" f"{d!r:>{w}}" "e"; f"{{}}{x}" ; f"{x=}{x = !s:3}"; f'''{
    x
}'''; f""; "" f""; rf"\\d{x}"; F"\\N{DIGIT ONE}{é}é" "é"
1_000, 0xFF, 1e3, 2j, 0o7, 0b1, .5, ...
{**a, 'b': c, 1: 2}; {1, *a}; [*a]; {a: b for a, b in c if d if e for f in g}; {a for a in b}
\uff41 = 1; naïve
async def f(a: int, /, b: str = 'x', *args: int, c, d=1, **k: str) -> None:
    async with a as b, c: await d
    async for x in y: pass
    else: return
    [x async for x in y]
    nonlocal_ = 1; global g, h
@a.b(c)
@d
class A(B, *C, metaclass=M, **k):
    'doc'
    def f(self): yield from x; raise E from e; assert a, b
class D: x = 1;
class E(): ...
if a: b; c;
elif d:
    e
elif f: g
else:
    h
while (a := b): break
else: continue
try: pass
except: pass
try:
    a
except (A, B) as e: b
except C: c
else: d
finally: e
try: pass
except* A: pass
with (a as b, c,): pass
with (a): pass
with (a, b) as c: pass
with a as (b, c): pass
import a.b.c as d, e
from . import (f, g as h,); from ..i.j import *; from .k import l
match x, y:
    case 1 | -1 | 1 + 2j | "a" 'b' | None | True: pass
    case (a, [b, *_], *c) if d: pass
    case {"a": 1, b.c: d, **rest}: pass
    case A.B(c, d=(e as f)): pass
    case (g) | (h.i): pass
    case _: pass
    case j,: pass
    case []: pass
    case [(k, l)]: pass
if a:
\tif b:  # \x0c comment
\t\tc \\
  + d
# end
"""


def assert_same(text: str) -> None:
    tree, lowered = parse(text), read_concrete(text)
    assert isinstance(tree, ast.Module), tree
    assert isinstance(lowered, Lowered), lowered
    assert dumped(lowered.tree) == dumped(tree)


def test_samples_of_every_construct() -> None:
    assert_same(SAMPLES)


@pytest.mark.parametrize(
    "text", ["", "\n", "# only a comment", "x", "x\n\n\n", "if a:\n    b", ";".join("abc"), "(\n)\n"]
)
def test_small_texts(text: str) -> None:
    assert_same(text)


def test_real_files_drawn_by_seed() -> None:
    outcome = prove(200, seed=1, folders=(sysconfig.get_paths()["stdlib"],))
    assert outcome.misses == []
    assert outcome.figures["same"] == 200
