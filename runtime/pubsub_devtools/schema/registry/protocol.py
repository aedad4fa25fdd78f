"""`SchemaRegistry`: what every registry offers, whatever keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from pubsub_devtools.schema.compatibility.modes import Mode
from pubsub_devtools.schema.registry.evolution import Evolution
from pubsub_devtools.schema.registry.values import Check, Registered, Schema, VersionOf

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

__all__ = ["SchemaRegistry", "Subject"]

Subject: TypeAlias = "str | type[BaseEvent]"
"""A subject's name, or an event class: its name is the subject, its declared version the label."""


class SchemaRegistry(Protocol):
    """Schemas by subject, in the order of their registration, each judged by the subject's compatibility mode.

    Promises:
        - What is registered once stays as it is, under its number and its id.
        - Registering the same again changes nothing and gives what is there.
        - Judging and registering are one step: of two processes that register at once, the second is judged against
          the first.
    """

    def register(self, subject: Subject, schema: Schema | None = None, *, version: str = "") -> Registered:
        """Add a schema to a subject.

        Args:
            subject: An event class, which brings its schema and version, or a name.
            schema: The schema, where ``subject`` is a name.
            version: A label of the form ``MAJOR.MINOR.PATCH``, later than those there; for a class it is its own.

        Raises:
            IncompatibleSchema: The subject's mode refuses it, with reasons that name the field.
            RegistryError: The label is taken by another schema or not a later one, or the schema cannot be read.
        """
        ...

    def get(self, subject: Subject, version: VersionOf = "latest") -> Registered:
        """Return one version of a subject.

        Raises:
            SchemaNotFound: There is none; the message lists what there is.
        """
        ...

    def with_id(self, id: int) -> Registered:
        """Return the first registration of the schema with an id.

        Raises:
            SchemaNotFound: There is none.
        """
        ...

    def subjects(self) -> tuple[str, ...]:
        """Return the names of all subjects, sorted."""
        ...

    def versions(self, subject: Subject) -> tuple[Registered, ...]:
        """Return all versions of a subject, the oldest first; none for one that is not known."""
        ...

    def latest(self, subject: Subject) -> Registered:
        """Return the newest version of a subject.

        Raises:
            SchemaNotFound: There is none.
        """
        ...

    def check(self, subject: Subject, schema: Schema | None = None) -> Check:
        """Tell whether a schema could be registered now."""
        ...

    def history(self, subject: Subject) -> tuple[Evolution, ...]:
        """Return each version of a subject with what it changed.

        Raises:
            SchemaNotFound: The subject is not known.
        """
        ...

    def compatibility(self, subject: Subject | None = None) -> Mode:
        """Return the mode of a subject, its own or that of the whole registry; without a subject the latter."""
        ...

    def set_compatibility(self, mode: Mode, subject: Subject | None = None) -> None:
        """Set the mode of a subject, or of all that have none of their own. What is registered is not judged again."""
        ...
