"""Events by their names: in strings, as classes, constants and tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pubsub_devtools.model import Event
from pubsub_devtools_analysis.queries.completion.item import Item
from pubsub_devtools_analysis.queries.view import sites_in_words

if TYPE_CHECKING:
    from pubsub_devtools_analysis.queries.completion.complete import Asked
    from pubsub_devtools_analysis.queries.words import Callee


def as_strings(asked: Asked, callees: list[Callee]) -> Iterator[Item]:
    """The names of the events that are said by a string where such a call stands."""
    for event in _meant(asked, callees):
        if event.origin != "builtin" or _is_used(asked, event):
            yield _item(asked, event, event.name, "event", event.name)


def as_names(asked: Asked, callees: list[Callee]) -> Iterator[Item]:
    """Classes, constants and tasks that mean the events of such a call; imported where the file has not done so."""
    names = asked.words.names
    known = {event: name for name, events in names.items() for event in events}
    for event in _meant(asked, callees):
        if event.id in known:
            yield _item(asked, event, known[event.id], "class", known[event.id])
            continue
        symbol = _symbol(event)
        if symbol:
            name = symbol.rpartition(".")[2]
            yield _item(asked, event, name, "class", name, imports=symbol)


def _item(asked: Asked, event: Event, label: str, kind: str, text: str, imports: str = "") -> Item:
    sites = asked.index.sites_of(event.id)
    in_code = [site for site in sites if not site.in_tests]
    is_near = any(site.place.path == asked.path for site in sites)
    is_close = any(_folder(site.place.path) == _folder(asked.path) for site in sites)
    order = (0 if is_near else 1 if is_close else 2, int(bool(imports)), -len(in_code))
    detail = sites_in_words(in_code)
    return Item(
        label, "event" if kind == "event" else "class", text, detail, event.id, imports=imports, order=order
    )


def _meant(asked: Asked, callees: list[Callee]) -> Iterator[Event]:
    """The events of the transports that the calls are for."""
    dialects = {callee.dialect for callee in callees}
    transports = {
        event.transport for event in asked.index.graph.events if dialects.intersection(event.dialects)
    }
    for event in asked.index.graph.events:
        if event.transport in transports and not event.pattern:
            yield event


def _is_used(asked: Asked, event: Event) -> bool:
    return bool(asked.index.sites_of(event.id))


def _symbol(event: Event) -> str:
    """The dotted path of what means the event in code."""
    for schema in reversed(event.schemas):
        if "." in schema.symbol and not schema.inferred:
            return schema.symbol
    dotted = [
        each for each in (*event.aliases, event.name) if "." in each and each.replace(".", "").isidentifier()
    ]
    return (
        dotted[0]
        if dotted and event.transport in {"django_signal", "blinker", "celery", "custom_bus"}
        else ""
    )


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
