"""Which rows a request means, and what is told of those that stand in its way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pubsub_devtools.schema.compatibility.modes import Incompatibility, Mode
from pubsub_devtools.schema.registry.store import Rows
from pubsub_devtools.schema.registry.values import Reference, Registered, Schema
from pubsub_devtools.schema.serving import errors
from pubsub_devtools.schema.serving.schemas import Resolve, kept

__all__: list[str] = []


def number_of(version: str) -> int:
    if version in ("latest", "-1"):
        return -1
    if not version.isascii() or not version.isdigit() or not 0 < int(version) < 2**31:
        raise errors.invalid_version(version)
    return int(version)


def rows_of(rows: Rows, subject: str, *, deleted: bool) -> list[Registered]:
    found = [row for row in rows.of(subject) if deleted or not row.deleted]
    if not found:
        raise errors.no_subject(subject)
    return found


def row_of(known: Sequence[Registered], number: int) -> Registered:
    if number < 0:
        return known[-1]
    for row in known:
        if row.number == number:
            return row
    raise errors.no_version(number)


def chosen(
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
    row = row_of(living if number < 0 else known, number)
    if permanent and not row.deleted:
        raise errors.version_not_deleted(subject, row.number)
    if not permanent and row.deleted:
        raise errors.version_deleted(subject, row.number)
    return [row]


def resolver(rows: Rows) -> Resolve:
    def resolve(reference: Reference) -> Schema | None:
        known = [row for row in rows.of(reference.subject) if not row.deleted]
        number = known[-1].number if reference.version < 0 and known else reference.version
        return next((row.schema for row in known if row.number == number), None)

    return resolve


def referring(rows: Rows, row: Registered) -> Iterable[Registered]:
    for name in rows.subjects():
        for other in rows.of(name):
            if not other.deleted and any(
                (one.subject, one.version) == (row.subject, row.number) for one in other.schema.references
            ):
                yield other


def are_equal(one: Schema, other: Schema, rows: Rows) -> bool:
    """Tell whether two schemas are one in their normal form."""
    if one.type != other.type or one.references != other.references:
        return False
    normal = [kept(schema, resolver(rows), normal=True) for schema in (one, other)]
    return normal[0] == normal[1]


def lines(found: Sequence[Incompatibility], living: Sequence[Registered], mode: Mode) -> Iterable[str]:
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


def details(found: Sequence[Incompatibility], living: Sequence[Registered], mode: Mode) -> str:
    return f"[{', '.join(lines(found, living, mode))}]"
