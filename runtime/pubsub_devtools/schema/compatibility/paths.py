"""What stands at a path such as ``order.items.sku`` in a type; indexes vanish, a map's key is a name of the path."""

from __future__ import annotations

import msgspec

from pubsub_devtools.model.field_type import Anything, Array, FieldType, Map, Record, Tuple, Union, Unknown
from pubsub_devtools.schema.compatibility.place import At

__all__: list[str] = []


class Found(msgspec.Struct, frozen=True):
    """The type at a path. ``always``: no record on the way may lack it."""

    at: At
    always: bool = True


def find(type_: FieldType, path: str) -> Found | None:
    """Return what is at a path; nothing where the type has no such field.

    Example:
        >>> from pubsub_devtools.model.field_type import RecordField, Scalar
        >>> item = Record("Item", (RecordField("sku", Scalar("str")),))
        >>> order = Record("Order", (RecordField("items", Array("list", item)),))
        >>> find(order, "items.sku").at.type.name, find(order, "items.price")
        ('str', None)
    """
    found: Found | None = Found(At(type_))
    for name in path.split("."):
        if found is None:
            return None
        found = _step(found, name)
    return found


def _step(found: Found, name: str) -> Found | None:
    at = found.at.followed()
    match at.type:
        case Record(fields=fields, extra=extra):
            for field in fields:
                if name in (field.name, *field.aliases):
                    always = found.always and (field.required or field.default)
                    return Found(At(field.type, at.fields(at.type)), always)
            return Found(At(Unknown(name)), always=False) if extra == "allow" else None
        case Array(items=items):
            return _step(Found(at.to(items), found.always), name)
        case Map(value=value):
            return Found(at.to(value), always=False)
        case Tuple(items=members) | Union(members=members):
            steps = (_step(Found(at.to(member), found.always), name) for member in members)
            return next((step for step in steps if step is not None), None)
        case Anything() | Unknown():
            return Found(at, found.always)
        case _:
            return None
