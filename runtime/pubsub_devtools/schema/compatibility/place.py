"""A type and where it stands: what a comparison walks over."""

from __future__ import annotations

import msgspec

from pubsub_devtools.model.field_type import FieldType, Record, Ref, Unknown

__all__: list[str] = []


class Enclosing(msgspec.Struct, frozen=True):
    """The records around a type, innermost first."""

    record: Record
    outer: Enclosing | None


class At(msgspec.Struct, frozen=True):
    """A type and where it stands, so that a `Ref` in it can be followed."""

    type: FieldType
    around: Enclosing | None = None

    def to(self, inner: FieldType) -> At:
        """Return a part of this type."""
        return At(inner, self.around)

    def followed(self) -> At:
        """Return the record that a `Ref` refers to; any other type is itself."""
        if not isinstance(self.type, Ref):
            return self
        around = self.around
        while around is not None and around.record.name != self.type.name:
            around = around.outer
        return At(Unknown(self.type.name)) if around is None else At(around.record, around.outer)

    def fields(self, record: Record) -> Enclosing:
        """Return what is around the fields of this record."""
        return Enclosing(record, self.around)


def joined(path: str, name: str) -> str:
    """Return the path of a field of what is at a path."""
    return f"{path}.{name}" if path else name
