"""Which events of a transport are called nearly the same, found by what near names share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks.spelling import shapes
from pubsub_devtools_analysis.queries.index import grouped
from pubsub_devtools_analysis.told import Told

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from pubsub_devtools.model import Event
    from pubsub_devtools_analysis.memo import Memo


class Namesakes:
    """The events by what their names share with near ones."""

    def __init__(self, memo: Memo) -> None:
        self._alike: Told[tuple[str, ...]] = Told("alike", memo)
        self._names: list[tuple[str, str, str]] = []

    def take(self, events: Sequence[Event]) -> set[Hashable]:
        """Have these events from now on. Gives what is told differently."""
        names = [(event.id, event.transport, event.name) for event in events if not event.pattern]
        if names == self._names:
            return set()
        self._names = names
        return self._alike.take(
            grouped((f"{transport}:{shape}", id_) for id_, transport, name in names for shape in shapes(name))
        )

    def near(self, event: Event) -> list[str]:
        """The ids of the events of its transport whose names share something with its own."""
        rows = (self._alike.get(f"{event.transport}:{shape}", ()) for shape in shapes(event.name))
        return sorted({other for row in rows for other in row} - {event.id})
