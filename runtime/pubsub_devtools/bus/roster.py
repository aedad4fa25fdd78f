"""All handlers of a bus, found by the event that they hear or take: ten thousand others cost neither include nor publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pubsub_devtools.bus.pattern import is_wildcard
from pubsub_devtools.bus.subscription import Subscription
from pubsub_devtools.bus.upcasting import check_versions

if TYPE_CHECKING:
    from pubsub_devtools.schema.migrator import EventMigrator


class Roster:
    """The subscriptions of one bus, in the order of their inclusion."""

    def __init__(self, subscriptions: Iterable[Subscription] = ()) -> None:
        self._all: list[Subscription] = []
        self._handlers: set[Callable[..., Any]] = set()
        self._heard: dict[str, list[tuple[int, Subscription]]] = {}
        self._patterns: list[tuple[int, Subscription]] = []
        self._taken: dict[str, list[Subscription]] = {}
        for subscription in subscriptions:
            self._add(subscription)

    def __contains__(self, handler: Callable[..., Any]) -> bool:
        return handler in self._handlers

    def add(self, subscriptions: Sequence[Subscription], migrator: EventMigrator | None) -> None:
        """Add subscriptions, all of them or none.

        Raises:
            TypeError: A version of an event that is known then cannot reach one of its handlers.
        """
        taken: dict[str, list[Subscription]] = {}
        for subscription in subscriptions:
            for name in subscription.taken:
                taken.setdefault(name, []).append(subscription)
        for name, takers in taken.items():
            check_versions(name, (*takers, *self._taken.get(name, ())), migrator)
        for subscription in subscriptions:
            self._add(subscription)

    def hearing(self, name: str) -> list[Subscription]:
        """Return what hears an event, from the highest priority to the lowest, equals in the order of inclusion."""
        found = [*self._heard.get(name, ()), *(each for each in self._patterns if each[1].covers(name))]
        found.sort(key=lambda each: (-each[1].declaration.priority, each[0]))
        return [subscription for _, subscription in found]

    def names(self) -> tuple[tuple[str, str], ...]:
        """Return which event, or pattern, is heard by which handler, in the order of inclusion."""
        return tuple((subscription.event, subscription.name) for subscription in self._all)

    def kinds(self) -> tuple[tuple[str, bool], ...]:
        """Return the handlers by their dotted names, and whether they are async."""
        return tuple((subscription.name, subscription.is_async) for subscription in self._all)

    def has(self, name: str) -> bool:
        """Whether a handler of this dotted name is there."""
        return any(subscription.name == name for subscription in self._all)

    def copy(self) -> Roster:
        """Return another one of the same subscriptions."""
        return Roster(self._all)

    def check(self, migrator: EventMigrator | None) -> None:
        """Ask anew whether every known version reaches every handler.

        Raises:
            TypeError: One does not.
        """
        for name, takers in self._taken.items():
            check_versions(name, takers, migrator)

    def _add(self, subscription: Subscription) -> None:
        numbered = (len(self._all), subscription)
        self._all.append(subscription)
        self._handlers.add(subscription.handler)
        if is_wildcard(subscription.event):
            self._patterns.append(numbered)
        else:
            self._heard.setdefault(subscription.event, []).append(numbered)
        for name in subscription.taken:
            self._taken.setdefault(name, []).append(subscription)
