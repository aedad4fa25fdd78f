"""What the API does, over the rows that any of our registries keeps: every request is one piece of work of the store."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import msgspec

from pubsub_devtools.schema.compatibility.modes import Incompatibility, Mode, comparisons
from pubsub_devtools.schema.judges.difference import Policy
from pubsub_devtools.schema.registry.store import Rows, SchemaStore
from pubsub_devtools.schema.registry.values import Reference, Registered, Schema
from pubsub_devtools.schema.serving import errors
from pubsub_devtools.schema.serving.errors import Refused
from pubsub_devtools.schema.serving.judging import problems
from pubsub_devtools.schema.serving.schemas import Resolve, kept

__all__ = ["ACCESS", "Desk"]

T = TypeVar("T")

ACCESS = ("READWRITE", "READONLY")
"""Who may write; Confluent's registry also knows modes for moving registries."""


class Desk:
    """Answers for one store.

    Promises:
        - Equal schemas have one id, whoever registers them and however many at once.
        - A number of a subject is given once, until the subject is deleted for good; an id is never given again.
        - What is deleted softly keeps its id, so that messages that carry it can be read.

    Args:
        store: Keeps the rows.
        policy: Whether findings that only LENIENT policies take refuse a schema.
        clock: Returns the time in seconds since 1970.
        compatibility: The mode of subjects for which none is set.
    """

    def __init__(
        self,
        store: SchemaStore,
        *,
        policy: Policy = "STRICT",
        clock: Callable[[], float] = time.time,
        compatibility: Mode = "BACKWARD",
    ) -> None:
        comparisons(compatibility, 0)
        self.policy: Policy = policy
        self._store, self._clock, self._default = store, clock, compatibility
        self._access: dict[str, str] = {}
        self._lock = threading.Lock()

    def register(self, subject: str, schema: Schema, *, normal: bool = False) -> Registered:
        """Add a schema to a subject; an equal one that is there stays alone."""
        self._writable(subject)

        def register(rows: Rows) -> Registered:
            new = kept(schema, _resolver(rows), normal=normal)
            known = rows.of(subject)
            living = [row for row in known if not row.deleted]
            for row in reversed(living):
                if row.schema == new:
                    return row
            found = self._problems(rows, subject, new, living)
            if found:
                text = f'Schema being registered is incompatible with an earlier schema for subject "{subject}", details: '
                raise Refused(409, text + _details(found, living, self._mode(rows, subject)))
            number = known[-1].number + 1 if known else 1
            row = Registered(subject, number, rows.id_of(new) or rows.new_id(), new, "", self._clock())
            rows.put(row)
            return row

        return self._store.change(register)

    def lookup(self, subject: str, schema: Schema, *, deleted: bool, normal: bool = False) -> Registered:
        """Return where a schema is registered in a subject."""

        def lookup(rows: Rows) -> Registered:
            known = _of(rows, subject, deleted=deleted)
            wanted = kept(schema, _resolver(rows), normal=normal)
            for row in reversed(known):
                if row.schema in (wanted, schema) or _equal(row.schema, wanted, rows):
                    return row
            raise errors.no_schema()

        return self._store.read(lookup)

    def check(self, subject: str, schema: Schema, version: str | None, *, normal: bool) -> tuple[str, ...]:
        """Return what the subject's mode has against a schema, held against one version or all that it asks of."""

        def check(rows: Rows) -> tuple[str, ...]:
            new = kept(schema, _resolver(rows), normal=normal)
            living = [row for row in rows.of(subject) if not row.deleted]
            if version is not None:
                number = _number(version)
                living = living[-1:] if number < 0 else [row for row in living if row.number == number]
                if not living and number > 0:
                    raise errors.no_version(number)
            return tuple(
                _lines(self._problems(rows, subject, new, living), living, self._mode(rows, subject))
            )

        return self._store.read(check)

    def subjects(self, prefix: str, *, deleted: bool, deleted_only: bool) -> list[str]:
        """Return the subjects whose names begin with a prefix."""

        def listed(rows: Rows) -> list[str]:
            found: list[str] = []
            for name in rows.subjects():
                known = rows.of(name)
                gone = all(row.deleted for row in known)
                if known and name.startswith(prefix) and (gone if deleted_only else deleted or not gone):
                    found.append(name)
            return found

        return self._store.read(listed)

    def versions(
        self, subject: str, *, deleted: bool = False, deleted_only: bool = False
    ) -> list[Registered]:
        """Return the versions of a subject."""

        def versions(rows: Rows) -> list[Registered]:
            found = _of(rows, subject, deleted=deleted or deleted_only)
            return [row for row in found if row.deleted or not deleted_only]

        return self._store.read(versions)

    def version(self, subject: str, version: str, *, deleted: bool = False) -> Registered:
        """Return one version of a subject."""
        number = _number(version)
        return self._store.read(lambda rows: _one(_of(rows, subject, deleted=deleted), number))

    def with_id(self, id: int) -> list[Registered]:
        """Return where the schema of an id is registered, deleted ones included."""
        found = self._store.read(lambda rows: list(rows.with_id(id)))
        if not found:
            raise errors.no_schema(id)
        return found

    def all(self, prefix: str, *, latest: bool, deleted: bool) -> list[Registered]:
        """Return all versions of all subjects."""

        def every(rows: Rows) -> list[Registered]:
            found: list[Registered] = []
            for name in rows.subjects():
                if name.startswith(prefix):
                    known = [row for row in rows.of(name) if deleted or not row.deleted]
                    found += known[-1:] if latest else known
            return found

        return self._store.read(every)

    def referring(self, subject: str, version: str) -> list[int]:
        """Return the ids of the schemas that refer to a version."""
        row = self.version(subject, version)
        return self._store.read(lambda rows: sorted({other.id for other in _referring(rows, row)}))

    def delete(self, subject: str, version: str | None, *, permanent: bool) -> list[int]:
        """Delete a subject, or one version: softly, and once that is done for good."""
        self._writable(subject)
        number = None if version is None else _number(version)

        def delete(rows: Rows) -> list[int]:
            known = rows.of(subject)
            if not known:
                raise errors.no_subject(subject)
            chosen = _chosen(known, subject, number, permanent)
            for row in chosen:
                if any(True for _ in _referring(rows, row)):
                    raise errors.referred_to(subject, row.number)
            for row in chosen:
                rows.remove(row) if permanent else rows.put(msgspec.structs.replace(row, deleted=True))
            if number is None:
                rows.set_level(subject, None)
            return [row.number for row in chosen]

        return self._store.change(delete)

    def level(self, subject: str, *, or_global: bool = True) -> Mode:
        """Return the compatibility mode of a subject, or of all: ``""``."""

        def level(rows: Rows) -> Mode:
            own = rows.level(subject)
            if own is None and subject and not or_global:
                raise errors.no_level(subject)
            return own or self._mode(rows, "")

        return self._store.read(level)

    def set_level(self, subject: str, mode: Mode | None) -> Mode:
        """Set or forget a compatibility mode, and return it, or the one that was forgotten."""

        def change(rows: Rows) -> Mode:
            before = rows.level(subject)
            if mode is None and before is None and subject:
                raise errors.no_subject(subject)
            rows.set_level(subject, mode)
            return mode or before or self._default

        return self._store.change(change)

    def access(self, subject: str, *, or_global: bool = True) -> str:
        """Return who may write to a subject."""
        with self._lock:
            if subject and subject not in self._access and not or_global:
                raise errors.no_access(subject)
            return self._access.get(subject) or self._access.get("", ACCESS[0])

    def set_access(self, subject: str, access: str | None) -> str:
        """Set who may write to a subject, as long as the server runs, and return it, or what was forgotten."""
        if access is not None and access not in ACCESS:
            raise errors.invalid_access()
        with self._lock:
            before = self._access.pop(subject, None)
            if access is None and before is None and subject:
                raise errors.no_subject(subject)
            if access is not None:
                self._access[subject] = access
            return access or before or ACCESS[0]

    def resolver(self) -> Resolve:
        """Return what finds the schemas that others refer to."""
        return lambda reference: self._store.read(lambda rows: _resolver(rows)(reference))

    def _writable(self, subject: str) -> None:
        if self.access(subject) == "READONLY":
            raise errors.not_permitted(f"Subject {subject} is in read-only mode")

    def _mode(self, rows: Rows, subject: str) -> Mode:
        return (rows.level(subject) if subject else None) or rows.level("") or self._default

    def _problems(
        self, rows: Rows, subject: str, new: Schema, living: Sequence[Registered]
    ) -> tuple[Incompatibility, ...]:
        history = [row.schema for row in living]
        return problems(self._mode(rows, subject), new, history, _resolver(rows), self.policy)


def _number(version: str) -> int:
    if version in ("latest", "-1"):
        return -1
    if not version.isascii() or not version.isdigit() or not 0 < int(version) < 2**31:
        raise errors.invalid_version(version)
    return int(version)


def _of(rows: Rows, subject: str, *, deleted: bool) -> list[Registered]:
    found = [row for row in rows.of(subject) if deleted or not row.deleted]
    if not found:
        raise errors.no_subject(subject)
    return found


def _one(known: Sequence[Registered], number: int) -> Registered:
    if number < 0:
        return known[-1]
    for row in known:
        if row.number == number:
            return row
    raise errors.no_version(number)


def _chosen(
    known: Sequence[Registered], subject: str, number: int | None, permanent: bool
) -> list[Registered]:
    """Return what a request deletes: what lives, or for good what was deleted."""
    living = [row for row in known if not row.deleted]
    if number is None:
        if permanent and living:
            raise errors.subject_not_deleted(subject)
        if not permanent and not living:
            raise errors.subject_deleted(subject)
        return list(known) if permanent else living
    if number < 0 and not living:
        raise errors.no_subject(subject)
    row = _one(living if number < 0 else known, number)
    if permanent and not row.deleted:
        raise errors.version_not_deleted(subject, row.number)
    if not permanent and row.deleted:
        raise errors.version_deleted(subject, row.number)
    return [row]


def _resolver(rows: Rows) -> Resolve:
    def resolve(reference: Reference) -> Schema | None:
        known = [row for row in rows.of(reference.subject) if not row.deleted]
        number = known[-1].number if reference.version < 0 and known else reference.version
        return next((row.schema for row in known if row.number == number), None)

    return resolve


def _referring(rows: Rows, row: Registered) -> Iterable[Registered]:
    for name in rows.subjects():
        for other in rows.of(name):
            if not other.deleted and any(
                (one.subject, one.version) == (row.subject, row.number) for one in other.schema.references
            ):
                yield other


def _equal(one: Schema, other: Schema, rows: Rows) -> bool:
    """Tell whether two schemas are one in their normal form."""
    if one.type != other.type or one.references != other.references:
        return False
    normal = [kept(schema, _resolver(rows), normal=True) for schema in (one, other)]
    return normal[0] == normal[1]


def _lines(found: Sequence[Incompatibility], living: Sequence[Registered], mode: Mode) -> Iterable[str]:
    """Yield what answers say of incompatibilities, in the form in which clients of this API know them."""
    for index in dict.fromkeys(each.against for each in found):
        for each in found:
            if each.against == index:
                kind = getattr(each.difference, "kind", "") or each.difference.code.upper()
                yield f'{{errorType:"{kind}", description:"{each.difference.text} ({each.direction})"}}'
        yield f"{{oldSchemaVersion: {living[index].number}}}"
        yield f"{{oldSchema: '{living[index].schema.text}'}}"
    if found:
        yield f"{{compatibility: '{mode}'}}"


def _details(found: Sequence[Incompatibility], living: Sequence[Registered], mode: Mode) -> str:
    return f"[{', '.join(_lines(found, living, mode))}]"
