"""`EventMigrator`: brings events of earlier versions to later ones when they are read (upcasting).

Migrations are steps between two versions; a way of several steps is found, the shortest there is. Migrations lead upwards
only: what a newer version no longer says cannot be made up for an older one.
Source: G. Young, "Versioning in an Event Sourced System", chapter "Upcasting".
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, overload

from pydantic import ValidationError
from pydantic_core import to_json

from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent, adopt_id
from pubsub_devtools.schema.event_metadata import metadata
from pubsub_devtools.schema.migration_error import MigrationError
from pubsub_devtools.schema.migration_ways import Ways
from pubsub_devtools.schema.transform import Payload, Step, Transform, arrow, json_payload, taken_class
from pubsub_devtools.schema.versions import is_older

__all__ = ["EventMigrator", "MigrationError"]

EventT = TypeVar("EventT", bound=BaseEvent)
TransformT = TypeVar("TransformT", bound=Transform)


class EventMigrator:
    """Registered migrations, of one event or of many.

    A transform gets the payload as JSON holds it (a dict of its own, which it may change) and returns the new one. Where its
    parameter is annotated with an event class, it gets such an event; it may return an event as well.

    Args:
        event: The name of the event whose migrations these are. Without it each registration says ``event=``; while all
            serve one event, they need not.

    Example:
        >>> from pubsub_devtools import BaseEvent, event_schema
        >>> @event_schema(name="OrderCreated", version="2.0.0")
        ... class OrderCreated(BaseEvent):
        ...     order_id: str
        ...     currency: str
        >>> migrator = EventMigrator("OrderCreated")
        >>> @migrator.register_migration(from_version="1.0.0", to_version="2.0.0")
        ... def add_currency(payload: dict) -> dict:
        ...     return payload | {"currency": "EUR"}
        >>> migrator.upcast_payload({"order_id": "o-1"}, "1.0.0", "2.0.0")
        {'order_id': 'o-1', 'currency': 'EUR'}
    """

    def __init__(self, event: str = "") -> None:
        self._event = event
        self._ways: dict[str, Ways] = {}
        """By event, ``""`` for registrations without a name. Replaced, never changed: readers need no lock."""
        self._adopted = ""
        """The event that registrations without a name turned out to serve."""
        self._found: dict[tuple[str, str, str], tuple[Step, ...]] = {}
        self._lock = threading.Lock()

    @overload
    def register_migration(
        self, *, from_version: str, to_version: str, transform: Transform, event: str = ""
    ) -> EventMigrator: ...
    @overload
    def register_migration(
        self, *, from_version: str, to_version: str, event: str = ""
    ) -> Callable[[TransformT], TransformT]: ...
    def register_migration(
        self, *, from_version: str, to_version: str, transform: Transform | None = None, event: str = ""
    ) -> EventMigrator | Callable[[TransformT], TransformT]:
        """Register how one version becomes a later one.

        Args:
            from_version: ``MAJOR.MINOR.PATCH``, or ``""`` for events that were published without a version.
            to_version: A later version.
            transform: Takes the payload, or the event that it is annotated with, and returns the new one.
            event: The event's name; needed once the migrator serves two.

        Returns:
            The migrator itself, so that registrations can be chained; without ``transform`` a decorator.

        Raises:
            MigrationError: The way leads back or around in a circle, or is registered already.
            ValueError: A version is not of that form, or the event is another one than the migrator's.
            TypeError: The transform cannot be called with a payload, or takes another event.
        """
        if event and self._event and event != self._event:
            raise ValueError(f"this migrator is that of {self._event}: make another one for {event}")
        name = event or self._event
        if not is_older(from_version, to_version):
            refusal = self._ways_of(name).why_not_back(from_version, to_version)
            raise MigrationError(refusal, name, from_version, to_version)

        def register(function: TransformT) -> TransformT:
            self._add(name, from_version, to_version, function)
            return function

        if transform is None:
            return register
        self._add(name, from_version, to_version, transform)
        return self

    def upcast(self, event: BaseEvent, cls: type[EventT]) -> EventT:
        """Return an event as one of a later version, with the id that it has.

        An event that is of that class already is returned as it is.

        Args:
            event: An event of the same name and an earlier version.
            cls: The class to build.

        Raises:
            MigrationError: No migrations lead there, a transform failed, or what came out does not fit the class.

        Example:
            >>> from pubsub_devtools import BaseEvent, event_schema
            >>> @event_schema(name="Paid", version="1.0.0")
            ... class PaidV1(BaseEvent):
            ...     total: int
            >>> @event_schema(name="Paid", version="2.0.0")
            ... class Paid(BaseEvent):
            ...     cents: int
            >>> def to_cents(old: PaidV1) -> Paid:
            ...     return Paid(cents=old.total * 100)
            >>> migrator = EventMigrator("Paid").register_migration(
            ...     from_version="1.0.0", to_version="2.0.0", transform=to_cents)
            >>> migrator.upcast(PaidV1(total=3), Paid).cents
            300
        """
        if isinstance(event, cls):
            return event
        about, wanted = metadata(event), schema_of(cls)
        if about.type != wanted.name:
            text = f"{about.type} cannot become {wanted.name}: a migration is between versions of one event"
            raise MigrationError(text, about.type, about.version, wanted.version)
        payload = self.upcast_payload(json_payload(event), about.version, wanted.version, event=about.type)
        built = _built(cls, payload, about.version)
        adopt_id(built, about.id)
        return built

    def upcast_payload(
        self, payload: Mapping[str, Any], from_version: str, to_version: str, *, event: str = ""
    ) -> Payload:
        """Return a payload as one of a later version.

        Args:
            payload: The fields as JSON holds them. It is not changed.
            from_version: The version that it was written in.
            to_version: The version that is wanted.
            event: The event's name, where the migrator serves several.

        Raises:
            MigrationError: No migrations lead there, or a transform failed.
        """
        current = dict(payload)
        for step in self._way(event, from_version, to_version):
            current = step.run(current, event or step.event or "the event")
        return current

    def path(self, from_version: str, to_version: str, *, event: str = "") -> tuple[str, ...]:
        """Return the versions that lead from one to another, both included: what ``upcast`` goes through.

        Raises:
            MigrationError: No migrations lead there.

        Example:
            >>> migrator = EventMigrator("Paid")
            >>> for old, new in (("1.0.0", "1.1.0"), ("1.1.0", "2.0.0"), ("1.0.0", "2.0.0")):
            ...     _ = migrator.register_migration(from_version=old, to_version=new, transform=dict)
            >>> migrator.path("1.0.0", "2.0.0")
            ('1.0.0', '2.0.0')
        """
        steps = self._way(event, from_version, to_version)
        return (from_version, *(step.to_version for step in steps))

    def versions(self, event: str = "") -> tuple[str, ...]:
        """Return the versions that migrations of an event begin or end at, the oldest first."""
        return self._ways_of(event or self._only_event()).versions()

    def _add(self, event: str, from_version: str, to_version: str, transform: Transform) -> None:
        takes = taken_class(transform, event, from_version)
        event = event or (schema_of(takes).name if takes else "")
        step = Step(event, from_version, to_version, transform, takes)
        with self._lock:
            ways = self._ways.get(step.event, Ways(step.event))
            if any(
                (old.from_version, old.to_version) == (step.from_version, step.to_version)
                for old in ways.steps
            ):
                raise step.failed(
                    step.event or "the event", "is a second one: there is one registered already"
                )
            self._ways = {**self._ways, step.event: Ways(step.event, (*ways.steps, step))}
            self._found = {}

    def _way(self, event: str, from_version: str, to_version: str) -> tuple[Step, ...]:
        known = self._found.get((event, from_version, to_version))
        return self._search(event, from_version, to_version) if known is None else known

    def _search(self, event: str, from_version: str, to_version: str) -> tuple[Step, ...]:
        if event and self._event and event != self._event:
            text = f"no migration of {event} is registered: this migrator is that of {self._event}"
            raise MigrationError(text, event, from_version, to_version)
        ways = self._ways_of(event or self._only_event())
        way = ways.shortest(from_version, to_version)
        if way is None:
            text = ways.why_none(from_version, to_version)
            raise MigrationError(text, ways.event, from_version, to_version)
        if event and any(not step.event for step in way):
            self._adopt(event)
        self._found[event, from_version, to_version] = way
        return way

    def _ways_of(self, event: str) -> Ways:
        names = dict.fromkeys((event, ""))
        return Ways(event, tuple(step for name in names for step in self._ways.get(name, Ways(name)).steps))

    def _only_event(self) -> str:
        names = sorted(name for name in self._ways if name)
        if not self._event and len(names) > 1:
            text = f"the migrator serves {' and '.join(names)}: say which with event="
            raise MigrationError(text, "", "", "")
        return self._event or (names[0] if names else "")

    def _adopt(self, event: str) -> None:
        """Take registrations without a name for those of the first event that needs them, and of no other."""
        with self._lock:
            others = {*self._ways, self._adopted} - {"", event}
            if others:
                names = " and ".join(sorted({event, *others}))
                text = f"the migrator serves {names}: say event= at each registration"
                raise MigrationError(text, event, "", "")
            self._adopted = event


def _built(cls: type[EventT], payload: Payload, from_version: str) -> EventT:
    try:
        return cls.model_validate_json(to_json(payload))
    except ValidationError as error:
        about = schema_of(cls)
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the payload"
        text = (
            f"{about.name} {arrow(from_version, about.version)} does not fit {cls.__qualname__}: {field}: "
            f"{first['msg']}. Give it in the migration to {about.version}, or make it optional in the class"
        )
        raise MigrationError(text, about.name, from_version, about.version) from error
