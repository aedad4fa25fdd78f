"""The active dialects, turned into look-ups: from a dotted path or a typed method to the patterns that speak of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from fnmatch import translate

import msgspec

from pubsub_devtools.model import Kind
from pubsub_devtools_analysis.dialect import Binding, Dialect, Pattern, Type

_EVERYWHERE = frozenset(
    [
        "get",
        "put",
        "map",
        "join",
        "call",
        "ask",
        "cast",
        "()",
        "publish",
        "request",
        "receive_messages",
        "iterator",
        "consume",
        "s",
    ]
)
"""Methods that too many kinds of object have to take a parameter for one by them."""


class Rule(msgspec.Struct, frozen=True, eq=False):
    """A pattern with what it stands for. `decorated`: found as a decorator reference."""

    kind: Kind
    dialect: Dialect
    pattern: Pattern
    type: str
    method: str
    decorator: bool


TypeKey = tuple[str, str]
"""Dialect and type."""


class Known:
    """All look-ups over a set of dialects. Built once; never changed."""

    def __init__(self, dialects: Iterable[Dialect]) -> None:
        self.dialects: dict[str, Dialect] = {d.name: d for d in dialects}
        self.classes: dict[str, TypeKey] = {}
        self.gives: dict[str, TypeKey] = {}
        self.member_gives: dict[tuple[str, str, str], TypeKey] = {}
        self.handwritten = {name for name, dialect in self.dialects.items() if dialect.is_handwritten}
        self.constants: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self.functions: dict[str, list[Rule]] = defaultdict(list)
        self.methods: dict[tuple[str, str, str], list[Rule]] = defaultdict(list)
        self.subclasses: dict[str, list[Rule]] = defaultdict(list)
        self.named_methods: list[Rule] = []
        self.tables: dict[str, list[Rule]] = defaultdict(list)
        self.attributes: dict[str, list[Rule]] = defaultdict(list)
        self.bindings: dict[tuple[str, str, str], list[tuple[Dialect, Binding]]] = defaultdict(list)
        self.conventions: dict[str, list[tuple[TypeKey, bool]]] = defaultdict(list)
        self.external: dict[str, list[TypeKey]] = defaultdict(list)
        self.on_parameters: dict[str, list[Rule]] = defaultdict(list)
        self.distinct: dict[str, list[TypeKey]] = defaultdict(list)
        self.hot: set[str] = set()
        self._builtin = {
            name: re.compile("|".join(map(translate, dialect.builtin)))
            for name, dialect in self.dialects.items()
            if dialect.builtin
        }
        for dialect in self.dialects.values():
            self._add(dialect)

    def add(self, dialect: Dialect) -> None:
        """Take in a dialect that was recognised in the code itself, before anything is linked."""
        own = self.dialects.get(dialect.name)
        types = {**dialect.types, **own.types} if own is not None else dialect.types
        self.dialects[dialect.name] = msgspec.structs.replace(own or dialect, types=types)
        self._add(dialect)

    def type(self, key: TypeKey) -> Type:
        """The table of a type."""
        return self.dialects[key[0]].types[key[1]]

    def names(self, path: str) -> bool:
        """Whether a dialect speaks of this very dotted path, so that it is a library's even inside its repository."""
        return path in self.functions or path in self.classes or path in self.gives or path in self.subclasses

    def builtin(self, dialect: str, name: str) -> bool:
        """Whether the framework itself publishes or handles an event of this name."""
        pattern = self._builtin.get(dialect)
        return pattern is not None and pattern.match(name) is not None

    def _add(self, dialect: Dialect) -> None:
        self.constants.update(dialect.constants)
        self.aliases.update(dialect.aliases)
        for name, type_ in dialect.types.items():
            self._add_type(dialect, (dialect.name, name), type_)
        groups: tuple[tuple[Kind, tuple[Pattern, ...]], ...] = (
            ("publish", dialect.publish),
            ("handle", dialect.handle),
            ("declare", dialect.declare),
        )
        for kind, patterns in groups:
            for pattern in patterns:
                self._add_pattern(kind, dialect, pattern)
        for binding in dialect.bind:
            for reference in binding.call:
                type_name, _, method = reference.partition(".")
                self.bindings[dialect.name, type_name, method].append((dialect, binding))
                self.hot.add(method)

    def _add_type(self, dialect: Dialect, key: TypeKey, type_: Type) -> None:
        for path in type_.is_:
            self.classes[path] = key
        for reference in type_.from_:
            owner, _, rest = reference.partition(".")
            if owner in dialect.types:
                self.member_gives[dialect.name, owner, rest] = key
            else:
                self.gives[reference] = key
        for variable in type_.names:
            self.conventions[variable].append((key, type_.always))
        for method in type_.external:
            self.external[method].append(key)
        for method in type_.distinct:
            self.distinct[method].append(key)

    def _add_pattern(self, kind: Kind, dialect: Dialect, pattern: Pattern) -> None:
        for decorator, references in ((False, pattern.call), (True, pattern.decorator)):
            for reference in references:
                owner, _, method = reference.partition(".")
                self.hot.add(reference.rpartition(".")[2])
                if owner in dialect.types:
                    rule = Rule(kind, dialect, pattern, owner, method, decorator)
                    self.methods[dialect.name, owner, method].append(rule)
                    if pattern.event.receiver and kind != "declare" and method not in _EVERYWHERE:
                        self.on_parameters[method].append(rule)
                else:
                    rule = Rule(kind, dialect, pattern, "", reference, decorator)
                    self.functions[reference].append(rule)
        for reference in pattern.subclass:
            self.subclasses[reference].append(Rule(kind, dialect, pattern, reference, "", False))
        if pattern.method:
            self.named_methods.append(Rule(kind, dialect, pattern, "", pattern.method, False))
        for reference in () if pattern.pairs else pattern.table:
            self.tables[reference].append(Rule(kind, dialect, pattern, "", reference, False))
        for reference in pattern.attribute:
            self.attributes[reference.rpartition(".")[2]].append(
                Rule(kind, dialect, pattern, "", reference, False)
            )
