"""Names that nothing answers to: misspelt ones, and events that have lost their other side."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pubsub_devtools.model import Event, Kind, Place, Site
from tests.bench.seeding.ground import Ground, Seed
from tests.bench.seeding.text import Edit, Function, misspelt, without_lines

_TASKS = {"celery", "dramatiq", "taskiq", "arq"}
_OBJECTS = _TASKS | {"django_signal", "blinker", "eventsourcing"}
_SIGNALS = {"django_signal", "blinker"}


def misspelt_events(ground: Ground) -> Iterator[Seed]:
    """PSD001: one letter pair swapped in the text that names an event with both sides."""
    for site in (*ground.publishers(), *ground.handlers()):
        event = ground.context.index.events[site.event]
        if event.transport in _OBJECTS or event.pattern or not _has_both(ground, event):
            continue
        wrong, place = misspelt(event.name), _registered(site)
        for node in _texts(ground, place, event.name) if wrong and ground.is_open(place.path) else ():
            edit = Edit(ground.span(place.path, node), f'"{wrong}"')
            told = site.place if site.kind == "publish" else _told_of_handler(ground, site)
            if told is not None:
                yield from ground.across("PSD001", place.path, told, f"{event.name} is {wrong}", [edit])
            break


def _told_of_handler(ground: Ground, site: Site) -> Place | None:
    """Where a misspelt handler is told: at the publisher, where that has no other handler."""
    publishers = ground.context.sites(site.event, "publish")
    if not _is_alone(ground, site):
        return site.place
    return publishers[0].place if len(publishers) == 1 else None


def lost_handlers(ground: Ground) -> Iterator[Seed]:
    """PSD002: the only handler of an event is no longer registered, where handlers of the transport live here."""
    for handler in ground.handlers():
        event = ground.context.index.events[handler.event]
        publishers = ground.context.sites(event.id, "publish")
        sure = all(site.certainty == "sure" for site in publishers)
        if (
            event.origin != "workspace"
            or event.transport in _TASKS
            or not (publishers and sure and _is_alone(ground, handler))
        ):
            continue
        around = [site.place.path for site in publishers]
        if not _is_custom(ground, event) or ground.context.balance.hides(event, "handle", around):
            continue
        path = _registered(handler).path
        edit = _unregistered(ground, handler)
        if edit and ground.is_open(path):
            first = publishers[0].place
            yield from ground.across("PSD002", path, first, f"nobody handles {event.name}", [edit])


def lost_publishers(ground: Ground) -> Iterator[Seed]:
    """PSD003: the only publisher of a signal that is declared here is taken out."""
    for publisher in ground.publishers():
        event = ground.context.index.events[publisher.event]
        handlers = ground.context.sites(event.id, "handle")
        statement = ground.statement(publisher.place)
        is_ours = event.transport in _SIGNALS and bool(ground.context.sites(event.id, "declare"))
        sure = [site for site in handlers if site.certainty == "sure"]
        if statement is None or not sure or not is_ours or not _is_alone(ground, publisher):
            continue
        around = [site.place.path for site in handlers]
        if ground.sends_by_text or ground.context.balance.hides(event, "publish", around):
            continue
        path = publisher.place.path
        edit = Edit(ground.span(path, statement), "pass")
        yield from ground.across("PSD003", path, sure[0].place, f"nobody publishes {event.name}", [edit])


def misspelt_tasks(ground: Ground) -> Iterator[Seed]:
    """PSD019: the text that names a task is misspelt, or a task is sent by such a text in place of its object."""
    for site in ground.publishers("celery"):
        event = ground.context.index.events[site.event]
        handlers = ground.context.sites(event.id, "handle")
        if not handlers or any(site.place in (h.registered, h.place) for h in handlers):
            continue  # a decorator that also schedules names both
        wrong = misspelt(event.name)
        for node in _texts(ground, site.place, event.name) if wrong else ():
            edit = Edit(ground.span(site.place.path, node), f'"{wrong}"')
            yield from ground.seed("PSD019", site.place.path, site.place.line, f"{wrong} is sent", [edit])
            break


def _has_both(ground: Ground, event: Event) -> bool:
    return all(
        any(site.certainty == "sure" for site in ground.context.sites(event.id, kind))
        for kind in ("publish", "handle")
    )


def _is_alone(ground: Ground, site: Site) -> bool:
    """Whether a site is the only one of its side, tests and links included."""
    index = ground.context.index
    reached = index.publishers(site.event) if site.kind == "publish" else index.handlers(site.event)
    return [reach.site.id for reach in reached] == [site.id] and not site.evidence


def _is_custom(ground: Ground, event: Event) -> bool:
    """Whether, with one handler gone, still four events of the transport and 80 % of those published have both sides."""
    sides: dict[str, set[Kind]] = {}
    for each in ground.events():
        if each.transport == event.transport:
            kinds: tuple[Kind, Kind] = ("publish", "handle")
            sides[each.id] = {k for k in kinds if ground.context.sites(each.id, k)}
    both = sum(len(kinds) == 2 for kinds in sides.values()) - 1
    return both >= 4 and both >= 0.8 * sum("publish" in kinds for kinds in sides.values())


def _registered(site: Site) -> Place:
    return site.registered if site.registered is not None else site.place


def _texts(ground: Ground, place: Place, name: str) -> Iterator[ast.Constant]:
    """The literals at a place that are a name; those of decorators too."""
    for node in ast.walk(ground.tree(place.path)):
        if isinstance(node, ast.Constant) and node.value == name:
            line, end = node.lineno, node.end_lineno or node.lineno
            if place.line <= line and end <= place.end_line:
                yield node


def _unregistered(ground: Ground, site: Site) -> Edit | None:
    """What ends a subscription: its decorator goes, or the statement that makes it."""
    place = _registered(site)
    function = ground.function(site)
    for decorator in function.decorator_list if isinstance(function, Function) else ():
        if ground.span(site.place.path, decorator)[:2] == (place.line, place.column):
            return without_lines(decorator.lineno, decorator.end_lineno or decorator.lineno)
    statement = ground.statement(place)
    return None if statement is None else Edit(ground.span(place.path, statement), "pass")
