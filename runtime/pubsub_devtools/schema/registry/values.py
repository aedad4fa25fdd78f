"""What a registry holds and answers: values only, so that every backend, the HTTP API and the commands speak of the same."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from pubsub_devtools.schema.compatibility.modes import Incompatibility, Mode

__all__ = ["Check", "Reference", "Registered", "Schema", "SchemaType", "VersionOf"]

SchemaType: TypeAlias = Literal["JSON", "AVRO", "PROTOBUF"]
"""The languages of schemas, under the names that Confluent's API gives them."""

VersionOf: TypeAlias = int | str
"""Which version of a subject: its number (1, 2, ...), its label (``"2.0.0"``), or ``"latest"``."""


class Reference(msgspec.Struct, frozen=True):
    """A schema that another one uses: ``name`` is how its text refers to it, the rest where it is registered."""

    name: str
    subject: str
    version: int


class Schema(msgspec.Struct, frozen=True):
    """The text of a schema and what it is written in."""

    text: str
    type: SchemaType = "JSON"
    references: tuple[Reference, ...] = ()


class Registered(msgspec.Struct, frozen=True):
    """A schema in its place.

    ``number`` counts the versions of the subject from 1, ``id`` is the schema's own over all subjects: equal schemas share
    it. ``label`` is the event's declared version, empty for schemas that declare none. ``registered`` is in seconds since
    1970. What is ``deleted`` is no longer found, but its number and id are never given again.
    """

    subject: str
    number: int
    id: int
    schema: Schema
    label: str = ""
    registered: float = 0.0
    deleted: bool = False

    @property
    def version(self) -> str:
        """The label, else the number."""
        return self.label or str(self.number)


class Check(msgspec.Struct, frozen=True):
    """What a subject's mode says of a schema: true where it may be registered.

    ``problems`` refuse it; ``notes`` tell what hangs on the format or the writer. ``against`` in both is an index into
    ``history``, the versions that it was held against.
    """

    subject: str
    mode: Mode
    history: tuple[str, ...] = ()
    problems: tuple[Incompatibility, ...] = ()
    notes: tuple[Incompatibility, ...] = ()

    def __bool__(self) -> bool:
        return not self.problems

    def lines(self) -> tuple[str, ...]:
        """Return the problems in words, each with the version that it is about."""
        return tuple(self._line(found) for found in self.problems)

    def _line(self, found: Incompatibility) -> str:
        return f"{found.direction} with {self.history[found.against]}: {found.difference.text}"
