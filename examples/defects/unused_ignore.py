"""The defect was mended, and the comment stayed."""

from pubsub_devtools import BaseEvent, event_bus, event_handler


class OrderPaid(BaseEvent):
    """An order is paid."""

    order_id: str


@event_handler(OrderPaid)
def thank(event: OrderPaid) -> None:
    """Once missing."""
    print("thanks for", event.order_id)


event_bus.publish(OrderPaid(order_id="7"))  # pubsub: ignore[PSD002]  # PSD100
