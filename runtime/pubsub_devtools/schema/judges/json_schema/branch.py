"""What is known of the values that a writer may write: alternatives, each a set of schemas that hold together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from pubsub_devtools.schema.judges.json_schema.accepting import accepts, found
from pubsub_devtools.schema.judges.json_schema.documents import Node
from pubsub_devtools.schema.judges.json_schema.shapes import (
    Bound,
    additional_of,
    bounds_of,
    patterns_of,
    properties_of,
    rest_of,
    tuple_of,
)
from pubsub_devtools.schema.judges.json_schema.values import TYPES, key, listed, names, number, types_named

__all__ = ["Branch"]


class Branch(msgspec.Struct, frozen=True):
    """One alternative: values of these types for which all of these schemas hold.

    Of ``nodes`` only the plain keywords are meant: references, combinations and conditions have been followed. ``seen``
    are the keys of all schemas that led here. ``excluded`` are schemas that do not hold. ``values`` are the only values,
    where these are known.
    """

    types: frozenset[str] = TYPES
    nodes: tuple[Node, ...] = ()
    seen: frozenset[object] = frozenset()
    excluded: tuple[Node, ...] = ()
    values: tuple[Any, ...] | None = None

    def added(self, node: Node) -> Branch:
        """Return what is known where the plain keywords of a schema hold too."""
        said = node.says
        types = self.types & types_named(said["type"]) if "type" in said else self.types
        values = self.values
        if "const" in said or "enum" in said:
            values = _both(values, [said["const"]] if "const" in said else listed(said["enum"]))
        return Branch(types, (*self.nodes, node), self.seen | {node.key}, self.excluded, values)

    @property
    def mark(self) -> object:
        """What equal branches share."""
        values = None if self.values is None else tuple(map(key, self.values))
        return self.types, frozenset(node.key for node in self.nodes), values

    def of(self, types: Iterable[str]) -> Branch:
        """Return the part of it that has these types."""
        return msgspec.structs.replace(self, types=self.types & frozenset(types))

    def bound(self, index: int) -> Bound | None:
        """Return the narrowest lower (0) or upper (1) bound of its numbers."""
        bounds = [bound for node in self.nodes if (bound := bounds_of(node.says)[index]) is not None]
        if index:
            return min(bounds, key=lambda bound: (bound[0], not bound[1]), default=None)
        return max(bounds, default=None)

    def most(self, word: str) -> Fraction | None:
        """Return the greatest number that its schemas give for a keyword."""
        return max(self._given(word), default=None)

    def least(self, word: str) -> Fraction | None:
        return min(self._given(word), default=None)

    def _given(self, word: str) -> list[Fraction]:
        return [value for node in self.nodes if (value := number(node.says.get(word))) is not None]

    def said(self, word: str) -> list[Any]:
        """Return all that its schemas say by a keyword."""
        return [node.says[word] for node in self.nodes if word in node.says]

    @property
    def required(self) -> frozenset[str]:
        return frozenset(name for node in self.nodes for name in names(node.says.get("required")))

    @property
    def declared(self) -> list[str]:
        """The names of its properties, in the order of the schemas."""
        return list(dict.fromkeys(name for node in self.nodes for name in properties_of(node)))

    @property
    def patterns(self) -> list[str]:
        return list(dict.fromkeys(pattern for node in self.nodes for pattern in patterns_of(node)))

    def child(self, name: str) -> tuple[Node, ...]:
        """Return the schemas that a property meets, whether it is declared or not."""
        return _plain(part for node in self.nodes for part in _property(node, name))

    def pattern(self, pattern: str) -> tuple[Node, ...]:
        """Return the schemas that properties of this pattern meet for certain."""
        return _plain(
            node.to(patterns_of(node)[pattern]) for node in self.nodes if pattern in patterns_of(node)
        )

    @property
    def additional(self) -> tuple[Node, ...]:
        """The schemas that properties meet which no schema names."""
        return _plain(additional_of(node) for node in self.nodes)

    @property
    def first(self) -> int:
        """How many items have schemas of their own."""
        return max((len(tuple_of(node)) for node in self.nodes), default=0)

    def item(self, index: int) -> tuple[Node, ...]:
        """Return the schemas that an item meets."""
        return _plain(
            tuple_of(node)[index] if index < len(tuple_of(node)) else rest_of(node) for node in self.nodes
        )

    @property
    def longest(self) -> Fraction | None:
        """The greatest number of items."""
        ends = [index for index in range(self.first + 1) if never(self.item(index))]
        given = self.least("maxItems")
        return min((Fraction(end) for end in ends), default=given) if given is None or ends else given

    def kept(self) -> Branch | None:
        """Return it with the values that all its schemas take; None where nothing is left."""
        types = frozenset(type_ for type_ in self.types if not self._contradicts(type_))
        kept = msgspec.structs.replace(self, types=types)
        if self.values is not None:
            values = tuple(value for value in self.values if all(accepts(node, value) for node in self.nodes))
            kept = msgspec.structs.replace(kept, values=values)
        return kept if types and kept.values != () else None

    def _contradicts(self, type_: str) -> bool:
        """Tell whether its schemas leave no value of a type."""
        if type_ in ("integer", "fraction"):
            lower, upper = self.bound(0), self.bound(1)
            if lower is None or upper is None:
                return False
            return lower[0] > upper[0] or (lower[0] == upper[0] and (lower[1] or upper[1]))
        if type_ == "string":
            return _crossed(self.most("minLength"), self.least("maxLength"))
        if type_ == "array":
            return _crossed(self.most("minItems"), self.longest)
        if type_ == "object":
            return _crossed(self.most("minProperties"), self.least("maxProperties")) or any(
                never(self.child(name)) for name in self.required
            )
        return False


def never(nodes: Sequence[Node]) -> bool:
    """Tell whether no value meets these schemas, as far as this can be seen at once."""
    return any(node.schema is False for node in nodes)


def _plain(nodes: Iterable[Node]) -> tuple[Node, ...]:
    return tuple({node.key: node for node in nodes if node.schema is not True and node.schema != {}}.values())


def _property(node: Node, name: str) -> list[Node]:
    parts = [schema for pattern, schema in patterns_of(node).items() if found(pattern, name)]
    if name in properties_of(node):
        parts.append(properties_of(node)[name])
    return [node.to(part) for part in parts] or [additional_of(node)]


def _both(known: tuple[Any, ...] | None, given: list[Any]) -> tuple[Any, ...]:
    if known is None:
        return tuple({key(value): value for value in given}.values())
    wanted = set(map(key, given))
    return tuple(value for value in known if key(value) in wanted)


def _crossed(low: Fraction | None, high: Fraction | None) -> bool:
    return high is not None and (low or 0) > high
