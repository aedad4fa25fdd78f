"""A receiver reads an argument that nobody sends."""

from blinker import Namespace

signals = Namespace()
shelf_emptied = signals.signal("shelf-emptied")


@shelf_emptied.connect
def order_more(sender, **details):
    """Order what is gone."""
    print("order", details["item"], details["amount"], "for", sender)  # PSD008


def take_last(shelf, item):
    """Take the last of its kind."""
    shelf_emptied.send(shelf, item=item, left=0)
