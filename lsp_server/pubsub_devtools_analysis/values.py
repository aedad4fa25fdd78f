"""What an expression can be, as far as the event graph needs to know it.

An expression has a small set of such values, since a name can be bound more than once. Values are compared by
content and never hold a tree: functions and classes are named by file and key, so they stay equal when lines move.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Value(msgspec.Struct, frozen=True):
    """Base of all values."""


class Str(Value, frozen=True):
    """A known text. `origin` is the dotted path of the constant or enum member that it came from."""

    text: str
    origin: str = ""


class Pattern(Value, frozen=True):
    """A text known in part: `*` stands for what is not."""

    text: str


class Number(Value, frozen=True):
    """A number, truth value or None, as written: only declared options use it."""

    text: str


class External(Value, frozen=True):
    """Something outside the workspace by its dotted path; `()` in it is a call: `pika.BlockingConnection().channel`."""

    path: str


class Constant(msgspec.Struct, frozen=True):
    """Where a named text is written: a member of a class, or a keyword of the call that makes a record."""

    path: str
    owner: str
    name: str
    call: int = -1


class Module(Value, frozen=True):
    """A module or package of the workspace. `path` is empty for a folder without `__init__.py`."""

    name: str
    path: str


class Function(Value, frozen=True):
    """A function or lambda of the workspace; `bound` are values of the parameters of functions around it."""

    path: str
    key: str
    bound: tuple[tuple[Argument, tuple[Value, ...]], ...] = ()


class Class(Value, frozen=True):
    """A class of the workspace."""

    path: str
    key: str


class Instance(Value, frozen=True):
    """An instance of a class of the workspace. `call` is where it was made, if that is known: path and index."""

    cls: Class
    call: tuple[str, int] | None = None


class Record(Value, frozen=True):
    """A `SimpleNamespace(...)`, `dict(...)` or the like: the keywords of a call are its attributes."""

    path: str
    call: int


class Argument(Value, frozen=True):
    """A parameter whose value only the callers know."""

    path: str
    key: str
    name: str


class Method(Value, frozen=True):
    """`owner.name`, where the name is not one of the workspace's own: a library's method."""

    owner: Value
    name: str


class Bound(Value, frozen=True):
    """A method of the workspace together with the object it was taken from."""

    function: Function
    owner: Value


class Read(Value, frozen=True):
    """An attribute whose reading calls a function: `property(function)`."""

    function: Function


class Made(Value, frozen=True):
    """An object that a dialect knows: a signal, task, topic, broker, channel ...

    `names` are the names of its event (empty where it has none), `call` where it was made, `function` what it wraps.
    """

    dialect: str
    type: str
    names: tuple[Value, ...] = ()
    call: tuple[str, int] | None = None
    function: Function | None = None
    sure: bool = True


class Items(Value, frozen=True):
    """A list, tuple or set whose elements are these; `ordered` when positions are known."""

    items: tuple[tuple[Value, ...], ...]
    ordered: bool = True


class Table(Value, frozen=True):
    """A dict with known keys."""

    entries: tuple[tuple[tuple[Value, ...], tuple[Value, ...]], ...]


class Partial(Value, frozen=True):
    """`functools.partial(function, *args, **keywords)`."""

    function: Value
    args: tuple[tuple[Value, ...], ...]
    keywords: tuple[tuple[str, tuple[Value, ...]], ...]


class Pending(Value, frozen=True):
    """A call whose result decorates: `shared_task(queue="slow")`. `bound` are values of parameters around it."""

    callee: Value
    path: str
    call: int
    bound: tuple[tuple[Argument, tuple[Value, ...]], ...] = ()


class Joined(Value, frozen=True):
    """A text put together from parts, some of them parameters that a caller fills in."""

    parts: tuple[Value, ...]


class Unknown(Value, frozen=True):
    """Cannot be told, and why: the code of a reason."""

    why: str


Values: TypeAlias = tuple[Value, ...]


def union(*groups: Values) -> Values:
    """All values, each once, in order."""
    filled = [group for group in groups if group]
    if not filled:
        return ()
    if len(filled) == 1 and len(filled[0]) == 1:
        return filled[0]
    return tuple(dict.fromkeys(value for group in filled for value in group))
