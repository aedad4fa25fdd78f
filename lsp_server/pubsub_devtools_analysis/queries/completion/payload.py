"""What is still missing of a payload: keyword arguments of an event's class or task, keys of a dict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pubsub_devtools.model import Event
from pubsub_devtools_analysis.queries.completion.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubsub_devtools_analysis.queries.brackets import Open
    from pubsub_devtools_analysis.queries.completion.complete import Asked


class Known(dict[str, tuple[str, bool]]):
    """The fields of an event by name: the type as it is written, and whether the field must be given."""


def known_fields(asked: Asked, event: Event) -> Known:
    """What is known of an event's payload: its newest schema, else what its handlers take and read, and others give."""
    found = Known()
    declared = [schema for schema in event.schemas if not schema.inferred]
    for schema in (declared or list(event.schemas))[-1:]:
        found.update({each.name: (each.type, each.required) for each in schema.fields})
    if declared:
        return found
    for reach in asked.index.handlers(event.id):
        for each in reach.site.takes or ():
            if not each.name.startswith("*"):
                found.setdefault(each.name, (each.type, each.required))
    for reach in (*asked.index.handlers(event.id), *asked.index.publishers(event.id)):
        for use in (*reach.site.reads, *reach.site.keys):
            found.setdefault(use.name, (use.type, False))
    return found


def keywords(asked: Asked, events: Iterable[Event], opened: Open) -> Iterator[Item]:
    """Keyword arguments that the open call has not been given yet."""
    for event in events:
        fields = known_fields(asked, event)
        by_place = sum(1 for each in opened.given if not each.name)
        names = [name for name in fields if "." not in name]
        done = {each.name for each in opened.given} | set(names[:by_place])
        for at, name in enumerate(names):
            if name not in done:
                yield _field(event, name, fields, f"{name}=", at)


def keys(asked: Asked, events: Iterable[Event], opened: Open) -> Iterator[Item]:
    """Keys that the open dict has not been given yet, with quotes where none are typed."""
    quote = "" if asked.typed.kind == "string" else '"'
    done = {each.name.strip("\"'") for each in opened.given}
    for event in events:
        fields = known_fields(asked, event)
        for at, name in enumerate(name for name in fields if "." not in name):
            if name not in done:
                yield _field(event, name, fields, f"{quote}{name}{quote}" + (": " if quote else ""), at)


def _field(event: Event, name: str, fields: Known, text: str, at: int) -> Item:
    written, is_required = fields[name]
    detail = written if is_required else f"{written} (optional)".strip()
    return Item(name, "field", text, detail, event.id, name, order=(int(not is_required), at))
