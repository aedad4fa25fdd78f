"""An annotation as written, to a `FieldType`. Nothing is run: what the text does not say, a resolver is asked for."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeAlias

import msgspec

from pubsub_devtools.model.field_type import (
    Anything,
    Array,
    ChoiceValue,
    FieldType,
    Map,
    Scalar,
    Tuple,
    Unknown,
)
from pubsub_devtools.schema.from_annotations.metadata import note_of
from pubsub_devtools.schema.from_annotations.names import CALLS, COLLECTIONS, FORMS, PLAIN, Form, well_known
from pubsub_devtools.schema.from_annotations.reading import constant, dotted, elements, parsed
from pubsub_devtools.schema.limiting import limited
from pubsub_devtools.schema.unions import NULL, literal_of, union_of

__all__ = ["Resolve", "annotation_type", "nothing_known"]

Resolve: TypeAlias = Callable[[str], FieldType | str | None]
"""What a dotted name of the code means: a type, or the path that it was imported from (``"typing.Optional"`` for
``t.Optional``), or nothing. An enum's member may be asked for too (``Color.RED``), as a choice of one value."""

_QUALIFIERS = frozenset({"annotated", "classvar", "final", "required", "notrequired", "plain"})


class Peeled(msgspec.Struct, frozen=True):
    """An annotation without what surrounds its type: the qualifiers, outermost first, and the metadata."""

    inner: ast.expr | None
    qualifiers: tuple[Form, ...] = ()
    metadata: tuple[ast.expr, ...] = ()


def nothing_known(name: str) -> None:
    """The resolver of code of which nothing is known but the well-known names."""


def annotation_type(node: ast.expr | str, resolve: Resolve = nothing_known) -> FieldType:
    """Return the type that an annotation stands for.

    Args:
        node: The annotation, as text or parsed.
        resolve: Tells what names mean that are no well-known ones.

    Returns:
        The type; `Unknown` where it cannot be told. Nothing is raised for what is written in the code.

    Example:
        >>> from pubsub_devtools.schema.spelling import spell
        >>> spell(annotation_type("dict[str, Optional[list['int']]]"))
        'dict[str, list[int] | None]'
        >>> annotation_type("Annotated[int, Field(ge=1)]").limits.ge
        1
        >>> annotation_type("t.Any", {"t.Any": "typing.Any"}.get)
        Anything()
        >>> annotation_type("Money")
        Unknown(name='Money')
    """
    if isinstance(node, str):
        expression = parsed(node)
        return Unknown(node.strip()) if expression is None else annotation_type(expression, resolve)
    try:
        return _Reader(resolve).read(node)
    except RecursionError:
        return Unknown("")


def peel(node: ast.expr, resolve: Resolve) -> Peeled:
    """Take from an annotation the qualifiers and metadata around its type."""
    reader = _Reader(resolve)
    qualifiers: list[Form] = []
    metadata: list[ast.expr] = []
    inner: ast.expr | None = node
    while inner is not None:
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            if (expression := parsed(inner.value)) is None:
                break
            inner = expression
            continue
        subscript = inner if isinstance(inner, ast.Subscript) else None
        form = FORMS.get(reader.known(subscript.value if subscript else inner), "map")
        if form not in _QUALIFIERS:
            break
        qualifiers.append(form)
        parts = elements(subscript.slice) if subscript else []
        inner = parts[0] if parts else None
        metadata[:0] = parts[1:]
    return Peeled(inner, tuple(qualifiers), tuple(metadata))


class _Reader:
    """Reads expressions, asking one resolver."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve

    def known(self, node: ast.expr) -> str:
        """Return the well-known name that an expression means, else an empty text."""
        path = dotted(node)
        meaning = self.resolve(path) if path else ""
        return well_known(path if meaning is None else meaning) if isinstance(meaning, str | None) else ""

    def read(self, node: ast.expr) -> FieldType:
        match node:
            case ast.Constant(value=None):
                return NULL
            case ast.Constant(value=str(text)):
                return annotation_type(text, self.resolve)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return union_of((self.read(left), self.read(right)))
            case ast.Name() | ast.Attribute():
                return self.named(node)
            case ast.Subscript(value=base, slice=inside):
                return self.subscript(node, base, elements(inside))
            case ast.Call(func=func, args=args) if limits := CALLS.get(self.known(func)):
                made = self.form(limits, args[:1]) or PLAIN.get(limits, Unknown(limits))
                call = ast.Call(ast.Name("Field"), [], node.keywords)
                return limited(made, note_of([call]).limits)
            case _:
                return Unknown(ast.unparse(node))

    def named(self, node: ast.expr) -> FieldType:
        path = dotted(node)
        meaning = self.resolve(path) if path else None
        if meaning is not None and not isinstance(meaning, str):
            return meaning
        name = well_known(meaning or path)
        last = (meaning or path).rpartition(".")[2]
        return PLAIN.get(name) or self.form(name, []) or Unknown(last or ast.unparse(node))

    def subscript(self, node: ast.expr, base: ast.expr, inside: list[ast.expr]) -> FieldType:
        name = self.known(base)
        if FORMS.get(name) in _QUALIFIERS:
            return self.qualified(node)
        if FORMS.get(name) == "tuple" and not inside:
            return Tuple(())
        made = self.form(name, inside) if name else None
        return made or Unknown(dotted(base).rpartition(".")[2] or ast.unparse(base))

    def qualified(self, node: ast.expr) -> FieldType:
        peeled = peel(node, self.resolve)
        inner = Anything() if peeled.inner is None else self.read(peeled.inner)
        return limited(inner, note_of(peeled.metadata).limits)

    def form(self, name: str, inside: list[ast.expr]) -> FieldType | None:
        """Return what a generic name with these arguments means; nothing where it is none."""
        if collection := COLLECTIONS.get(name):
            return Array(collection, self.nth(inside, 0))
        match FORMS.get(name):
            case "map":
                return Map(self.nth(inside, 0), self.nth(inside, 1))
            case "counter":
                return Map(self.nth(inside, 0), Scalar("int"))
            case "tuple":
                return self.tuple(inside)
            case "class":
                return Unknown("type")
            case "optional" if inside:
                return union_of((self.read(inside[0]), NULL))
            case "union" if inside:
                return union_of(map(self.read, inside))
            case "literal" if inside:
                return self.literal(inside)
            case _:
                return None

    def nth(self, inside: list[ast.expr], index: int) -> FieldType:
        return self.read(inside[index]) if index < len(inside) else Anything()

    def tuple(self, inside: list[ast.expr]) -> FieldType:
        if not inside or (len(inside) == 2 and constant(inside[1]) is ...):
            return Array("tuple", self.nth(inside, 0))
        return Tuple(tuple(map(self.read, inside)))

    def literal(self, inside: list[ast.expr]) -> FieldType:
        members: list[FieldType] = []
        values: list[ChoiceValue | None] = []
        for node in inside:
            value = constant(node)
            if value is None or isinstance(value, bool | int | float | str):
                values.append(value)
            else:
                # A nested `Literal`, the name of one, or the member of an enum.
                members.append(self.read(node))
        return union_of([*members, *([literal_of(values)] if values else [])])
