"""What can be typed at a place: events, fields, values, snippets. Begin reading at `complete.py`."""

from pubsub_devtools_analysis.queries.completion.complete import Answer, Asked, complete
from pubsub_devtools_analysis.queries.completion.item import Item, ItemKind

__all__ = ["Answer", "Asked", "Item", "ItemKind", "complete"]
