"""What an event is: its class, its declared name and version, its identity, and its form as JSON."""

from pubsub_devtools.schema.declare import EventSchema, event_schema, schema_of
from pubsub_devtools.schema.event import BaseEvent
from pubsub_devtools.schema.metadata import EventMetadata, metadata
from pubsub_devtools.schema.wire import decode, encode

__all__ = [
    "BaseEvent",
    "EventMetadata",
    "EventSchema",
    "decode",
    "encode",
    "event_schema",
    "metadata",
    "schema_of",
]
