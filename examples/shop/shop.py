"""The shop as a whole: one bus, five departments, and the saga that runs through them."""

from collections.abc import Callable
from dataclasses import dataclass

from pubsub_devtools import EventBus

from .mail.postbox import Postbox
from .orders.desk import Desk
from .orders.fulfilment import FulfilOrder
from .payments.till import Till
from .shipping.dock import Dock
from .stock.shelves import Shelves


@dataclass(frozen=True)
class Shop:
    """The departments that people outside of the shop deal with, and the bus between all of them."""

    bus: EventBus
    desk: Desk
    dock: Dock
    postbox: Postbox


def open_shop(say: Callable[[str, str], None]) -> Shop:
    """Build the shop with goods on its shelves.

    Args:
        say: Is told what happens: the department, and a sentence.
    """
    bus = EventBus(source="shop")
    desk = Desk(bus, say, prices={"teapot": 29_90, "cup": 4_50, "samovar": 890_00})
    shelves = Shelves(bus, say, goods={"teapot": 3, "cup": 6, "samovar": 4})
    till = Till(bus, say, limit=500_00)
    dock = Dock(bus, say)
    postbox = Postbox(say)
    bus.include(FulfilOrder(shelves, till, desk), desk, shelves, till, dock, postbox)
    return Shop(bus, desk, dock, postbox)
