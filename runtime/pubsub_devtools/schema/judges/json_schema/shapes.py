"""What one schema says of numbers, of the items of arrays and of the properties of objects, whatever draft it is written in."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, TypeAlias

from pubsub_devtools.schema.judges.json_schema.documents import Node
from pubsub_devtools.schema.judges.json_schema.values import listed, members, number

__all__: list[str] = []

Bound: TypeAlias = tuple[Fraction, bool]
"""A bound, and whether it excludes itself."""

COMBINING = (
    "$ref",
    "$dynamicRef",
    "$recursiveRef",
    "allOf",
    "anyOf",
    "oneOf",
    "if",
    "not",
    "dependentSchemas",
)


def bounds_of(said: dict[str, Any]) -> tuple[Bound | None, Bound | None]:
    """Return the lower and the upper bound; ``exclusiveMinimum`` was true or false up to draft 4."""
    return _bound(said, "minimum", "exclusiveMinimum", 1), _bound(said, "maximum", "exclusiveMaximum", -1)


def _bound(said: dict[str, Any], word: str, exclusive: str, sign: int) -> Bound | None:
    bounds: list[Bound] = []
    plain, strict = number(said.get(word)), number(said.get(exclusive))
    if plain is not None:
        bounds.append((sign * plain, said.get(exclusive) is True))
    if strict is not None:
        bounds.append((sign * strict, True))
    if not bounds:
        return None
    value, excluded = max(bounds)
    return sign * value, excluded


def tuple_of(node: Node) -> list[Node]:
    """Return the schemas of the first items."""
    said = node.says
    if "prefixItems" in said:
        return node.parts("prefixItems")
    return [node.to(part) for part in listed(said.get("items"))]


def rest_of(node: Node) -> Node:
    """Return the schema of the items after the first ones."""
    said = node.says
    word = "additionalItems" if isinstance(said.get("items"), list) else "items"
    if word in said and not isinstance(said[word], list):
        return node.to(said[word])
    unevaluated = said.get("unevaluatedItems", True)
    return node.to(True if combines(said) or "contains" in said else unevaluated)


def additional_of(node: Node) -> Node:
    """Return the schema of the properties that are not named."""
    said = node.says
    if "additionalProperties" in said:
        return node.to(said["additionalProperties"])
    return node.to(True if combines(said) else said.get("unevaluatedProperties", True))


def combines(said: dict[str, Any]) -> bool:
    """Tell whether a schema has others beside its own keywords, which may evaluate more."""
    return any(word in said for word in COMBINING)


def properties_of(node: Node) -> dict[str, Any]:
    return members(node.says.get("properties"))


def patterns_of(node: Node) -> dict[str, Any]:
    return members(node.says.get("patternProperties"))
