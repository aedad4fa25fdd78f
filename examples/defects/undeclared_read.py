"""A handler reads a field under a name that it had once."""

from pubsub_devtools import BaseEvent, event_bus, event_handler


class ParcelMissed(BaseEvent):
    """A parcel did not arrive."""

    parcel: str
    last_seen: str


@event_handler(ParcelMissed)
def search(event: ParcelMissed) -> None:
    """Look for a parcel."""
    print("search", event.parcel, event.place)  # PSD007


def report(parcel: str, place: str) -> None:
    """Report a lost parcel."""
    event_bus.publish(ParcelMissed(parcel=parcel, last_seen=place))
