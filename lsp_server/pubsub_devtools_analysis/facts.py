"""What one file says, before anything is known of the others: a small symbolic form of its code.

A `FileFacts` holds every scope, name, call and stored attribute of a file as plain serializable values. It names no
framework and decides nothing: `link` evaluates these expressions across files. Facts are kept instead of trees,
since a tree costs thirty times the memory, and they are cached by content.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

EXTRACTOR_VERSION = "6"
"""Part of the cache key: raise it whenever the same file would give other facts."""


class Expr(msgspec.Struct, frozen=True, gc=False, array_like=True, tag_field="k"):
    """One symbolic expression; `await`, parentheses and casts are already gone."""


class Name(Expr, frozen=True, gc=False, array_like=True, tag=0):
    """A name, to be looked up from the scope that uses it."""

    id: str


class Attr(Expr, frozen=True, gc=False, array_like=True, tag=1):
    """`base.name`."""

    base: AnyExpr
    name: str


class Lit(Expr, frozen=True, gc=False, array_like=True, tag=2):
    """A constant."""

    value: str | int | float | bool | None


class Text(Expr, frozen=True, gc=False, array_like=True, tag=3):
    """A string put together: f-string, concatenation, `%` or `.format`; parts that are not text become wildcards."""

    parts: tuple[AnyExpr, ...]


class Seq(Expr, frozen=True, gc=False, array_like=True, tag=4):
    """A list, tuple or set."""

    items: tuple[AnyExpr, ...]


class Map(Expr, frozen=True, gc=False, array_like=True, tag=5):
    """A dict display; a key of `None` is `**value`. `place` is an index into `FileFacts.displays`."""

    keys: tuple[AnyExpr | None, ...]
    values: tuple[AnyExpr, ...]
    place: int


class CallRef(Expr, frozen=True, gc=False, array_like=True, tag=6):
    """The result of a call: an index into `FileFacts.calls`."""

    index: int


class Sub(Expr, frozen=True, gc=False, array_like=True, tag=7):
    """`base[key]`."""

    base: AnyExpr
    key: AnyExpr


class ScopeRef(Expr, frozen=True, gc=False, array_like=True, tag=8):
    """A function, lambda or class made here: an index into `FileFacts.scopes`."""

    index: int


class Either(Expr, frozen=True, gc=False, array_like=True, tag=9):
    """One of several: `a if c else b`, `a or b`."""

    options: tuple[AnyExpr, ...]


class Star(Expr, frozen=True, gc=False, array_like=True, tag=10):
    """`*value` among the arguments or items."""

    value: AnyExpr


class Element(Expr, frozen=True, gc=False, array_like=True, tag=11):
    """Any element of an iterable: what a `for` loop binds."""

    value: AnyExpr


class Item(Expr, frozen=True, gc=False, array_like=True, tag=12):
    """The element at a position: what unpacking binds."""

    value: AnyExpr
    index: int


class Import(Expr, frozen=True, gc=False, array_like=True, tag=13):
    """An imported module, or a name imported from one. `level` counts the dots of a relative import."""

    module: str
    name: str
    level: int


class Typed(Expr, frozen=True, gc=False, array_like=True, tag=14):
    """A value with an annotation; `value` is `None` for a bare annotation."""

    annotation: AnyExpr
    value: AnyExpr | None


class ParamRef(Expr, frozen=True, gc=False, array_like=True, tag=15):
    """A parameter of the scope that binds the name."""

    name: str


class Entered(Expr, frozen=True, gc=False, array_like=True, tag=16):
    """What `with value as name` binds."""

    value: AnyExpr


class Opaque(Expr, frozen=True, gc=False, array_like=True, tag=17):
    """Anything that cannot carry an event's name or a handler."""


AnyExpr: TypeAlias = (
    Name
    | Attr
    | Lit
    | Text
    | Seq
    | Map
    | CallRef
    | Sub
    | ScopeRef
    | Either
    | Star
    | Element
    | Item
    | Import
    | Typed
    | ParamRef
    | Entered
    | Opaque
)

OPAQUE = Opaque()

Span: TypeAlias = tuple[int, int, int, int]
"""Line from 1, column in code points from 0, end line, end column."""


class Binding(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One binding of a name: its value, where it stands, and the block that decides whether it reaches a use."""

    value: AnyExpr
    line: int
    block: int


class Member(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One `self.x = value`: the value, and the method, block and line that it stands in."""

    value: AnyExpr
    scope: int
    block: int
    line: int


class Param(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One parameter. `kind`: positional, keyword-only, `*args` or `**kwargs`."""

    name: str
    kind: Literal["p", "k", "*", "**"]
    annotation: AnyExpr | None
    default: AnyExpr | None


class Decorator(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A decorator: its expression and place."""

    value: AnyExpr
    span: Span


class Scope(msgspec.Struct, gc=False, array_like=True):
    """A module, class, function, lambda or comprehension.

    `qualname` has no `<locals>`; a second definition of the same name gets `#2` in `key`, so that keys stay put when
    lines move. `attrs` are the `self.x = ...` of a class's methods. `body` are the statements of a module or class:
    first line, last line, and the scope where the statement is a class, else -1.
    """

    kind: Literal["module", "class", "function", "lambda", "comp"]
    name: str
    qualname: str
    key: str
    parent: int
    span: Span
    block: int
    is_async: bool
    params: tuple[Param, ...]
    decorators: tuple[Decorator, ...]
    bases: tuple[AnyExpr, ...]
    keywords: tuple[tuple[str, AnyExpr], ...]
    returns: list[AnyExpr]
    annotation: AnyExpr | None
    doc: str
    names: dict[str, list[Binding]]
    attrs: dict[str, list[Member]]
    outer: list[str]
    body: list[tuple[int, int, int]]


class Call(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One call. `target` is the name that its result is assigned to (`x`, `self.x`), `line` where that statement starts.

    `lines` are those of the keywords, kept for records alone: `SimpleNamespace(CLOSED="closed")`.
    """

    func: AnyExpr
    args: tuple[AnyExpr, ...]
    keywords: tuple[tuple[str, AnyExpr], ...]
    scope: int
    block: int
    span: Span
    target: str
    line: int
    lines: tuple[int, ...]

    @property
    def name(self) -> str:
        """The last part of what is called: the method's or function's name, empty for anything else."""
        func = self.func
        return func.name if isinstance(func, Attr) else func.id if isinstance(func, Name) else ""


class Store(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """`base.attr = value` on anything but `self`, or `base[key] = value`."""

    base: AnyExpr
    attr: str
    key: AnyExpr | None
    value: AnyExpr
    scope: int
    span: Span


class Case(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """`isinstance(subject, cls)` or `case cls():`."""

    subject: AnyExpr
    cls: AnyExpr
    scope: int
    span: Span


class Loop(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """`for target in value:`, also asynchronous: what consumer loops are made of."""

    value: AnyExpr
    scope: int
    span: Span


class Summary(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What is asked of every file: found once, so that most scopes and calls need never be decoded.

    The numbers are indexes into `FileFacts.scopes` and `FileFacts.calls`.
    """

    keys: list[str]
    """The key of each scope."""
    parents: list[int]
    """The scope around each scope."""
    within: list[int]
    """The scope of each call."""
    marked: list[int]
    """Classes, and whatever has decorators."""
    decorators: list[int]
    """Calls that are decorators."""
    chained: list[int]
    """Calls of what another call gives: `decorate(x)(function)`."""
    handed: dict[str, list[int]]
    """Calls by the attributes that they are given uncalled: `run(task.delay)`."""
    renamed: dict[str, list[str]]
    """Names by those that they stand for: `from m import f as g`, `self.send = publish`, `send = partial(f)`."""


class FileFacts(msgspec.Struct, gc=False, array_like=True):
    """All that one file says. `blocks[i]` is the parent of block `i`; scope 0 is the module.

    `displays` are the 1-based lines of the keys of each dict display; `called` are the indexes of the calls by the name
    that they call.
    """

    scopes: Sequence[Scope]
    calls: Sequence[Call]
    stores: Sequence[Store]
    cases: list[Case]
    loops: list[Loop]
    displays: list[tuple[int, ...]]
    blocks: list[int]
    stars: list[tuple[str, int]]
    exports: tuple[str, ...] | None
    imports: tuple[str, ...]
    problems: tuple[tuple[int, str, str], ...]
    dropped: tuple[tuple[int, int], ...]
    called: dict[str, list[int]]
    summary: Summary
