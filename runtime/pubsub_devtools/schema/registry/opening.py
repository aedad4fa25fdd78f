"""`open_registry`: a registry by its address, for settings and commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools.schema.registry.errors import RegistryError

if TYPE_CHECKING:
    from pubsub_devtools.schema.registry.protocol import SchemaRegistry

__all__ = ["open_registry"]

FORMS = "a folder, sqlite:FILE, postgresql://HOST/NAME, http(s)://HOST or memory:"


def open_registry(address: str = "") -> SchemaRegistry:
    """Return the registry at an address.

    Args:
        address: ``file:FOLDER`` or a folder, ``sqlite:FILE``, ``postgresql://...``, ``http://...``, ``https://...`` (a server
            with Confluent's API), ``memory:``. Empty is the SQLite file of the project's state, which applications write
            unless told otherwise.

    Raises:
        RegistryError: The address is of no such form, or a package that it needs is not installed.

    Example:
        >>> open_registry("memory:").subjects()
        ()
    """
    kind, _, rest = address.partition(":")
    if address == "memory:":
        from pubsub_devtools.schema.registry.memory import MemoryRegistry  # noqa: PLC0415 - each pays for its own

        return MemoryRegistry()
    if kind in ("postgresql", "postgres") and rest.startswith("//"):
        from pubsub_devtools.schema.registry.postgresql import PostgreSQLRegistry  # noqa: PLC0415

        return PostgreSQLRegistry(address)
    if kind in ("http", "https") and rest.startswith("//"):
        from pubsub_devtools.schema.registry.confluent import ConfluentRegistry  # noqa: PLC0415

        return ConfluentRegistry(address)
    if kind == "sqlite" or not address:
        from pubsub_devtools.schema.registry.sqlite import SQLiteRegistry  # noqa: PLC0415

        return SQLiteRegistry(rest or None)
    if "://" in address or not (folder := rest if kind == "file" else address):
        raise RegistryError(f"{address} is no registry: give {FORMS}")
    from pubsub_devtools.schema.registry.files import FileRegistry  # noqa: PLC0415

    return FileRegistry(folder)
