"""The handler was removed, and its publisher was not."""

from pubsub_devtools import BaseEvent, event_bus


class ParcelLost(BaseEvent):
    """A parcel is gone."""

    parcel_id: str


def lose(parcel_id: str) -> None:
    """Tell everybody, which is nobody."""
    event_bus.publish(ParcelLost(parcel_id=parcel_id))  # PSD002
