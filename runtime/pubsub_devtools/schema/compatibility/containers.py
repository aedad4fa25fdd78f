"""The layer of types that are made of others: unions, arrays, tuples, maps."""

from __future__ import annotations

from collections.abc import Iterable

from pubsub_devtools.model.field_type import (
    Array,
    Choice,
    ChoiceValue,
    FieldType,
    Limits,
    Map,
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
        match w.type, r.type:
            case Array(), Array():
                return [
                    *self.of(w.to(w.type.items), r.to(r.type.items), path),
                    *self.lengths(w.type, r.type, path),
                ]
            case Tuple(items=written), Tuple(items=read) if len(written) == len(read):
                pairs = zip(written, read, strict=True)
                return [found for a, b in pairs for found in self.of(w.to(a), r.to(b), path)]
            case Tuple(items=written), Array(items=read, limits=limits):
                exact = Limits(min_length=len(written), max_length=len(written))
                inner = [found for item in written for found in self.of(w.to(item), r.to(read), path)]
                return [*inner, *self.limits(exact, limits, path)]
            case ((Array() | Tuple()), Tuple()):
                return (self.typed("length", w.type, r.type, path),)
            case Map(), Map():
                return [
                    *self.of(w.to(w.type.key), r.to(r.type.key), path),
                    *self.of(w.to(w.type.value), r.to(r.type.value), path),
                    *self.limits(w.type.limits, r.type.limits, path),
                ]
            case _:
                return (self.typed("null" if w.type == NULL else "type", w.type, r.type, path),)

    def lengths(self, w: Array, r: Array, path: str) -> Iterable[Difference]:
        collapses = r.of == "set" and w.of != "set" and (r.limits.min_length or 0) > 1
        written = Limits(max_length=w.limits.max_length) if collapses else w.limits
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
