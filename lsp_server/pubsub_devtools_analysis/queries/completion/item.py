"""One thing that can be typed, and how a list of them is ordered and cut."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from pubsub_devtools_analysis.queries.fuzzy import score

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


def best(typed: str, items: Iterable[Item]) -> tuple[list[Item], bool]:
    """The items that fit what is typed, the best first, and whether there are more than are given."""
    ranked: dict[tuple[str, str], tuple[tuple[object, ...], Item]] = {}
    for item in items:
        fit = score(typed, item.label)
        if not fit:
            continue
        rank = (-fit, item.order, item.label)
        known = ranked.get((item.label, item.kind))
        if known is None or rank < known[0]:
            ranked[item.label, item.kind] = (rank, item)
    chosen = sorted(ranked.values(), key=lambda each: each[0])
    return [item for _, item in chosen[:MOST]], len(chosen) > MOST
