"""An event is published with a text where it has a number."""

from pubsub_devtools import BaseEvent, event_bus, event_handler


class ParcelWeighed(BaseEvent):
    """A parcel lies on the scales."""

    parcel: str
    grams: int


@event_handler(ParcelWeighed)
def label(event: ParcelWeighed) -> None:
    """Print a label."""
    print("label", event.parcel, event.grams)


def weigh(parcel: str) -> None:
    """Weigh a parcel, without scales."""
    event_bus.publish(ParcelWeighed(parcel=parcel, grams="heavy"))  # PSD006
