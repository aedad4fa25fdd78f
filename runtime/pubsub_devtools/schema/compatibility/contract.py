"""Whether two types are the same contract: names of records and the order of fields say nothing to a message."""

from __future__ import annotations

import msgspec

from pubsub_devtools.model.field_type import Array, FieldType, Map, Record, RecordField, Ref, Tuple, Union

__all__ = ["same_contract"]


def same_contract(first: FieldType, second: FieldType) -> bool:
    """Whether two types allow the same messages, read the same way.

    Example:
        >>> from pubsub_devtools.model.field_type import Scalar
        >>> old = Record("Paid", (RecordField("a", Scalar("int")), RecordField("b", Scalar("str"))))
        >>> new = Record("OrderPaid", tuple(reversed(old.fields)))
        >>> same_contract(old, new), same_contract(old, Record("Paid", old.fields[:1]))
        (True, False)
    """
    return _bare(first, ()) == _bare(second, ())


def _bare(type_: FieldType, around: tuple[str, ...]) -> FieldType:
    """Return the type with records named by their depth and fields sorted. ``around`` is innermost last."""
    match type_:
        case Record(name=name, fields=fields):
            inside = (*around, name)
            bare = [_bare_field(field, inside) for field in fields]
            if not type_.positional:
                bare.sort(key=lambda field: field.name)
            return msgspec.structs.replace(type_, name=str(len(around)), fields=tuple(bare))
        case Ref(name=name) if name in around:
            return Ref(str(len(around) - 1 - around[::-1].index(name)))
        case Array(of=of, items=items, limits=limits):
            return Array(of, _bare(items, around), limits)
        case Tuple(items=items):
            return Tuple(tuple(_bare(item, around) for item in items))
        case Map(key=key, value=value, limits=limits):
            return Map(_bare(key, around), _bare(value, around), limits)
        case Union(members=members):
            # Records sort by their names in a union, which are no part of the contract.
            return Union(tuple(sorted((_bare(member, around) for member in members), key=repr)))
        case _:
            return type_


def _bare_field(field: RecordField, inside: tuple[str, ...]) -> RecordField:
    return msgspec.structs.replace(
        field, type=_bare(field.type, inside), aliases=tuple(sorted(field.aliases))
    )
