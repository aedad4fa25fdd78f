"""Fields are found later than sites: until then, a site that an edit left alone keeps those that it had."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from pubsub_devtools.model import EventGraph

_TOLD_LATER = ("events", "sites")


def mixed(before: EventGraph, now: EventGraph, shown: EventGraph) -> EventGraph:
    """The graph of now, with what was shown for each event and site that is the same as before."""
    return replace(
        now,
        **{
            name: _mixed(getattr(before, name), getattr(now, name), getattr(shown, name))
            for name in _TOLD_LATER
        },
    )


def _mixed(before: tuple[Any, ...], now: tuple[Any, ...], shown: tuple[Any, ...]) -> tuple[Any, ...]:
    plain = {each.id: each for each in before}
    rich = {each.id: each for each in shown}
    return tuple(
        rich.get(each.id, each) if (old := plain.get(each.id)) is each or old == each else each
        for each in now
    )
