"""Registries of schemas: one protocol, `SchemaRegistry`, over memory, files, SQLite, PostgreSQL, and Confluent's HTTP API.

Every name is imported on first use: a program pays for the backend that it takes.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pubsub_devtools.schema.registry.confluent import ConfluentRegistry
    from pubsub_devtools.schema.registry.errors import (
        IncompatibleSchema,
        RegistryError,
        RegistryUnavailable,
        SchemaNotFound,
    )
    from pubsub_devtools.schema.registry.files import FileRegistry
    from pubsub_devtools.schema.registry.memory import MemoryRegistry
    from pubsub_devtools.schema.registry.opening import open_registry
    from pubsub_devtools.schema.registry.postgresql import PostgreSQLRegistry
    from pubsub_devtools.schema.registry.protocol import SchemaRegistry
    from pubsub_devtools.schema.registry.sqlite import SQLiteRegistry
    from pubsub_devtools.schema.registry.stored import StoredRegistry
    from pubsub_devtools.schema.registry.values import Check, Reference, Registered, Schema

__all__ = [
    "Check",
    "ConfluentRegistry",
    "FileRegistry",
    "IncompatibleSchema",
    "MemoryRegistry",
    "PostgreSQLRegistry",
    "Reference",
    "Registered",
    "RegistryError",
    "RegistryUnavailable",
    "SQLiteRegistry",
    "Schema",
    "SchemaNotFound",
    "SchemaRegistry",
    "StoredRegistry",
    "open_registry",
]

_HOMES = {
    "Check": "values",
    "ConfluentRegistry": "confluent",
    "FileRegistry": "files",
    "IncompatibleSchema": "errors",
    "MemoryRegistry": "memory",
    "PostgreSQLRegistry": "postgresql",
    "Reference": "values",
    "Registered": "values",
    "RegistryError": "errors",
    "RegistryUnavailable": "errors",
    "SQLiteRegistry": "sqlite",
    "Schema": "values",
    "SchemaNotFound": "errors",
    "SchemaRegistry": "protocol",
    "StoredRegistry": "stored",
    "open_registry": "opening",
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
