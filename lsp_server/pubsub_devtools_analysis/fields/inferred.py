"""Schemas of events that nothing declares: the union of what their publishers give. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from pubsub_devtools.model import Event, Field, FieldUse, SchemaVersion, Site
from pubsub_devtools.model.field_type import Record, RecordField
from pubsub_devtools.schema.from_annotations import annotation_type
from pubsub_devtools.schema.unions import union_of


def inferred(event: Event, sites: Iterable[Site]) -> Event:
    """An event, without a declared schema with the one that its publishers make; tests do not count."""
    publishers = [s for s in sites if s.kind == "publish" and s.keys and not (s.in_tests or s.origin)]
    if event.schemas or not publishers:
        return event
    return msgspec.structs.replace(event, schemas=(_schema(event, publishers),))


def _schema(event: Event, publishers: Sequence[Site]) -> SchemaVersion:
    uses: defaultdict[str, list[FieldUse]] = defaultdict(list)
    for site in publishers:
        for use in site.keys:
            if "." not in use.name:
                uses[use.name].append(use)
    every = len(publishers)
    record = Record(
        event.name,
        tuple(_field(name, found, is_always=len(found) == every) for name, found in uses.items()),
        "allow" if any(site.open for site in publishers) else "ignore",
    )
    fields = tuple(Field(f.name, _words(uses[f.name]), f.required) for f in record.fields)
    return SchemaVersion("", publishers[0].place, fields=fields, type=record, inferred=True)


def _field(name: str, uses: Sequence[FieldUse], *, is_always: bool) -> RecordField:
    types = dict.fromkeys(annotation_type(use.type) if use.type else None for use in uses)
    known = [each for each in types if each is not None]
    type_ = union_of(known) if known and len(known) == len(types) else annotation_type("Any")
    return RecordField(name, type_, required=is_always)


def _words(uses: Sequence[FieldUse]) -> str:
    words = dict.fromkeys(use.type for use in uses)
    return "" if "" in words else " | ".join(words)
