"""What changed from one version of a message to the next, field by field, and who can read whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

from pubsub_devtools.model.field_type import Array, FieldType, Map, Record, RecordField, Union
from pubsub_devtools.schema.compatibility.contract import same_contract
from pubsub_devtools.schema.compatibility.difference import Difference
from pubsub_devtools.schema.registry.values import Registered
from pubsub_devtools.schema.spelling import spell, spell_limits

__all__ = ["Change", "ChangeKind", "Evolution", "changes"]

ChangeKind: TypeAlias = Literal["added", "removed", "changed"]


class Change(msgspec.Struct, frozen=True):
    """One field that came, went or became another. ``path`` is as in a `Difference`."""

    kind: ChangeKind
    path: str
    text: str


class Evolution(msgspec.Struct, frozen=True):
    """A registered version, what it changed, and what stands between it and the version before.

    ``backward`` keeps it from reading what the version before wrote, ``forward`` the other way round; empty for the first.
    """

    registered: Registered
    changes: tuple[Change, ...] = ()
    backward: tuple[Difference, ...] = ()
    forward: tuple[Difference, ...] = ()


def changes(old: FieldType, new: FieldType) -> tuple[Change, ...]:
    """Return the fields in which two types differ: those of the old one in their order, then the added ones.

    Example:
        >>> from pubsub_devtools.model.field_type import Record, RecordField, Scalar
        >>> old = Record("E", (RecordField("total", Scalar("int")), RecordField("note", Scalar("str"))))
        >>> new = Record("E", (RecordField("total", Scalar("float")), RecordField("tax", Scalar("int"), False)))
        >>> [change.text for change in changes(old, new)]
        ['total: int is float', 'note: str', 'tax: int, optional']
    """
    return tuple(_between(old, new, ""))


def _between(old: FieldType, new: FieldType, path: str) -> Iterator[Change]:
    if old == new:
        return
    match old, new:
        case Record(), Record():
            yield from _fields(old, new, path)
        case Array(items=before), Array(items=after) if (old.of, old.limits) == (new.of, new.limits):
            yield from _between(before, after, path)
        case Map(value=before), Map(value=after) if (old.key, old.limits) == (new.key, new.limits):
            yield from _between(before, after, path)
        case Union(), Union() if pair := _changed_members(old, new):
            yield from _between(*pair, path)
        case _ if same_contract(old, new):
            return
        case _:
            yield Change("changed", path, f"{path or 'the message'}: {_told(old)} is {_told(new)}")


def _fields(old: Record, new: Record, path: str) -> Iterator[Change]:
    before = {field.name: field for field in old.fields}
    after = {field.name: field for field in new.fields}
    for name, field in before.items():
        here = f"{path}.{name}" if path else name
        if name not in after:
            yield Change("removed", here, f"{here}: {_said(field)}")
        else:
            yield from _field(field, after[name], here)
    for name in [name for name in after if name not in before]:
        here = f"{path}.{name}" if path else name
        yield Change("added", here, f"{here}: {_said(after[name])}")
    if old.extra != new.extra:
        yield Change("changed", path, f"{path or 'the message'}: extra fields: {old.extra} is {new.extra}")


def _field(old: RecordField, new: RecordField, path: str) -> Iterator[Change]:
    yield from _between(old.type, new.type, path)
    if old.required != new.required:
        yield Change("changed", path, f"{path}: {_presence(old)} is {_presence(new)}")
    if set(old.aliases) != set(new.aliases):
        names = ", ".join(sorted(new.aliases)) or "nothing else"
        yield Change("changed", path, f"{path}: also read as {names}")


def _changed_members(old: Union, new: Union) -> tuple[FieldType, FieldType] | None:
    """Return the one member of each that the other does not have, where these are of one sort."""
    gone = [member for member in old.members if member not in new.members]
    come = [member for member in new.members if member not in old.members]
    if len(gone) == len(come) == 1 and type(gone[0]) is type(come[0]) and not isinstance(gone[0], Union):
        return gone[0], come[0]
    return None


def _said(field: RecordField) -> str:
    return _told(field.type) + ("" if field.required else ", optional")


def _presence(field: RecordField) -> str:
    return "required" if field.required else "optional"


def _told(type_: FieldType) -> str:
    limits = getattr(type_, "limits", None)
    said = spell_limits(limits) if limits is not None else ""
    return f"{spell(type_)}({said})" if said else spell(type_)
