"""What an event is: its class, its declared name and version, its identity; and what its type allows.

Every name is imported on first use, so that the pure rules below (``from_annotations``, ``compatibility``) can be used
where pydantic must not be loaded, above all in the analysis.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pubsub_devtools.schema.declare import EventSchema, event_schema, schema_of
    from pubsub_devtools.schema.event import BaseEvent
    from pubsub_devtools.schema.event_metadata import EventMetadata, metadata
    from pubsub_devtools.schema.from_pydantic import model_type, python_type
    from pubsub_devtools.schema.known import UnknownEventError, event_class
    from pubsub_devtools.schema.migrator import EventMigrator, MigrationError

__all__ = [
    "BaseEvent",
    "EventMetadata",
    "EventMigrator",
    "EventSchema",
    "MigrationError",
    "UnknownEventError",
    "event_class",
    "event_schema",
    "metadata",
    "model_type",
    "python_type",
    "schema_of",
]

_HOMES = {
    "BaseEvent": "event",
    "EventMetadata": "event_metadata",
    "EventMigrator": "migrator",
    "EventSchema": "declare",
    "MigrationError": "migration_error",
    "UnknownEventError": "known",
    "event_class": "known",
    "event_schema": "declare",
    "metadata": "event_metadata",
    "model_type": "from_pydantic",
    "python_type": "from_pydantic",
    "schema_of": "declare",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value  # the next look-up does not come here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
