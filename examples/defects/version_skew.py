"""Version 1 of an event is published, version 2 is handled, and nothing makes the one from the other."""

from pubsub_devtools import BaseEvent, event_bus, event_handler, event_schema


@event_schema(name="InvoiceSent", version="1.0.0")
class InvoiceSentV1(BaseEvent):
    """An invoice was sent."""

    invoice: str


@event_schema(name="InvoiceSent", version="2.0.0")
class InvoiceSent(BaseEvent):
    """An invoice was sent, by mail or on paper."""

    invoice: str
    way: str = "mail"


@event_handler("InvoiceSent")
def file(event: InvoiceSent) -> None:  # PSD009
    """File an invoice."""
    print("filed", event.invoice, event.way)


def send(invoice: str) -> None:
    """Send an invoice."""
    event_bus.publish(InvoiceSentV1(invoice=invoice))
