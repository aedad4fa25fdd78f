"""`EventContract`: one version of an event, to which producers and consumers hold what they send and take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from pubsub_devtools.model.field_type import FieldType
from pubsub_devtools.schema.conformance import Violation, violations
from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent
from pubsub_devtools.schema.from_pydantic import model_type
from pubsub_devtools.schema.registry.reading import schema_type

if TYPE_CHECKING:
    from pubsub_devtools.schema.registry.protocol import SchemaRegistry

__all__ = ["ContractReport", "EventContract"]


class ContractReport(msgspec.Struct, frozen=True):
    """What a contract has against an event: true where nothing."""

    event: str
    version: str
    errors: tuple[Violation, ...] = ()

    def __bool__(self) -> bool:
        return not self.errors

    def __str__(self) -> str:
        about = f"{self.event} {self.version}".rstrip()
        if not self.errors:
            return f"{about} is kept"
        return "\n".join([f"{about} is broken:", *(f"  {error.text}" for error in self.errors)])


class EventContract:
    """One version of an event, as a registry or a class says it.

    Args:
        event: The event's name; or its class, which without ``registry`` is the contract.
        version: Which version; the class's own, or the latest that the registry has.
        registry: Where it is registered; else the default one, which knows every declared class.

    Raises:
        SchemaNotFound: At the first use: the registry does not know it; the message says what it knows.

    Example:
        >>> from pubsub_devtools import BaseEvent, event_schema
        >>> @event_schema(name="OrderCreated", version="2.0.0")
        ... class OrderCreated(BaseEvent):
        ...     order_id: str
        ...     total: int
        >>> contract = EventContract("OrderCreated", version="2.0.0")
        >>> bool(contract.validate(OrderCreated("o-1", 3)))
        True
        >>> print(contract.validate({"order_id": "o-1", "total": "3"}))
        OrderCreated 2.0.0 is broken:
          `total` must be int, not '3'
    """

    def __init__(
        self, event: str | type[BaseEvent], version: str = "", *, registry: SchemaRegistry | None = None
    ) -> None:
        about = None if isinstance(event, str) else schema_of(event)
        self.event = event if isinstance(event, str) else schema_of(event).name
        self._wanted = version or (about.version if about else "")
        self._registry = registry
        self._found: tuple[str, FieldType] | None = None
        if not isinstance(event, str) and registry is None and version in ("", schema_of(event).version):
            self._found = schema_of(event).version, model_type(event)

    def __repr__(self) -> str:
        return f"EventContract({self.event!r}, version={self._wanted!r})"

    @property
    def version(self) -> str:
        """The version that it is about."""
        return self._resolved()[0]

    @property
    def type(self) -> FieldType:
        """What the contract says of the payload."""
        return self._resolved()[1]

    def validate(self, event: BaseEvent | Mapping[str, Any] | bytes | str) -> ContractReport:
        """Hold an event to the contract.

        Args:
            event: An event, which must be of this name and version; or a payload as JSON holds it, or as JSON text.

        Returns:
            A report that is true where the contract is kept, and else tells the errors by field.
        """
        version, type_ = self._resolved()
        errors, payload = _payload(event)
        if isinstance(event, BaseEvent):
            errors += self._other(event, version)
        return ContractReport(self.event, version, (*errors, *(() if errors else violations(type_, payload))))

    def _other(self, event: BaseEvent, version: str) -> tuple[Violation, ...]:
        about = schema_of(type(event))
        if (about.name, about.version) == (self.event, version):
            return ()
        what = f"{about.name} {about.version}".rstrip()
        return (Violation("", f"the event is {what}, the contract that of {self.event} {version}".rstrip()),)

    def _resolved(self) -> tuple[str, FieldType]:
        """Look it up once it is needed: where contracts are written the events may not be imported yet."""
        if self._found is None:
            registry = self._registry or _default()
            registered = registry.get(self.event, self._wanted or "latest")
            self._found = registered.label, schema_type(registered.schema)
        return self._found


def _default() -> SchemaRegistry:
    from pubsub_devtools.schema.registry.default import schema_registry  # noqa: PLC0415 - only where none is given

    return schema_registry


def _payload(event: BaseEvent | Mapping[str, Any] | bytes | str) -> tuple[tuple[Violation, ...], object]:
    try:
        if isinstance(event, BaseEvent):
            return (), msgspec.json.decode(event.model_dump_json(warnings=False))
        if isinstance(event, Mapping):
            return (), dict(event)
        return (), msgspec.json.decode(event)
    except ValueError as error:
        return (Violation("", f"the payload is no JSON: {error}"),), None
