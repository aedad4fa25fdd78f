"""The publisher was removed, and its handler was not."""

from pubsub_devtools import BaseEvent, event_handler


class ParcelFound(BaseEvent):
    """A parcel is back."""

    parcel_id: str


@event_handler(ParcelFound)
def rejoice(event: ParcelFound) -> None:  # PSD003
    """Never runs."""
    print("found", event.parcel_id)
