"""What a graph says of each file: the sites whose text stands in it, the fields used there, the schemas declared there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools_analysis.queries.tasks import TASKS

if TYPE_CHECKING:
    from pubsub_devtools.model import EventGraph, FieldUse, Kind, Place, SchemaVersion, Site


class Region(msgspec.Struct, frozen=True):
    """A stretch of code that is a site, or registers one."""

    place: Place
    role: Kind
    site: str
    event: str
    sure: bool


class Used(msgspec.Struct, frozen=True):
    """A field that a site reads or gives."""

    use: FieldUse
    region: Region


class Shape(msgspec.Struct, frozen=True):
    """A schema and the events that it is declared for."""

    schema: SchemaVersion
    events: tuple[str, ...]


class FileView(msgspec.Struct):
    """All that a graph says of one file. `handlers` are functions by where their definitions begin."""

    regions: list[Region] = []
    handlers: dict[tuple[int, int], list[Region]] = {}
    parameters: dict[tuple[int, int], set[str]] = {}
    fields: list[Used] = []
    shapes: list[Shape] = []


def by_file(graph: EventGraph) -> dict[str, FileView]:
    """The files of this repository that a graph speaks of."""
    views: defaultdict[str, FileView] = defaultdict(FileView)
    for site in graph.sites:
        if not site.origin:
            _put(views, site)
    shapes: defaultdict[SchemaVersion, list[str]] = defaultdict(list)
    for event in graph.events:
        for schema in event.schemas:
            if schema.place.path and not schema.inferred:
                shapes[schema].append(event.id)
    for schema, events in shapes.items():
        views[schema.place.path].shapes.append(Shape(schema, tuple(events)))
    return dict(views)


def _put(views: defaultdict[str, FileView], site: Site) -> None:
    region = Region(site.place, site.kind, site.id, site.event, site.certainty == "sure")
    view = views[site.place.path]
    if site.kind == "handle":  # perhaps a call that consumes: then no function begins there
        at = (site.place.line, site.place.column)
        view.handlers.setdefault(at, []).append(region)
        if site.dialect in TASKS:
            view.parameters.setdefault(at, set()).update(each.name for each in site.takes or ())
    if site.kind != "handle" or site.registered == site.place:
        view.regions.append(region)
    if site.registered is not None and site.registered != site.place:
        views[site.registered.path].regions.append(msgspec.structs.replace(region, place=site.registered))
    for use in (*site.keys, *site.reads):
        views[use.place.path].fields.append(Used(use, region))
