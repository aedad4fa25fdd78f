"""JSON values as schemas see them: their types, and when two of them are equal."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any, cast

__all__: list[str] = []

TYPES = frozenset({"null", "boolean", "integer", "fraction", "string", "array", "object"})
"""The types of JSON, with ``number`` taken apart."""


def members(value: Any) -> dict[str, Any]:
    """Return an object's members; what is no object has none."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """Return an array's items; what is no array has none."""
    return value if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType]


def names(value: Any) -> frozenset[str]:
    """Return the texts in an array."""
    return frozenset(item for item in listed(value) if isinstance(item, str))


def number(value: Any) -> Fraction | None:
    """Return a number exactly as it is written (``0.1`` is a tenth), or None for what is none.

    Example:
        >>> number(0.1), number(True), number("1")
        (Fraction(1, 10), None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Fraction(str(value)) if isinstance(value, int) or math.isfinite(value) else None


def types_named(value: Any) -> frozenset[str]:
    """Return the types that a ``type`` keyword names.

    Example:
        >>> sorted(types_named(["number", "null"]))
        ['fraction', 'integer', 'null']
    """
    given = listed(value) if isinstance(value, list) else [value]
    plain = {one for one in given if isinstance(one, str) and one in TYPES - {"fraction"}}
    return frozenset(plain | ({"integer", "fraction"} if "number" in given else set[str]()))


def type_of(value: Any) -> str:
    """Return the type of a value; ``1.0`` is an integer, as from draft 6 on."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    exact = number(value)
    return "integer" if exact is not None and exact.denominator == 1 else "fraction"


def key(value: Any) -> str:
    """Return a text that equal values share, and no others.

    Example:
        >>> key(1) == key(1.0), key(1) == key(True), key({"a": 1, "b": 2}) == key({"b": 2, "a": 1})
        (True, False, True)
    """
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in members(value).items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in listed(value)]
    exact = number(value)
    return value if exact is None else {"": f"{exact}"}


def shown(value: Any) -> str:
    """Return a value as JSON, cut short."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 60 else f"{text[:56]} ..."
