"""Limits laid on a type: each kind takes those that mean something for it, as pydantic does."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from pubsub_devtools.model.field_type import Array, FieldType, Limits, Map, Scalar, Union
from pubsub_devtools.schema.unions import union_of

__all__ = ["limited", "limits_from"]

_BOUNDS = frozenset({"ge", "gt", "le", "lt", "multiple_of"})
_LENGTHS = frozenset({"min_length", "max_length"})
_MEANT = {
    "int": _BOUNDS,
    "float": _BOUNDS,
    "decimal": _BOUNDS,
    "str": _LENGTHS | {"pattern"},
    "bytes": _LENGTHS,
}
_LOWEST = frozenset({"le", "lt", "max_length"})
_HIGHEST = frozenset({"ge", "gt", "min_length"})


def limits_from(given: Iterable[tuple[str, object]]) -> Limits:
    """Return the limits among named values; what is no limit, or no plain number or text, is left out.

    Where a limit is given twice, the narrower one holds.

    Example:
        >>> limits_from([("ge", 1), ("title", "Total"), ("ge", 3), ("pattern", None)]).ge
        3
    """
    found: dict[str, int | float | str] = {}
    for name, value in given:
        fits = str if name == "pattern" else (int, float)
        if name in Limits.__struct_fields__ and isinstance(value, fits) and not isinstance(value, bool):
            found[name] = _narrower(name, found.get(name), value)
    return msgspec.convert(found, Limits)


def limited(type_: FieldType, limits: Limits) -> FieldType:
    """Return the type with these limits added to its own; in a union every member takes those that it can.

    Example:
        >>> from pubsub_devtools.model.field_type import Limits, Scalar
        >>> from pubsub_devtools.schema.unions import optional
        >>> limited(optional(Scalar("int")), Limits(ge=1)).members[0].limits.ge
        1
    """
    if limits == Limits():
        return type_
    match type_:
        case Scalar(name=name, limits=own):
            return Scalar(name, _joined(own, limits, _MEANT.get(name, frozenset())))
        case Array(of=of, items=items, limits=own):
            return Array(of, items, _joined(own, limits, _LENGTHS))
        case Map(key=key, value=value, limits=own):
            return Map(key, value, _joined(own, limits, _LENGTHS))
        case Union(members=members):
            return union_of(limited(member, limits) for member in members)
        case _:
            return type_


def _joined(own: Limits, added: Limits, meant: frozenset[str]) -> Limits:
    return limits_from((name, getattr(limits, name)) for limits in (own, added) for name in sorted(meant))


def _narrower(name: str, known: float | str | None, given: float | str) -> float | str:
    if isinstance(known, str) or isinstance(given, str) or known is None:
        return given
    if name in _LOWEST:
        return min(known, given)
    return max(known, given) if name in _HIGHEST else given
