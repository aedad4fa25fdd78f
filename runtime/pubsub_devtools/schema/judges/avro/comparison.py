"""Schema resolution as rules: what a reader's type makes of what is written with another."""

from __future__ import annotations

from pubsub_devtools.schema.judges.avro.reading import AvroError, Field, Type
from pubsub_devtools.schema.judges.difference import Finding, Place
from pubsub_devtools.schema.judges.recursion import Recursion

__all__: list[str] = []

PROMOTED = {
    "long": {"int"},
    "float": {"int", "long"},
    "double": {"int", "long", "float"},
    "bytes": {"string"},
    "string": {"bytes"},
}
"""Which types a reader's type takes besides its own."""


class Comparison:
    """Compares pairs of types; unions and records are walked, all else is looked up."""

    def __init__(self, *, old_writes: bool) -> None:
        self.w, self.r = ("old", "new") if old_writes else ("new", "old")
        self.recursion = Recursion()

    def of(self, w: Type, r: Type, place: Place) -> list[Finding]:
        return self.recursion.entered((id(w), id(r)), place.pointer, lambda: self.between(w, r, place))

    def between(self, w: Type, r: Type, place: Place) -> list[Finding]:
        if w.kind == "union":
            return self.each_of(w, r, place)
        if r.kind == "union":
            return self.any_of(w, r, place)
        if w.kind != r.kind:
            return self.promoted(w, r, place)
        match r.kind:
            case "array" | "map":
                step = "items" if r.kind == "array" else "values"
                return self.of(w.inner[0], r.inner[0], place.to(step))
            case "fixed":
                return [*self.names(w, r, place), *self.size(w, r, place), *self.logical(w, r, place)]
            case "enum":
                return [*self.names(w, r, place), *self.symbols(w, r, place)]
            case "record":
                found = self.names(w, r, place)
                for index, field in enumerate(r.fields):
                    found += self.field(w, field, place.named(field.name, "fields", index))
                return found
            case _:
                return self.logical(w, r, place)

    def each_of(self, w: Type, r: Type, place: Place) -> list[Finding]:
        """Compare each type of a writer's union."""
        return [
            found for index, member in enumerate(w.inner) for found in self.of(member, r, place.to(index))
        ]

    def any_of(self, w: Type, r: Type, place: Place) -> list[Finding]:
        """Compare with a reader's union, of which one type must take what is written."""
        near: list[list[Finding]] = []
        for index, member in enumerate(r.inner):
            inner = self.of(w, member, place.to(index))
            if not any(_refused(each) for each in inner):
                return inner
            if w.kind == member.kind and not any(each.kind == "NAME_MISMATCH" for each in inner):
                near.append(inner)
        told = ", ".join(member.spoken for member in r.inner)
        text = f"may be {w.spoken} in the {self.w} version, the {self.r} one takes only {told}"
        return [place.found("MISSING_UNION_BRANCH", text), *(near[0] if len(near) == 1 else [])]

    def promoted(self, w: Type, r: Type, place: Place) -> list[Finding]:
        if w.kind in PROMOTED.get(r.kind, ()):
            return self.logical(w, r, place)
        text = f"is {w.spoken} in the {self.w} version, {r.spoken} in the {self.r} one"
        return [place.found("TYPE_MISMATCH", text)]

    def names(self, w: Type, r: Type, place: Place) -> list[Finding]:
        if w.short == r.short or w.name in r.aliases:
            return []
        text = f"is called {w.name} in the {self.w} version, {r.name} in the {self.r} one; an alias would keep them one"
        return [place.to("name").found("NAME_MISMATCH", text)]

    def size(self, w: Type, r: Type, place: Place) -> list[Finding]:
        text = f"has {w.size} bytes in the {self.w} version, {r.size} in the {self.r} one"
        return [] if w.size == r.size else [place.to("size").found("FIXED_SIZE_MISMATCH", text)]

    def symbols(self, w: Type, r: Type, place: Place) -> list[Finding]:
        missing = [symbol for symbol in w.symbols if symbol not in r.symbols]
        if not missing or r.default is not None:
            return []
        text = (
            f"can be {', '.join(missing[:6])} in the {self.w} version, which the {self.r} one does not know"
        )
        return [place.to("symbols").found("MISSING_ENUM_SYMBOLS", text)]

    def field(self, w: Type, read: Field, place: Place) -> list[Finding]:
        written = self.written(w, read)
        if written is not None:
            return self.of(written.type, read.type, place.to("type"))
        if read.has_default:
            return []
        text = f"is not in the {self.w} version, and has no default in the {self.r} one"
        return [place.found("READER_FIELD_MISSING_DEFAULT_VALUE", text)]

    def written(self, w: Type, read: Field) -> Field | None:
        """Return the writer's field that a reader's is filled from: by its name or one of its aliases."""
        names = {read.name, *read.aliases}
        found = [field for field in w.fields if field.name in names]
        if len(found) > 1:
            raise AvroError(
                f"the field {read.name} may be filled from {' or '.join(each.name for each in found)}"
            )
        return found[0] if found else None

    def logical(self, w: Type, r: Type, place: Place) -> list[Finding]:
        """Note another meaning of the same bytes. Resolution looks at the underlying types alone."""
        if w.logical == r.logical:
            return []
        text = f"is {_meaning(w)} in the {self.w} version, {_meaning(r)} in the {self.r} one; the same bytes mean another thing"
        return [place.found("LOGICAL_TYPE_CHANGED", text, "compatible")]


def _refused(found: Finding) -> bool:
    return found.severity != "compatible"


def _meaning(type_: Type) -> str:
    logical = dict(type_.logical)
    name = logical.pop("logicalType", type_.kind)
    return f"{name}({', '.join(map(str, logical.values()))})" if logical else str(name)
