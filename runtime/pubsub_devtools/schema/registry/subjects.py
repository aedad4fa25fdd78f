"""What is asked of a registry: an event class stands for its name, its schema and its version."""

from __future__ import annotations

from typing import NamedTuple

from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.registry.errors import RegistryError
from pubsub_devtools.schema.registry.event_schemas import declared_version, event_schema_of
from pubsub_devtools.schema.registry.protocol import Subject
from pubsub_devtools.schema.registry.values import Schema

__all__ = ["Asked", "asked", "name_of"]


class Asked(NamedTuple):
    """A subject's name, a schema for it, and the label of that."""

    subject: str
    schema: Schema
    label: str


def name_of(subject: Subject) -> str:
    """Return the name of a subject."""
    return subject if isinstance(subject, str) else schema_of(subject).name


def asked(subject: Subject, schema: Schema | None, version: str = "") -> Asked:
    """Return what a caller means.

    Raises:
        RegistryError: A name came without a schema, or a class with a schema or version other than its own.
    """
    if isinstance(subject, str):
        if schema is None:
            raise RegistryError(
                f"{subject!r} came without a schema: give an event class, or a name and a Schema"
            )
        return Asked(subject, schema, version or declared_version(schema))
    about = schema_of(subject)
    if schema is not None or version not in ("", about.version):
        raise RegistryError(f"{subject.__qualname__} brings its own schema and version: give it alone")
    return Asked(about.name, event_schema_of(subject), about.version)
