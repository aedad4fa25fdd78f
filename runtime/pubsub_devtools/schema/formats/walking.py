"""What writers of every language ask of a type."""

from __future__ import annotations

from collections.abc import Iterator

from pubsub_devtools.model.field_type import Array, FieldType, Map, Record, Ref, Tuple, Union

__all__ = ["children", "joined", "refers"]


def joined(path: str, name: str) -> str:
    """Return the path of a field inside what is at a path."""
    return f"{path}.{name}" if path else name


def children(type_: FieldType) -> Iterator[FieldType]:
    """Return the types that stand directly in a type."""
    match type_:
        case Array(items=items):
            yield items
        case Map(key=key, value=value):
            yield from (key, value)
        case Tuple(items=several) | Union(members=several):
            yield from several
        case Record(fields=fields):
            yield from (field.type for field in fields)
        case _:
            return


def refers(record: Record, name: str) -> bool:
    """Tell whether something inside a record refers to the record around it that has this name.

    Example:
        >>> from pubsub_devtools.model.field_type import RecordField
        >>> refers(Record("Node", (RecordField("next", Ref("Node")),)), "Node")
        True
    """
    return any(_refers(child, name) for child in children(record))


def _refers(type_: FieldType, name: str) -> bool:
    if isinstance(type_, Ref):
        return type_.name == name
    if isinstance(type_, Record) and type_.name == name:
        return False  # what it holds refers to itself
    return any(_refers(child, name) for child in children(type_))
