"""What the names of one module mean, from its text alone: classes, aliases, ``NewType`` and imports."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from pubsub_devtools.model.field_type import FieldType, Ref, Unknown
from pubsub_devtools.schema.from_annotations.annotation import Resolve, annotation_type, nothing_known
from pubsub_devtools.schema.from_annotations.classes import class_type, enum_members
from pubsub_devtools.schema.from_annotations.reading import dotted
from pubsub_devtools.schema.unions import choice_of

__all__ = ["ModuleNames"]


class ModuleNames:
    """The names of one module; an instance is a resolver.

    Classes are followed into one another; where one comes back to itself it is a `Ref`. What a module imports is its
    dotted path, which ``elsewhere`` is asked about.

    Example:
        >>> names = ModuleNames('''
        ... import datetime as dt
        ... class Node(BaseModel):
        ...     at: dt.datetime
        ...     children: list["Node"] = []
        ... ''')
        >>> node = names.type("Node")
        >>> node.fields[0].type.name, node.fields[1].type.items
        ('datetime', Ref(name='Node'))
    """

    def __init__(self, source: str | ast.Module, elsewhere: Resolve = nothing_known) -> None:
        """Read the names of a module.

        Args:
            source: The module, as text or parsed.
            elsewhere: Tells what an imported path means.

        Raises:
            SyntaxError: The text is no Python.
        """
        tree = ast.parse(source) if isinstance(source, str) else source
        self._bound = dict(_bindings(tree.body))
        self._elsewhere = elsewhere
        self._open: list[str] = []

    def type(self, name: str) -> FieldType:
        """Return the type that a name of the module stands for; `Unknown` where it stands for none."""
        found = self(name)
        return Unknown(name) if found is None or isinstance(found, str) else found

    def __call__(self, name: str) -> FieldType | str | None:
        """Resolve a dotted name, as `annotation_type` asks for it."""
        first, _, rest = name.partition(".")
        bound = self._bound.get(first)
        match bound:
            case None:
                return None
            case str():
                path = f"{bound}.{rest}" if rest else bound
                return self._elsewhere(path) or path
            case ast.ClassDef() if rest:
                value = (enum_members(bound) or {}).get(rest)
                return None if value is None else choice_of([value])
            case _:
                return Unknown(name) if rest else self._followed(name, bound)

    def _followed(self, name: str, bound: ast.ClassDef | ast.expr) -> FieldType:
        if name in self._open:
            return Ref(name) if isinstance(bound, ast.ClassDef) else Unknown(name)
        self._open.append(name)
        try:
            return class_type(bound, self) if isinstance(bound, ast.ClassDef) else self._alias(bound)
        finally:
            self._open.pop()

    def _alias(self, value: ast.expr) -> FieldType:
        if isinstance(value, ast.Call) and dotted(value.func).rpartition(".")[2] in {
            "NewType",
            "TypeAliasType",
        }:
            return annotation_type(value.args[1], self) if len(value.args) > 1 else Unknown("")
        return annotation_type(value, self)


def _bindings(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.ClassDef | ast.expr | str]]:
    for statement in body:
        if (
            type(statement).__name__ == "TypeAlias"
        ):  # `type X = ...`, which this Python's `ast` may not know yet
            alias: Any = statement
            yield alias.name.id, alias.value
            continue
        match statement:
            case ast.ClassDef(name=name):
                yield name, statement
            case ast.Import(names=names):
                for alias in names:
                    first = alias.name.partition(".")[0]
                    yield alias.asname or first, alias.name if alias.asname else first
            case ast.ImportFrom(module=module, names=names, level=level):
                for alias in names:
                    yield alias.asname or alias.name, f"{'.' * level}{module or ''}.{alias.name}"
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case ast.If(body=inner, orelse=other):
                yield from _bindings([*other, *inner])
            case _:
                pass
