"""`readable`: can what one version writes be read by another?

The reader is taken to read JSON strictly, as ``model_validate_json(data, strict=True)`` does: numbers are not made from
text. What is readable so is readable to a lax reader too. Left out: validators, and floats that are no numbers, which
pydantic writes as ``null``.
"""

from __future__ import annotations

from collections.abc import Iterable

from pubsub_devtools.model.field_type import Anything, Choice, FieldType, Map, Record, Scalar, Union, Unknown
from pubsub_devtools.schema.compatibility.difference import Difference
from pubsub_devtools.schema.compatibility.place import At
from pubsub_devtools.schema.compatibility.records import Records
from pubsub_devtools.schema.compatibility.rules import WIRE, Rules
from pubsub_devtools.schema.compatibility.words import Older

__all__ = ["Comparison", "readable"]


def readable(writer: FieldType, reader: FieldType, *, older: Older = "writer") -> tuple[Difference, ...]:
    """Return what keeps a reader from reading what a writer writes; nothing where it reads all of it.

    Args:
        writer: The type of what is written.
        reader: The type that it is read as.
        older: Which of them is the old version, for the words.

    Returns:
        The differences, each at the path of its field. ``breaking``: some message that the writer may write is refused.
        ``risky``: it cannot be told, or it depends on the format or on how the message was written.

    Example:
        >>> from pubsub_devtools.schema.from_annotations import ModuleNames
        >>> names = ModuleNames('''
        ... class Old(BaseModel):
        ...     total: str
        ... class New(BaseModel):
        ...     total: int
        ...     note: str = ""
        ... ''')
        >>> [found.text for found in readable(names.type("Old"), names.type("New"))]
        ['`total` was str, is int']
        >>> readable(Scalar("int"), Scalar("float"))
        ()
    """
    return Comparison(WIRE, older).of(At(writer), At(reader))


class Comparison(Records):
    """The whole comparison: it sends each pair of types to the layer that compares such.

    It remembers which pairs it is inside, so that recursion ends.
    """

    def __init__(self, rules: Rules, older: Older) -> None:
        super().__init__(rules, older)
        self.inside: set[tuple[int, int]] = set()

    def of(self, writer: At, reader: At, path: str = "") -> tuple[Difference, ...]:
        """Return the differences, each once, in the order of the reader's fields."""
        w, r = writer.followed(), reader.followed()
        pair = id(w.type), id(r.type)
        if pair in self.inside:
            return ()  # a recursive type is readable where nothing else in it is not
        self.inside.add(pair)
        try:
            return tuple(dict.fromkeys(self.between(w, r, path)))
        finally:
            self.inside.discard(pair)

    def between(self, w: At, r: At, path: str) -> Iterable[Difference]:
        """Return the differences of two types that are no references."""
        match w.type, r.type:
            case _, Anything():
                return ()
            case Union(members=members), _:
                return [found for member in members for found in self.of(w.to(member), r, path)]
            case _, Union(members=members):
                return self.into_union(w, r, members, path)
            case (Anything() | Unknown(), _) | (_, Unknown()):
                return () if w.type == r.type else (self.unknown(w.type, r.type, path),)
            case Scalar() | Choice(), Scalar() | Choice():
                return self.values(w.type, r.type, path)
            case Record(), Record() if not (
                self.rules.validates and (w.type.positional or r.type.positional)
            ):
                return list(self.fields(w, w.type, r, r.type, path))
            case Record(positional=False), Map() if self.rules.validates:
                return self.record_as_map(w, w.type, r, r.type, path)
            case Map(), Record(positional=False) if self.rules.validates:
                return self.map_as_record(w, w.type, r, r.type, path)
            case _:
                return self.containers(w, r, path)
