"""Which dotted paths stand for events, by a graph alone: so that two graphs can be told apart without reading a file."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.queries.tasks import TASKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pubsub_devtools.model import Event, EventGraph

BY_PATH = frozenset({"celery", "django_signal", "blinker"})
"""Dialects that name events by the path of what stands for them, also where a library defines it."""

_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+\Z")


class Symbols:
    """The dotted paths of classes, constants and signals, and the names, that stand for events."""

    def __init__(self, graph: EventGraph) -> None:
        paths: defaultdict[str, set[str]] = defaultdict(set)
        for event in graph.events:
            for path in _paths_of(event):
                paths[path].add(event.id)
        self.events = {event.id: event for event in graph.events}
        self.by_path = {path: tuple(sorted(ids)) for path, ids in paths.items()}
        self.functions = _functions(graph)
        self.named = self._named()

    def _named(self) -> dict[str, tuple[str, ...]]:
        """Events by their whole names."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for event in self.events.values():
            found[event.name].add(event.id)
        return {name: tuple(sorted(ids)) for name, ids in found.items()}

    def words(self, is_module: Callable[[str], bool]) -> dict[str, set[str]]:
        """The last part of each path that code can write, with the paths that end in it.

        Args:
            is_module: whether a dotted name is a module of the workspace: `orders.placed` may be a topic's name as well.
        """
        found: defaultdict[str, set[str]] = defaultdict(set)
        for path, ids in self.by_path.items():
            is_topic = all(
                path == e.name and not BY_PATH.intersection(e.dialects)
                for e in map(self.events.get, ids)
                if e
            )
            if _DOTTED.match(path) and not (is_topic and not _is_inside(path, is_module)):
                found[path.rpartition(".")[2]].add(path)
        for path, name in self.functions:
            found[name.rpartition(".")[2]].add(f"{_module(path)}.{name}")
        return dict(found)

    def changed_words(self, other: Symbols) -> set[str]:
        """The words that stand for something else in another graph."""
        paths = {p for p, _ in self.by_path.items() ^ other.by_path.items()}
        functions = {key for key, _ in self.functions.items() ^ other.functions.items()}
        return {p.rpartition(".")[2] for p in paths} | {name.rpartition(".")[2] for _, name in functions}


def _paths_of(event: Event) -> set[str]:
    """What code may call an event by: its name where that is a path, its aliases, its schemas."""
    return {event.name, *event.aliases, *(schema.symbol for schema in event.schemas)} - {""}


def _is_inside(path: str, is_module: Callable[[str], bool]) -> bool:
    """Whether a path leads into a module of the workspace: `shop.orders.Order.Placed` into `shop.orders`."""
    parts = path.split(".")
    return any(is_module(".".join(parts[:count])) for count in range(1, len(parts)))


def _functions(graph: EventGraph) -> dict[tuple[str, str], tuple[str, ...]]:
    """By file and qualified name the functions, and classes with such a method, that are events themselves."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for site in graph.sites:
        if site.kind == "handle" and site.dialect in TASKS and not site.origin:
            owner, _, method = site.symbol.rpartition(".")
            is_class = owner and method in ("run", "perform", "__call__")
            found[site.place.path, owner if is_class else site.symbol].add(site.event)
    return {key: tuple(sorted(ids)) for key, ids in found.items()}


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
