"""The shape of a payload: which fields it has, and whether there may be more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from pubsub_devtools.model import FieldUse, Place


class Part(NamedTuple):
    """One field, and the shape of what it holds where that is written out as well."""

    name: str
    place: Place
    type: str = ""
    inner: Shape | None = None


class Shape(NamedTuple):
    """The fields that are known; `open` where there may be more."""

    parts: tuple[Part, ...] = ()
    open: bool = False

    def part(self, name: str) -> Part | None:
        """The field of a name."""
        return next((part for part in self.parts if part.name == name), None)


EMPTY = Shape()
OPAQUE = Shape(open=True)


def merged(shapes: Iterable[Shape]) -> Shape:
    """One of several shapes, or all of them put together: the fields of all, in order."""
    found: dict[str, Part] = {}
    more = False
    for shape in shapes:
        more = more or shape.open
        for part in shape.parts:
            known = found.get(part.name)
            found[part.name] = part if known is None else _joined(known, part)
    return Shape(tuple(found.values()), more)


def _joined(one: Part, other: Part) -> Part:
    """A field that is given twice: of two types none is told."""
    inner = merged(i for i in (one.inner, other.inner) if i is not None) if one.inner or other.inner else None
    return one._replace(type=one.type if one.type == other.type else "", inner=inner)


def without(shape: Shape, names: Collection[str]) -> Shape:
    """A shape that lacks some fields."""
    return Shape(tuple(part for part in shape.parts if part.name not in names), shape.open)


def plain(shape: Shape) -> Shape:
    """A shape whose fields do not nest."""
    return Shape(tuple(part._replace(inner=None) for part in shape.parts), shape.open)


def uses(shape: Shape, prefix: str = "") -> Iterator[FieldUse]:
    """The fields as a graph tells them: the innermost, and those that may hold more than is known."""
    for part in shape.parts:
        name = prefix + part.name
        inner = part.inner
        if inner is None or inner.open or not inner.parts:
            yield FieldUse(name, part.place, part.type)
        if inner is not None:
            yield from uses(inner, name + ".")
