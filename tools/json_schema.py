"""The JSON Schema of a msgspec Struct, as a file that people read too."""

from __future__ import annotations

import inspect
import json
from typing import Any

import msgspec


def json_schema(struct: type[msgspec.Struct]) -> str:
    """Return the JSON Schema (2020-12) of a Struct, sorted and indented, with the docstrings as descriptions.

    Args:
        struct: The Struct that a whole document is.
    """
    schema = msgspec.json.schema(struct)
    for definition in schema.get("$defs", {}).values():
        _describe(definition)
    return (
        json.dumps(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, indent=2, sort_keys=True
        )
        + "\n"
    )


def summary(docstring: str) -> str:
    """Return a docstring without its indentation, its examples and its reST quotes, which no other format knows.

    Example:
        >>> summary('''Says ``x``.
        ...
        ...     Example:
        ...         >>> 1
        ... ''')
        'Says `x`.'
    """
    return inspect.cleandoc(docstring).partition("\nExample:")[0].strip().replace("``", "`")


def _describe(definition: dict[str, Any]) -> None:
    if "description" in definition:
        definition["description"] = summary(definition["description"])
