"""Each handler is harmless alone; together they never end."""

from pubsub_devtools import BaseEvent, event_bus, event_handler


class PriceChanged(BaseEvent):
    """The shop asks for another price."""

    price: int


class OfferChanged(BaseEvent):
    """A competitor asks for another price."""

    price: int


@event_handler(PriceChanged)
def undercut(event: PriceChanged) -> None:
    """Offer the same for less."""
    event_bus.publish(OfferChanged(price=event.price - 1))


@event_handler(OfferChanged)
def follow(event: OfferChanged) -> None:
    """Match the offer."""
    event_bus.publish(PriceChanged(price=event.price))  # PSD011
