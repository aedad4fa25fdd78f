"""What is other in one graph than in another, so that an edit is told in few bytes and takes a short time to apply.

It goes in pieces: a graph that is told for the first time would otherwise keep the server from answering while it is
decoded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from pubsub_devtools.model import Coverage, EventGraph
from pubsub_devtools.model.graph import Event, Flow, Link, Problem, Saga, Service, Site, Unnamed

_AT_ONCE = 200
"""Items of a piece: it decodes in about a millisecond."""

_KEYS: dict[str, Callable[[Any], object]] = {
    "events": lambda event: event.id,
    "sites": lambda site: site.id,
    "links": lambda link: (link.source, link.target, link.kind),
    "flows": lambda flow: (flow.handler, flow.publisher),
    "sagas": lambda saga: (saga.symbol, saga.place),
    "services": lambda service: (service.name, service.path),
    "unnamed": lambda site: (site.place, site.kind, site.dialect),
    "problems": lambda problem: (problem.path, problem.line, problem.code, problem.message),
}


class Piece(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """Items of the old graph that go, by their index, and items that come, each with its index in the new graph."""

    root: str
    coverage: Coverage
    gone: dict[str, tuple[int, ...]] = {}
    events: dict[int, Event] = {}
    sites: dict[int, Site] = {}
    links: dict[int, Link] = {}
    flows: dict[int, Flow] = {}
    sagas: dict[int, Saga] = {}
    services: dict[int, Service] = {}
    unnamed: dict[int, Unnamed] = {}
    problems: dict[int, Problem] = {}


_decoder = msgspec.msgpack.Decoder(Piece)


def change(old: EventGraph, new: EventGraph) -> tuple[bytes, ...]:
    """The pieces that make the new graph of the old one; none where they are the same."""
    gone: dict[str, tuple[int, ...]] = {}
    come: list[tuple[str, int, Any]] = []
    for name, key in _KEYS.items():
        left, put = _compared(getattr(old, name), getattr(new, name), key)
        come += [(name, at, item) for at, item in put]
        if left:
            gone[name] = left
    if not gone and not come and (old.root, old.coverage) == (new.root, new.coverage):
        return ()
    return tuple(msgspec.msgpack.encode(piece) for piece in _pieces(new, gone, come))


def _compared(
    old: tuple[Any, ...], new: tuple[Any, ...], key: Callable[[Any], object]
) -> tuple[tuple[int, ...], list[tuple[int, Any]]]:
    if old is new:
        return (), []
    places = {key(item): at for at, item in enumerate(old)}
    kept: set[int] = set()
    put: list[tuple[int, Any]] = []
    last = -1
    for at, item in enumerate(new):
        before = places.get(key(item), -1)
        if before > last and (old[before] is item or old[before] == item):
            kept.add(before)
            last = before
        else:
            put.append((at, item))
    return tuple(at for at in range(len(old)) if at not in kept), put


def _pieces(
    new: EventGraph, gone: dict[str, tuple[int, ...]], come: list[tuple[str, int, Any]]
) -> Iterator[Piece]:
    for start in range(0, max(len(come), 1), _AT_ONCE):
        items: dict[str, dict[int, Any]] = {}
        for name, at, item in come[start : start + _AT_ONCE]:
            items.setdefault(name, {})[at] = item
        yield Piece(new.root, new.coverage, gone if start == 0 else {}, **items)


class Applying:
    """Makes the new graph of the old one, piece by piece."""

    def __init__(self, old: EventGraph) -> None:
        self._old = old
        self._gone: dict[str, tuple[int, ...]] = {}
        self._come: dict[str, dict[int, Any]] = {}
        self._last: Piece | None = None

    def take(self, data: bytes) -> None:
        """Take in the next piece."""
        piece = _decoder.decode(data)
        self._gone.update(piece.gone)
        for name in _KEYS:
            items = getattr(piece, name)
            if items:
                self._come.setdefault(name, {}).update(items)
        self._last = piece

    def graph(self) -> EventGraph:
        """The new graph, once all pieces are taken in. It shares with the old one all that stayed."""
        if self._last is None:
            return self._old
        changed = {name: self._tuple(name) for name in _KEYS if name in self._gone or name in self._come}
        return msgspec.structs.replace(
            self._old, root=self._last.root, coverage=self._last.coverage, **changed
        )

    def _tuple(self, name: str) -> tuple[Any, ...]:
        gone = set(self._gone.get(name, ()))
        items = [item for at, item in enumerate(getattr(self._old, name)) if at not in gone]
        come = self._come.get(name, {})
        if len(come) <= _AT_ONCE:
            for at, item in come.items():
                items.insert(at, item)
            return tuple(items)
        stayed = iter(items)
        return tuple(come[at] if at in come else next(stayed) for at in range(len(items) + len(come)))


def applied(old: EventGraph, pieces: tuple[bytes, ...]) -> EventGraph:
    """The graph that pieces make of an old one."""
    applying = Applying(old)
    for piece in pieces:
        applying.take(piece)
    return applying.graph()
