"""The classes of a workspace as types: what `schema.from_annotations` reads, with names followed from file to file."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from pubsub_devtools.model.field_type import FieldType, Record, RecordField, Ref, Unknown
from pubsub_devtools.schema.from_annotations import annotation_type, class_type
from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.facts import AnyExpr, Attr, CallRef, FileFacts, Import, Name, Param
from pubsub_devtools_analysis.fields.naming import Names
from pubsub_devtools_analysis.matching import Finder
from pubsub_devtools_analysis.schemas import written
from pubsub_devtools_analysis.values import Class, External, Function

TreeOf = Callable[[str], ast.Module | None]
"""The tree of a file; nothing for one that cannot be read."""

_DATA = frozenset(
    {
        "BaseEvent",
        "BaseModel",
        "NamedTuple",
        "Struct",
        "TypedDict",
        "attrs",
        "dataclass",
        "define",
        "frozen",
        "mutable",
    }
)
_UNTYPED = frozenset({"attrib", "ib"})
_DEEPEST = 8
"""Records inside one another; what is below is unknown, for their number may double with each."""
_LONGEST = 12
"""Imports that an alias is followed through."""


class Types:
    """Types of classes. Each that has been worked out is remembered by the file of its class."""

    def __init__(self, finder: Finder, tree_of: TreeOf) -> None:
        self.finder = finder
        self.evaluator = finder.evaluator
        self.workspace = finder.workspace
        self._tree_of = tree_of
        self._open: list[tuple[str, str]] = []

    def of(self, cls: Class) -> FieldType:
        """The type of the instances of a class; where it comes back to itself, it is a `Ref`."""
        key = cls.path, cls.key
        if key in self._open:
            return Ref(cls.key.rpartition(".")[2])
        if len(self._open) >= _DEEPEST:
            return Unknown(cls.key)
        self._open.append(key)
        try:
            if len(self._open) > 1:
                return self._of(cls)  # inside another it may refer to that one, and is no answer by itself
            nothing: FieldType = Unknown(cls.key)
            return self.finder.memo.get(("type", *key), lambda: self._of(cls), nothing)
        finally:
            self._open.pop()

    def members(self, cls: Class) -> tuple[str, ...]:
        """What instances have: fields, methods, properties and what methods set, those of bases here included."""
        names: set[str] = set()
        for base in self.evaluator.ancestors(cls):
            if isinstance(base, Class) and self.workspace.facts(base.path) is not None:
                scope = self.workspace.get(base.path, base.key)
                names |= {*scope.names, *scope.attrs}
        return tuple(sorted(names))

    def alias(self, path: str, name: str, left: int = _LONGEST) -> FieldType | None:
        """What a name of a module stands for that is no class: `Money = Annotated[int, Field(ge=0)]`."""
        facts = self.workspace.facts(path)
        bindings = facts.scopes[0].names.get(name) if facts is not None else None
        if facts is None or not bindings or not left:
            return None
        bound = bindings[-1].value
        if isinstance(bound, Import):
            target = self.evaluator.find_module(path, bound.module, bound.level)
            is_file = target is not None and not target.endswith("/")
            return self.alias(target, bound.name, left - 1) if target is not None and is_file else None
        tree = self._tree_of(path)
        value = None if tree is None else _assigned(tree.body, name)
        return None if value is None else annotation_type(value, Names(self, At(path, facts, 0)))

    def _of(self, cls: Class) -> FieldType:
        facts = self.workspace.facts(cls.path)
        tree = None if facts is None else self._tree_of(cls.path)
        if facts is None or tree is None:
            return Unknown(cls.key)
        scope = self.workspace.get(cls.path, cls.key)
        node = next((n for n in _classes(tree) if n.lineno == scope.span[0]), None)
        if node is None:
            return Unknown(cls.key)
        found = class_type(node, Names(self, At(cls.path, facts, scope.parent)))
        if not isinstance(found, Record):
            return found
        return self._constructed(cls, found) or (found if self._is_data(cls) else _opened(found))

    def _is_data(self, cls: Class) -> bool:
        """Whether its annotations are all that instances hold: a decorator or a base says so, and no `attr.ib()`."""
        bases = self.evaluator.ancestors(cls)
        names = {b.path.rpartition(".")[2] for b in bases if isinstance(b, External)}
        for base in bases:
            facts = self.workspace.facts(base.path) if isinstance(base, Class) else None
            if isinstance(base, Class) and facts is not None:
                scope = self.workspace.get(base.path, base.key)
                names |= {_name(facts, decorator.value) for decorator in scope.decorators}
                bound = [b.value for group in scope.names.values() for b in group]
                if any(_name(facts, v) in _UNTYPED for v in bound if isinstance(v, CallRef)):
                    return False
        return bool(names & _DATA)

    def _constructed(self, cls: Class, record: Record) -> Record | None:
        """A class with a constructor of its own takes that one's parameters, and may keep anything."""
        made = self.evaluator.member(cls, "__init__") or ()
        constructor = next((v for v in made if isinstance(v, Function)), None)
        facts = None if constructor is None else self.workspace.facts(constructor.path)
        if constructor is None or facts is None:
            return None
        known = {field.name: field.type for field in record.fields}
        params = self.workspace.get(constructor.path, constructor.key).params[1:]
        names = Names(self, At(constructor.path, facts, 0))
        fields = tuple(
            RecordField(
                p.name, known.get(p.name) or _type(p, facts, names), p.default is None, p.default is not None
            )
            for p in params
            if p.kind in ("p", "k")
        )
        return Record(record.name, fields, "allow" if len(fields) < len(params) else "ignore")


def _opened(record: Record) -> Record:
    """A class that nothing makes a class of data: whoever holds an instance may have set more, or less."""
    fields = tuple(RecordField(f.name, f.type, required=False, default=f.default) for f in record.fields)
    return Record(record.name, fields, "allow", record.positional)


def _name(facts: FileFacts, expr: AnyExpr) -> str:
    """The last name of an expression, or of what it calls."""
    match expr:
        case CallRef(index=index):
            return facts.calls[index].name
        case Attr(name=name) | Name(id=name):
            return name
        case _:
            return ""


def _type(param: Param, facts: FileFacts, names: Names) -> FieldType:
    return (
        Unknown("") if param.annotation is None else annotation_type(written(facts, param.annotation), names)
    )


def _classes(tree: ast.Module) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def _assigned(body: list[ast.stmt], name: str) -> ast.expr | None:
    """The type that a module gives a name last, through `NewType` and `TypeAliasType`."""
    found: ast.expr | None = None
    for statement in body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=value)
                | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value)
            ) if target == name:
                found = value
            case _ if type(statement).__name__ == "TypeAlias":  # unknown to the `ast` of older Pythons
                alias: Any = statement
                found = alias.value if alias.name.id == name else found
            case _:
                pass
    if isinstance(found, ast.Call):
        return found.args[1] if len(found.args) > 1 else None
    return found
