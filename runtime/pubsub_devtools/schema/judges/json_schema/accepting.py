"""Whether a schema takes one value: what enums and constants are judged by."""

from __future__ import annotations

import re
from typing import Any

from pubsub_devtools.schema.judges.json_schema.documents import Node
from pubsub_devtools.schema.judges.json_schema.formats import in_format
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


def accepts(node: Node, value: Any, *, formats: bool = False) -> bool:
    """Tell whether a value is valid; a keyword that is not known takes everything.

    Args:
        node: The schema.
        value: The value, as JSON holds it.
        formats: Whether a text must have the format that the schema names.

    Example:
        >>> from pubsub_devtools.schema.judges.json_schema.documents import Document
        >>> accepts(Document({"type": "string", "maxLength": 2}).node, "abc")
        False
    """
    return _Validator(formats).accepts(node, value)


class _Validator:
    """One way to judge: with formats as annotations, or as what is asked of a text."""

    def __init__(self, formats: bool) -> None:
        self.formats = formats

    def accepts(self, node: Node, value: Any) -> bool:
        if isinstance(node.schema, bool):
            return node.schema
        said = node.says
        if "$ref" in said and not self.accepts(node.document.followed(node), value):
            return False
        if "type" in said and type_of(value) not in types_named(said["type"]):
            return False
        if "enum" in said and key(value) not in map(key, listed(said["enum"])):
            return False
        if "const" in said and key(value) != key(said["const"]):
            return False
        return self._fits(node, value) and self._combined(node, value)

    def _fits(self, node: Node, value: Any) -> bool:
        match type_of(value):
            case "integer" | "fraction":
                return self._number(node, value)
            case "string":
                return self._string(node, value)
            case "array":
                return self._array(node, value)
            case "object":
                return self._object(node, value)
            case _:
                return True

    def _combined(self, node: Node, value: Any) -> bool:
        said = node.says
        if not all(self.accepts(part, value) for part in node.parts("allOf")):
            return False
        if "anyOf" in said and not any(self.accepts(part, value) for part in node.parts("anyOf")):
            return False
        if "oneOf" in said and sum(self.accepts(part, value) for part in node.parts("oneOf")) != 1:
            return False
        if "not" in said and self.accepts(node.to(said["not"]), value):
            return False
        if "if" in said:
            branch = "then" if self.accepts(node.to(said["if"]), value) else "else"
            return self.accepts(node.to(said.get(branch, True)), value)
        return True

    def _number(self, node: Node, value: Any) -> bool:
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

    def _string(self, node: Node, value: str) -> bool:
        said = node.says
        if not said.get("minLength", 0) <= len(value) <= said.get("maxLength", len(value)):
            return False
        if self.formats and not in_format(said.get("format"), value):
            return False
        return "pattern" not in said or found(said["pattern"], value)

    def _array(self, node: Node, value: list[Any]) -> bool:
        said = node.says
        first, rest = tuple_of(node), rest_of(node)
        if not said.get("minItems", 0) <= len(value) <= said.get("maxItems", len(value)):
            return False
        if said.get("uniqueItems") is True and len(set(map(key, value))) < len(value):
            return False
        if "contains" in said:
            count = sum(self.accepts(node.to(said["contains"]), item) for item in value)
            if not said.get("minContains", 1) <= count <= said.get("maxContains", count):
                return False
        taken = [*first, *([rest] * max(len(value) - len(first), 0))]
        return all(self.accepts(schema, item) for schema, item in zip(taken, value, strict=False))

    def _object(self, node: Node, value: dict[str, Any]) -> bool:
        said = node.says
        if not said.get("minProperties", 0) <= len(value) <= said.get("maxProperties", len(value)):
            return False
        if not names(said.get("required")) <= value.keys():
            return False
        if "propertyNames" in said and not all(
            self.accepts(node.to(said["propertyNames"]), name) for name in value
        ):
            return False
        for name, dependent in self._dependencies(said):
            if name in value and not self._met(node, dependent, value):
                return False
        return all(self._member(node, name, inner) for name, inner in value.items())

    def _dependencies(self, said: dict[str, Any]) -> list[tuple[str, Any]]:
        words = ("dependencies", "dependentRequired", "dependentSchemas")
        return [pair for word in words for pair in members(said.get(word)).items()]

    def _met(self, node: Node, dependent: Any, value: dict[str, Any]) -> bool:
        if isinstance(dependent, list):
            return names(dependent) <= value.keys()
        return self.accepts(node.to(dependent), value)

    def _member(self, node: Node, name: str, inner: Any) -> bool:
        said = node.says
        schemas = [
            schema
            for pattern, schema in members(said.get("patternProperties")).items()
            if found(pattern, name)
        ]
        if name in members(said.get("properties")):
            schemas.append(members(said["properties"])[name])
        if not schemas:
            schemas.append(additional_of(node).schema)
        return all(self.accepts(node.to(schema), inner) for schema in schemas)


def found(pattern: str, text: str) -> bool:
    """Tell whether a pattern is found in a text; one that Python cannot read is found nowhere."""
    try:
        return re.search(pattern, text) is not None
    except (re.error, OverflowError, RecursionError):
        return False
