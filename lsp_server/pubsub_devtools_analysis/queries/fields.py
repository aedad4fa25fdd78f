"""The fields of an event as a table: which publishers give each, and which handlers read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools.model import EventGraph, FieldUse, Place, Site
from pubsub_devtools_analysis.queries.index import GraphIndex

if TYPE_CHECKING:
    from collections.abc import Iterable


class Touch(msgspec.Struct, frozen=True):
    """One site that gives or reads a field, and where it does."""

    site: Site
    place: Place


class FieldRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field, with its type where it is declared or given."""

    name: str
    type: str = ""
    given: tuple[Touch, ...] = ()
    read: tuple[Touch, ...] = ()


class FieldTable(msgspec.Struct, frozen=True):
    """All fields of an event. ``open_publishers`` may give more, ``open_handlers`` may read more than is told here."""

    rows: tuple[FieldRow, ...] = ()
    open_publishers: tuple[Site, ...] = ()
    open_handlers: tuple[Site, ...] = ()


def field_table(graph: EventGraph, event: str) -> FieldTable:
    """The fields of the event with this id, declared ones first. Sites in tests are left out."""
    index = GraphIndex(graph)
    publishers = [reach.site for reach in index.publishers(event) if not reach.site.in_tests]
    handlers = [reach.site for reach in index.handlers(event) if not reach.site.in_tests]
    types = {field.name: field.type for schema in index.events[event].schemas for field in schema.fields}
    types |= {use.name: types.get(use.name) or use.type for site in publishers for use in site.keys}
    given = _by_name((site, use) for site in publishers for use in site.keys)
    read = _by_name((site, use) for site in handlers for use in site.reads)
    return FieldTable(
        tuple(
            FieldRow(name, types.get(name, ""), tuple(given.get(name, ())), tuple(read.get(name, ())))
            for name in [*types, *sorted(read.keys() - types.keys())]
        ),
        tuple(site for site in publishers if site.open),
        tuple(site for site in handlers if site.passed_whole_to),
    )


def _by_name(uses: Iterable[tuple[Site, FieldUse]]) -> dict[str, list[Touch]]:
    found: dict[str, list[Touch]] = {}
    for site, use in uses:
        found.setdefault(use.name, []).append(Touch(site, use.place))
    return found
