"""`metadata`: an event's identity, also where its class has fields named ``id``, ``type`` or ``version``."""

import msgspec

from pubsub_devtools.schema.declare import schema_of
from pubsub_devtools.schema.event import BaseEvent, event_id


class EventMetadata(msgspec.Struct, frozen=True):
    """What the bus knows an event by."""

    id: str
    type: str
    version: str


def metadata(event: BaseEvent) -> EventMetadata:
    """Return the event's own id, type and version, whatever fields its class has.

    Args:
        event: Any event; its id is made now if nothing asked for it before.

    Example:
        >>> class Parcel(BaseEvent):
        ...     id: int
        >>> parcel = Parcel(7)
        >>> parcel.id, metadata(parcel).type
        (7, 'Parcel')
    """
    schema = schema_of(type(event))
    return EventMetadata(event_id(event), schema.name, schema.version)
