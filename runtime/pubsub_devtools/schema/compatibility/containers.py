"""The layer of types that are made of others: unions, arrays, tuples, maps."""

from __future__ import annotations

from collections.abc import Iterable

from pubsub_devtools.model.field_type import (
    Array,
    Choice,
    ChoiceValue,
    Collection,
    FieldType,
    Limits,
    Map,
    Record,
    Scalar,
    Tuple,
)
from pubsub_devtools.schema.compatibility.difference import Difference
from pubsub_devtools.schema.compatibility.place import At
from pubsub_devtools.schema.compatibility.values import Values
from pubsub_devtools.schema.unions import NULL

__all__: list[str] = []


class Containers(Values):
    """Compares unions and collections; their items are at the same path, for indexes vanish."""

    def containers(self, w: At, r: At, path: str) -> Iterable[Difference]:
        """Compare collections; whatever is none is of another kind."""
        written, read = _placed(w), _placed(r)
        match w.type, r.type:
            case Array(), Array():
                items = [*self.of(w.to(w.type.items), r.to(r.type.items), path)]
                if w.type.of != r.type.of and not self.rules.validates:
                    # All are the same in a message, but code may index a list and cannot index a set.
                    items.append(self.typed("type", w.type, r.type, path, "risky"))
                return [*items, *self.lengths(w.type.of, w.type.limits, r.type, path)]
            case Map(), Map():
                return [
                    *self.of(w.to(w.type.key), r.to(r.type.key), path),
                    *self.of(w.to(w.type.value), r.to(r.type.value), path),
                    *self.limits(w.type.limits, r.type.limits, path),
                ]
            case _, Array() if written is not None:
                exact = Limits(min_length=len(written), max_length=len(written))
                items = [found for item in written for found in self.of(item, r.to(r.type.items), path)]
                return [*items, *self.lengths("tuple", exact, r.type, path)]
            case _ if (
                written is not None and read is not None and _least(r.type) <= len(written) <= len(read)
            ):
                pairs = zip(written, read, strict=False)
                return [found for item, taken in pairs for found in self.of(item, taken, path)]
            case _ if (written is not None or isinstance(w.type, Array)) and read is not None:
                return (self.typed("length", w.type, r.type, path),)
            case _:
                return (self.typed("null" if w.type == NULL else "type", w.type, r.type, path),)

    def lengths(self, of: Collection, written: Limits, r: Array, path: str) -> Iterable[Difference]:
        """Compare how many items there are; equal ones become one where a set is read."""
        if r.of == "set" and of != "set":
            written = Limits(min_length=min(written.min_length or 0, 1), max_length=written.max_length)
        return self.limits(written, r.limits, path)

    def into_union(self, w: At, r: At, members: tuple[FieldType, ...], path: str) -> Iterable[Difference]:
        """Compare with a reader that takes any of several types; where several come near, together they may take all."""
        attempts = [self.of(w, r.to(member), path) for member in members]
        refused = self.refused(w, r, members)
        if refused == [] or not all(attempts):
            return ()
        near = [attempt for attempt in attempts if not _wholly_other(attempt, path)]
        if perhaps := [attempt for attempt in near if all(found.severity == "risky" for found in attempt)]:
            return perhaps[0]
        if refused and (near or refused != list(_values(w.type) or ())):
            return self.untaken(refused, path)
        if not near:
            return (self.typed("null" if w.type == NULL else "type", w.type, r.type, path),)
        return near[0] if len(near) == 1 else (self.typed("union", w.type, r.type, path, "risky"),)

    def refused(self, w: At, r: At, members: tuple[FieldType, ...]) -> list[ChoiceValue] | None:
        """Return the values that no member takes, of a writer whose values can be counted; nothing for any other."""
        values = _values(w.type)
        if values is None:
            return None
        return [v for v in values if all(self.of(w.to(Choice((v,))), r.to(member)) for member in members)]


def _values(type_: FieldType) -> tuple[ChoiceValue, ...] | None:
    if type_ == Scalar("bool"):
        return (False, True)
    return type_.values if isinstance(type_, Choice) else None


def _wholly_other(found: tuple[Difference, ...], path: str) -> bool:
    return any(
        one.path == path and one.code in {"type", "null"} and one.severity == "breaking" for one in found
    )


def _placed(at: At) -> list[At] | None:
    """Return the items of what has a fixed number of them."""
    match at.type:
        case Tuple(items=items):
            return [at.to(item) for item in items]
        case Record(fields=fields, positional=True):
            around = at.fields(at.type)
            return [At(field.type, around) for field in fields]
        case _:
            return None


def _least(type_: FieldType) -> int:
    """Return how many items must be given."""
    if isinstance(type_, Record):
        return sum(field.required for field in type_.fields)
    return len(type_.items) if isinstance(type_, Tuple) else 0
