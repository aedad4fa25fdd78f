"""A name is heard in all its versions: how an event of an earlier version becomes what a handler takes.

Whether there is a way is asked when the handler is included, about the versions that its bus knows of by then, and again when
an event of a class is first published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from pubsub_devtools.bus.subscription import Subscription, described
from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent
from pubsub_devtools.schema.migration_error import MigrationError
from pubsub_devtools.schema.versions import is_older

if TYPE_CHECKING:
    from pubsub_devtools.schema.migrator import EventMigrator

Upcast = Callable[[BaseEvent], BaseEvent]


def upcasting(
    subscription: Subscription, cls: type[BaseEvent], migrator: EventMigrator | None
) -> Upcast | None:
    """Return what makes of events of a class what the handler takes; None where they are that already.

    Raises:
        TypeError: Nothing does.
    """
    if (refusal := subscription.refusal(cls)) is None:
        return None
    schema = schema_of(cls)
    why = ""
    for wanted in subscription.versions(schema.name):
        why = _why_no_way(schema.name, schema.version, schema_of(wanted).version, migrator)
        if migrator is not None and not why:
            return partial(migrator.upcast, cls=wanted)
    raise TypeError(f"{refusal}: {why}" if why else str(refusal))


def check_versions(name: str, takers: Iterable[Subscription], migrator: EventMigrator | None) -> None:
    """Refuse a handler that a known version of its event cannot reach: it would fail on the first one published.

    Known are the versions that handlers take and, where there is a migrator, those that it is to serve.

    Args:
        name: The event's name.
        takers: The handlers that take a version of it.
        migrator: What the bus has migrations of.

    Raises:
        TypeError: There is no way from a known version to what a handler takes.
    """
    takers = tuple(takers)
    taken = {schema_of(cls).version for taker in takers for cls in taker.versions(name)}
    for taker in takers:
        ours = [schema_of(cls).version for cls in taker.versions(name)]
        heard = {*taken, *(_migrated(name, ours, migrator) if migrator else ())}
        for version in sorted(heard - {*ours}):
            whys = [_why_no_way(name, version, our, migrator) for our in ours]
            if all(whys):
                raise TypeError(
                    f"{taker.name} takes {' or '.join(map(described, taker.versions(name)))} and would hear "
                    f"{name} {version} as well, which nothing turns into it: {whys[0]}"
                )


def _why_no_way(name: str, published: str, wanted: str, migrator: EventMigrator | None) -> str:
    if published == wanted:
        return f"both are {name} {wanted}, but different classes".replace("  ", " ")
    if not is_older(published, wanted):
        return "migrations lead to later versions only; take that version, or annotate the event as BaseEvent"
    if migrator is None:
        return (
            f"give the bus a migration, EventBus(migrator=EventMigrator({name!r}).register_migration("
            f"from_version={published!r}, to_version={wanted!r}, transform=...))"
        )
    try:
        migrator.path(published, wanted, event=name)
    except MigrationError as error:
        return str(error)
    return ""


def _migrated(name: str, versions: Iterable[str], migrator: EventMigrator) -> Iterator[str]:
    """Return the versions that are to be brought to these: those of migrations, and the earlier ones of declared classes."""
    versions = tuple(versions)
    yield from migrator.versions(name)
    for cls in _subclasses(BaseEvent):
        schema = schema_of(cls)
        if schema.name == name and schema.version and any(is_older(schema.version, one) for one in versions):
            yield schema.version


def _subclasses(cls: type[BaseEvent]) -> Iterator[type[BaseEvent]]:
    for subclass in cls.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
