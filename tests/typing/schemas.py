"""What type checkers must know of migrations, validation, contracts and registries. Checked, never run."""

from __future__ import annotations

from typing import Any, assert_type

from pubsub_devtools import BaseEvent, EventContract, EventMigrator, Validation, event_schema
from pubsub_devtools.schema.contract import ContractReport
from pubsub_devtools.schema.registry import (
    Check,
    ConfluentRegistry,
    FileRegistry,
    MemoryRegistry,
    PostgreSQLRegistry,
    Registered,
    SchemaRegistry,
    SQLiteRegistry,
)
from pubsub_devtools.schema.registry.default import schema_registry


@event_schema(name="Paid", version="2.0.0")
class Paid(BaseEvent):
    """An ordinary event."""

    total: int


def transform(payload: dict[str, Any]) -> dict[str, Any]:
    """A migration of payloads."""
    return payload


migrator = EventMigrator("Paid").register_migration(
    from_version="1.0.0", to_version="2.0.0", transform=transform
)
assert_type(migrator, EventMigrator)
assert_type(migrator.upcast(Paid(1), Paid), Paid)
migrator.register_migration(from_version="1.0.0")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
migrator.upcast({}, Paid)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

assert_type(Validation("strict").receive(Paid, b"{}"), Paid)
Validation("loose")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

assert_type(EventContract("Paid", version="2.0.0").validate(Paid(1)), ContractReport)
EventContract("Paid").validate(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def all_are_registries(url: str) -> list[SchemaRegistry]:
    """Every backend fits the one protocol."""
    stored: list[SchemaRegistry] = [MemoryRegistry(), FileRegistry("schemas"), SQLiteRegistry()]
    return [*stored, PostgreSQLRegistry(url), ConfluentRegistry(url), schema_registry]


assert_type(schema_registry.register(Paid), Registered)
assert_type(schema_registry.check(Paid), Check)
schema_registry.register(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
