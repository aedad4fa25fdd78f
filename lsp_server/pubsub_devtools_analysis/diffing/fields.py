"""Which fields an event's messages gained and lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pubsub_devtools.model import Field
from pubsub_devtools.model.diff import FieldChange
from pubsub_devtools_analysis.diffing.judging import Case, at
from pubsub_devtools_analysis.diffing.parties import Parties, own
from pubsub_devtools_analysis.diffing.records import alike, is_known


class Lost(NamedTuple):
    """A field that is no longer given; ``by`` tells by whom, where others still give it; ``sure`` where all is seen."""

    name: str
    by: str
    sure: bool


def lost_keys(case: Case) -> Iterator[Lost]:
    """The fields that publishers gave and do not give any more."""
    if not case.head.publishers:
        return
    before, now = case.base.given(), case.head.given()
    for name in sorted(before.keys() - now.keys()):
        if not _is_given_otherwise(name, now):
            yield Lost(name, "", not case.head.is_open)
    for old, new in case.publishers.both:
        kept = {key.name for key in new.keys}
        for key in old.keys:
            if key.name in now and key.name not in kept and not _is_given_otherwise(key.name, kept):
                yield Lost(key.name, f" by {at(new)}", not new.open)


def _is_given_otherwise(name: str, now: Iterable[str]) -> bool:
    """Whether a part of the field is given, or the whole that it was a part of."""
    return any(each.startswith(f"{name}.") or name.startswith(f"{each}.") for each in now)


def changes(case: Case) -> tuple[FieldChange, ...]:
    """What became of the fields, by the schema, by the parameters of a task, or by what publishers give."""
    base, head = fields(case.base), fields(case.head)
    if base is None or head is None:
        return ()
    if case.head.is_open and not case.head.is_task and case.head.schema is None:
        head = {**{name: field for name, field in base.items() if name not in head}, **head}
    before, now = alike(base.values(), head.values())
    return tuple(
        _changes({f.name: f for f in before}, {f.name: f for f in now}, strict=case.head.schema is not None)
    )


def fields(each: Parties) -> dict[str, Field] | None:
    """The fields of an event's messages at one end; nothing where they cannot be told."""
    if each.schema is not None:
        return {field.name: field for field in each.schema.fields}
    if each.is_task:
        found = next((site.takes for site in own(each.handlers) if site.takes is not None), None)
        return None if found is None else {field.name: field for field in found}
    return {name: Field(name, type) for name, type in each.given().items()} if each.publishers else None


def _changes(before: dict[str, Field], now: dict[str, Field], *, strict: bool) -> Iterator[FieldChange]:
    for name in sorted(before.keys() | now.keys()):
        old, new = before.get(name), now.get(name)
        if old is None and new is not None:
            yield FieldChange(name, "gained", now=_words(new))
        elif new is None and old is not None:
            yield FieldChange(name, "lost", was=_words(old))
        elif old is not None and new is not None:
            typed = old.type != new.type and (strict or (is_known(old.type) and is_known(new.type)))
            if typed or old.required != new.required:
                yield FieldChange(name, "changed", _words(old), _words(new))


def _words(field: Field) -> str:
    return field.type if field.required else f"{field.type} = {field.default}".strip()
