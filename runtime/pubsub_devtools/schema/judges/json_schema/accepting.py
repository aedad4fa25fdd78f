"""Whether a schema takes one value: what enums and constants are judged by. Formats are annotations here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pubsub_devtools.schema.judges.json_schema.documents import Node
from pubsub_devtools.schema.judges.json_schema.shapes import additional_of, bounds_of, rest_of, tuple_of
from pubsub_devtools.schema.judges.json_schema.values import (
    key,
    listed,
    members,
    names,
    number,
    type_of,
    types_named,
)

__all__ = ["accepts"]


def accepts(node: Node, value: Any) -> bool:
    """Tell whether a value is valid; a keyword that is not known takes everything.

    Example:
        >>> from pubsub_devtools.schema.judges.json_schema.documents import Document
        >>> accepts(Document({"type": "string", "maxLength": 2}).node, "abc")
        False
    """
    if isinstance(node.schema, bool):
        return node.schema
    said = node.says
    if "$ref" in said and not accepts(node.document.followed(node), value):
        return False
    if "type" in said and type_of(value) not in types_named(said["type"]):
        return False
    if "enum" in said and key(value) not in map(key, listed(said["enum"])):
        return False
    if "const" in said and key(value) != key(said["const"]):
        return False
    judge = _BY_TYPE.get(type_of(value))
    return (judge is None or judge(node, value)) and _combined(node, value)


def _combined(node: Node, value: Any) -> bool:
    said = node.says
    if not all(accepts(part, value) for part in node.parts("allOf")):
        return False
    if "anyOf" in said and not any(accepts(part, value) for part in node.parts("anyOf")):
        return False
    if "oneOf" in said and sum(accepts(part, value) for part in node.parts("oneOf")) != 1:
        return False
    if "not" in said and accepts(node.to(said["not"]), value):
        return False
    if "if" in said:
        branch = "then" if accepts(node.to(said["if"]), value) else "else"
        return accepts(node.to(said.get(branch, True)), value)
    return True


def _number(node: Node, value: Any) -> bool:
    exact = number(value)
    if exact is None:
        return False
    lower, upper = bounds_of(node.says)
    multiple = number(node.says.get("multipleOf"))
    return (
        (lower is None or exact > lower[0] or (exact == lower[0] and not lower[1]))
        and (upper is None or exact < upper[0] or (exact == upper[0] and not upper[1]))
        and (not multiple or exact % multiple == 0)
    )


def _string(node: Node, value: str) -> bool:
    said = node.says
    return said.get("minLength", 0) <= len(value) <= said.get("maxLength", len(value)) and (
        "pattern" not in said or found(said["pattern"], value)
    )


def _array(node: Node, value: list[Any]) -> bool:
    said = node.says
    first, rest = tuple_of(node), rest_of(node)
    if not said.get("minItems", 0) <= len(value) <= said.get("maxItems", len(value)):
        return False
    if said.get("uniqueItems") is True and len(set(map(key, value))) < len(value):
        return False
    if "contains" in said:
        count = sum(accepts(node.to(said["contains"]), item) for item in value)
        if not said.get("minContains", 1) <= count <= said.get("maxContains", count):
            return False
    taken = [*first, *([rest] * max(len(value) - len(first), 0))]
    return all(accepts(schema, item) for schema, item in zip(taken, value, strict=False))


def _object(node: Node, value: dict[str, Any]) -> bool:
    said = node.says
    if not said.get("minProperties", 0) <= len(value) <= said.get("maxProperties", len(value)):
        return False
    if not names(said.get("required")) <= value.keys():
        return False
    if "propertyNames" in said and not all(accepts(node.to(said["propertyNames"]), name) for name in value):
        return False
    for name, dependent in _dependencies(said):
        if name in value and not _met(node, dependent, value):
            return False
    return all(_member(node, name, inner) for name, inner in value.items())


def _dependencies(said: dict[str, Any]) -> list[tuple[str, Any]]:
    words = ("dependencies", "dependentRequired", "dependentSchemas")
    return [pair for word in words for pair in members(said.get(word)).items()]


def _met(node: Node, dependent: Any, value: dict[str, Any]) -> bool:
    if isinstance(dependent, list):
        return names(dependent) <= value.keys()
    return accepts(node.to(dependent), value)


def _member(node: Node, name: str, inner: Any) -> bool:
    said = node.says
    schemas = [
        schema for pattern, schema in members(said.get("patternProperties")).items() if found(pattern, name)
    ]
    if name in members(said.get("properties")):
        schemas.append(members(said["properties"])[name])
    if not schemas:
        schemas.append(additional_of(node).schema)
    return all(accepts(node.to(schema), inner) for schema in schemas)


def found(pattern: str, text: str) -> bool:
    """Tell whether a pattern is found in a text; one that Python cannot read is found nowhere."""
    try:
        return re.search(pattern, text) is not None
    except (re.error, OverflowError, RecursionError):
        return False


_BY_TYPE: dict[str, Callable[[Node, Any], bool]] = {
    "integer": _number,
    "fraction": _number,
    "string": _string,
    "array": _array,
    "object": _object,
}
