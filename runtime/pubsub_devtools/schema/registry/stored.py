"""`StoredRegistry`: everything that a registry promises, over any store."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools.schema.compatibility.contract import same_contract
from pubsub_devtools.schema.compatibility.modes import Mode, comparisons
from pubsub_devtools.schema.registry.errors import IncompatibleSchema, RegistryError, SchemaNotFound
from pubsub_devtools.schema.registry.event_schemas import document, event_type
from pubsub_devtools.schema.registry.evolution import Evolution
from pubsub_devtools.schema.registry.evolving import evolutions
from pubsub_devtools.schema.registry.finding import found
from pubsub_devtools.schema.registry.judging import Resolve, judged
from pubsub_devtools.schema.registry.protocol import SchemaRegistry, Subject
from pubsub_devtools.schema.registry.store import Rows, SchemaStore
from pubsub_devtools.schema.registry.subjects import asked, name_of
from pubsub_devtools.schema.registry.values import Check, Reference, Registered, Schema, VersionOf
from pubsub_devtools.schema.versions import is_older, version_rank

if TYPE_CHECKING:
    from pubsub_devtools.schema.event import BaseEvent

__all__ = ["DEFAULT_MODE", "StoredRegistry", "check_label", "is_registered", "known"]

DEFAULT_MODE: Mode = "BACKWARD"
"""As in Confluent's registry."""


class StoredRegistry:
    """A registry that judges by itself; `SchemaRegistry` tells what its methods promise.

    Args:
        store: Keeps the rows.
        clock: Returns the time in seconds since 1970.
        compatibility: The mode of subjects for which none is set.
    """

    def __init__(
        self,
        store: SchemaStore,
        *,
        clock: Callable[[], float] = time.time,
        compatibility: Mode = DEFAULT_MODE,
    ) -> None:
        comparisons(compatibility, 0)
        self._store = store
        self._clock = clock
        self._default: Mode = compatibility

    @property
    def store(self) -> SchemaStore:
        """What keeps the rows, for whoever offers them in another way, as the HTTP API does."""
        return self._store

    def register(self, subject: Subject, schema: Schema | None = None, *, version: str = "") -> Registered:
        """Add a schema to a subject; the same one again gives what is there."""
        name, new, label = asked(subject, schema, version)
        return self._store.change(lambda rows: self._registered(rows, name, new, label))

    def get(self, subject: Subject, version: VersionOf = "latest") -> Registered:
        """Return one version of a subject."""
        name = name_of(subject)
        return found(name, self.versions(name), version, self.subjects)

    def with_id(self, id: int) -> Registered:
        """Return the first registration of the schema with an id."""
        rows = self._store.read(lambda rows: rows.with_id(id))
        if not rows:
            raise SchemaNotFound(f"no schema has the id {id}")
        return rows[0]

    def subjects(self) -> tuple[str, ...]:
        """Return the names of all subjects that have a version, sorted."""

        def living(rows: Rows) -> tuple[str, ...]:
            return tuple(name for name in rows.subjects() if _living(rows.of(name)))

        return self._store.read(living)

    def versions(self, subject: Subject) -> tuple[Registered, ...]:
        """Return all versions of a subject, the oldest first."""
        name = name_of(subject)
        return _living(self._store.read(lambda rows: rows.of(name)))

    def latest(self, subject: Subject) -> Registered:
        """Return the newest version of a subject."""
        return self.get(subject)

    def check(self, subject: Subject, schema: Schema | None = None) -> Check:
        """Tell whether a schema could be registered now."""
        name, new, _ = asked(subject, schema)

        def check(rows: Rows) -> Check:
            return judged(name, self._mode(rows, name), new, _living(rows.of(name)), _resolving(rows))

        return self._store.read(check)

    def history(self, subject: Subject) -> tuple[Evolution, ...]:
        """Return each version of a subject with what it changed."""
        self.latest(subject)  # says what there is where the subject is not known
        return evolutions(self.versions(subject))

    def compatibility(self, subject: Subject | None = None) -> Mode:
        """Return the mode of a subject, or that of the whole registry."""
        name = "" if subject is None else name_of(subject)
        return self._store.read(lambda rows: self._mode(rows, name))

    def set_compatibility(self, mode: Mode, subject: Subject | None = None) -> None:
        """Set the mode of a subject, or of all that have none of their own."""
        comparisons(mode, 0)  # refuses what is no mode
        name = "" if subject is None else name_of(subject)
        self._store.change(lambda rows: rows.set_level(name, mode))

    def delete(
        self, subject: Subject, version: VersionOf | None = None, *, permanent: bool = False
    ) -> tuple[int, ...]:
        """Delete one version of a subject, or all, and return their numbers.

        Args:
            subject: The subject.
            version: Which one; None is all of them.
            permanent: Forget them altogether. Their numbers may then be given again, their ids never.

        Raises:
            SchemaNotFound: There is nothing to delete.
        """
        name = name_of(subject)
        chosen = self.versions(name) if version is None else (self.get(name, version),)
        if not chosen:
            found(name, (), "latest", self.subjects)

        def delete(rows: Rows) -> None:
            for row in chosen:
                rows.remove(row) if permanent else rows.put(msgspec.structs.replace(row, deleted=True))

        self._store.change(delete)
        return tuple(row.number for row in chosen)

    def _mode(self, rows: Rows, subject: str) -> Mode:
        return (rows.level(subject) if subject else None) or rows.level("") or self._default

    def _registered(self, rows: Rows, subject: str, schema: Schema, label: str) -> Registered:
        there = rows.of(subject)
        living = _living(there)
        if same := known(living, schema, label):
            return same
        check_label(subject, label, living)
        check = judged(subject, self._mode(rows, subject), schema, living, _resolving(rows))
        if not check:
            raise IncompatibleSchema.because(check, label)
        number = there[-1].number + 1 if there else 1
        id = rows.id_of(schema) or rows.new_id()
        row = Registered(subject, number, id, schema, label, self._clock())
        rows.put(row)
        return row


def is_registered(registry: SchemaRegistry, cls: type[BaseEvent]) -> bool:
    """Tell whether a class is registered as it is, under its own version (the latest where it has none).

    Raises:
        SchemaNotFound: Nothing is registered under that version.
    """
    name, schema, label = asked(cls, None)
    return _same(registry.get(name, label or "latest").schema, schema)


def _resolving(rows: Rows) -> Resolve:
    def resolve(reference: Reference) -> Schema | None:
        there = rows.of(reference.subject)
        return next((row.schema for row in there if row.number == reference.version), None)

    return resolve


def _living(rows: Sequence[Registered]) -> tuple[Registered, ...]:
    return tuple(row for row in rows if not row.deleted)


def known(rows: Sequence[Registered], schema: Schema, label: str) -> Registered | None:
    """Return the row that holds the same under the same label.

    Raises:
        RegistryError: The label holds another schema.
    """
    for row in rows:
        if row.label == label and _same(row.schema, schema):
            return row
        if label and row.label == label:
            text = (
                f"{row.subject} {label} is registered with another schema: give the changed one a new version"
            )
            raise RegistryError(text)
    return None


def _same(one: Schema, other: Schema) -> bool:
    if one == other:
        return True
    if one.type != other.type or one.references != other.references or one.type == "PROTOBUF":
        return False
    types = event_type(one), event_type(other)
    if types[0] is not None and types[1] is not None:
        return same_contract(types[0], types[1])
    return document(one) == document(other)


def check_label(subject: str, label: str, rows: Sequence[Registered]) -> None:
    """Refuse a label that is no version, or none that follows those there.

    Raises:
        RegistryError: It comes before one that is registered.
        ValueError: It is no version.
    """
    version_rank(label)  # refuses what is no version
    newest = max((row.label for row in rows), key=version_rank, default="")
    if label and newest and not is_older(newest, label):
        text = f"{subject} {label} comes before {newest}, which is registered: versions are registered in their order"
        raise RegistryError(text)
