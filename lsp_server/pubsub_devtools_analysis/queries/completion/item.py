"""One thing that can be typed, and how a list of them is ordered and cut."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

ItemKind = Literal["event", "class", "field", "value", "function", "snippet"]

MOST = 200
"""A thousand items cost an editor's connection several milliseconds, and nobody reads so many."""


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that can be typed.

    ``text`` takes the place of what is half-typed; with ``snippet`` it has the editor's place holders. ``detail`` says in a
    few words what it is. ``event`` and ``field`` name what a description can be looked up for when it is selected.
    ``imports`` is the dotted path of a name that the file needs besides. ``order`` is what items are sorted by: the first
    is the likeliest.
    """

    label: str
    kind: ItemKind
    text: str
    detail: str = ""
    event: str = ""
    field: str = ""
    imports: str = ""
    snippet: bool = False
    order: tuple[int, ...] = ()


def fits(typed: str, name: str) -> int | None:
    """How well a name fits what is typed of it, the better the lower; nothing if it does not.

    What is typed is the beginning of the name, of its last part, or of any part; or its letters come one after the other.

    >>> fits("ord", "orders.placed"), fits("pl", "orders.placed"), fits("opl", "orders.placed"), fits("xy", "orders.placed")
    (0, 1, 3, None)
    """
    typed, name = typed.lower(), name.lower()
    if name.startswith(typed):
        return 0
    if name.rpartition(".")[2].startswith(typed):
        return 1
    if typed in name:
        return 2
    rest = iter(name)
    return 3 if all(letter in rest for letter in typed) else None


def best(typed: str, items: Iterable[Item]) -> tuple[list[Item], bool]:
    """The items that fit what is typed, the best first, and whether there are more than are given."""
    ranked: dict[tuple[str, str], tuple[tuple[object, ...], Item]] = {}
    for item in items:
        fit = fits(typed, item.label)
        if fit is None:
            continue
        rank = (fit, item.order, item.label)
        known = ranked.get((item.label, item.kind))
        if known is None or rank < known[0]:
            ranked[item.label, item.kind] = (rank, item)
    chosen = sorted(ranked.values(), key=lambda each: each[0])
    return [item for _, item in chosen[:MOST]], len(chosen) > MOST
