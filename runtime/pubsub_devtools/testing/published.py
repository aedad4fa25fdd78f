"""The producer's side of contracts: what a test published, held to what was promised."""

from __future__ import annotations

from pubsub_devtools.bus.declare import event_handler
from pubsub_devtools.schema.contract import ContractReport, EventContract
from pubsub_devtools.schema.event import BaseEvent
from pubsub_devtools.schema.registry.protocol import SchemaRegistry

__all__ = ["PublishedEvents"]


class PublishedEvents:
    """Hears every event of a bus that includes it.

    Args:
        registry: What was promised; by default what is declared.

    Example:
        >>> from pubsub_devtools import BaseEvent, EventBus, event_schema
        >>> @event_schema(name="Paid", version="1.0.0")
        ... class Paid(BaseEvent):
        ...     total: int
        >>> bus, published = EventBus(), PublishedEvents()
        >>> bus.include(published)
        >>> _ = bus.publish(Paid(3))
        >>> [event.total for event in published.events], published.broken()
        ([3], ())
    """

    def __init__(self, *, registry: SchemaRegistry | None = None) -> None:
        self.events: list[BaseEvent] = []
        self._registry = registry

    @event_handler("**", priority=-1_000)
    def record(self, event: BaseEvent) -> None:
        """Keep an event."""
        self.events.append(event)

    def broken(self) -> tuple[ContractReport, ...]:
        """Return the reports of events that break the contract of their own version."""
        reports = (
            EventContract(type(event), registry=self._registry).validate(event) for event in self.events
        )
        return tuple(report for report in reports if not report)

    def verify(self) -> None:
        """Fail where an event breaks its contract.

        Raises:
            AssertionError: With the errors by field.
        """
        if broken := self.broken():
            raise AssertionError("\n".join(map(str, broken)))
