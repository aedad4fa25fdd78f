"""The layer of records: which field of the writer a reader takes for its own, and what is missing or too much."""

from __future__ import annotations

from collections.abc import Iterator

from pubsub_devtools.model.field_type import Choice, Limits, Map, Record, RecordField
from pubsub_devtools.schema.compatibility.containers import Containers
from pubsub_devtools.schema.compatibility.difference import Difference
from pubsub_devtools.schema.compatibility.place import At, joined
from pubsub_devtools.schema.compatibility.words import at, perhaps

__all__: list[str] = []


class Records(Containers):
    """Compares fields by their names."""

    def fields(self, w: At, written: Record, r: At, read: Record, path: str) -> Iterator[Difference]:
        inner_w, inner_r = w.fields(written), r.fields(read)
        used: set[str] = set()
        for field in read.fields:
            here = joined(path, field.name)
            given = self.given(field, written)
            if given is None:
                yield from self.absent(field, written, here)
                continue
            used.add(given.name)
            yield from self.presence(given, field, here)
            inner = self.of(At(given.type, inner_w), At(field.type, inner_r), here)
            yield from inner if _by_reader(given, field) else map(perhaps, inner)
        if read.extra == "forbid" and self.rules.validates:
            yield from self.surplus(written, used, path)

    def given(self, field: RecordField, written: Record) -> RecordField | None:
        """Return the writer's field that the reader takes for its own: by name, by its aliases, by the writer's alias."""
        by_name = {given.name: given for given in written.fields}
        for name in (*field.aliases, field.name):  # in the order in which pydantic looks
            if name in by_name:
                return by_name[name]
        names = {field.name, *field.aliases}
        return next((given for given in written.fields if names & set(given.aliases)), None)

    def absent(self, field: RecordField, written: Record, path: str) -> Iterator[Difference]:
        if written.open:
            yield self.found(
                "missing" if field.required else "unknown",
                path,
                f"{at(path)} is not declared in the {self.w} version, but may be among its extra fields",
                "risky",
            )
        elif not self.rules.validates:
            yield self.found("missing", path, f"{at(path)} is no longer given")
        elif field.required:
            text = f"the {self.r} version requires {at(path)}, which the {self.w} one does not give"
            yield self.found("missing", path, text)

    def presence(self, given: RecordField, field: RecordField, path: str) -> Iterator[Difference]:
        if not _by_reader(given, field):
            text = f"the {self.r} version finds {at(path)} only where the {self.w} one is written by alias"
            yield self.found("alias", path, text, "risky")
        expected = field.required if self.rules.validates else field.required or field.default
        filled = given.required or (given.default and not self.rules.validates)
        if expected and not filled:
            text = f"the {self.r} version requires {at(path)}, which the {self.w} one may leave out"
            yield self.found("may-be-missing", path, text, "risky" if given.default else "breaking")

    def surplus(self, written: Record, used: set[str], path: str) -> Iterator[Difference]:
        for given in written.fields:
            if given.name not in used:
                here = joined(path, given.name)
                yield self.found(
                    "extra", here, f"the {self.r} version refuses {at(here)}, which the {self.w} one gives"
                )
        if written.open:
            text = f"the {self.r} version refuses extra fields of {at(path)}, which the {self.w} one may give"
            yield self.found("extra", path, text, "risky")

    def record_as_map(self, w: At, written: Record, r: At, read: Map, path: str) -> Iterator[Difference]:
        around = w.fields(written)
        for given in written.fields:
            here = joined(path, given.name)
            yield from self.of(At(Choice((given.name,))), r.to(read.key), here)
            yield from self.of(At(given.type, around), r.to(read.value), here)
        if written.open or read.limits != Limits():
            yield self.unknown(written, read, path)

    def map_as_record(self, w: At, written: Map, r: At, read: Record, path: str) -> Iterator[Difference]:
        around = r.fields(read)
        for field in read.fields:
            here = joined(path, field.name)
            if field.required:
                text = f"the {self.r} version requires {at(here)}, which the {self.w} one may leave out"
                yield self.found("may-be-missing", here, text)
            yield from self.of(w.to(written.value), At(field.type, around), here)
        if read.extra == "forbid":
            yield self.found(
                "extra", path, f"the {self.r} version refuses fields of {at(path)} that it does not name"
            )


def _by_reader(given: RecordField, field: RecordField) -> bool:
    return given.name == field.name or given.name in field.aliases
