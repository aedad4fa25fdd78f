"""Hand-written buses, recognised by their shape.

Two shapes make one: a function that stores a callable parameter in a table under a key that is a parameter too, and a
function that looks a key up in that same table and calls what it finds. Each is a *seed*: an open draft, exactly like a
library's method in a wrapper's body, so that methods, decorators and functions around it are found by the same fixpoint.
Dicts of handlers, `{Event: [f, g]}`, belong to a bus too. All of this is `likely` until the user configures it.

One file a shape: `tables.py` (its halves in `storing.py`, `calling.py` and `queued.py`), `pairs.py`, `registries.py`,
`marks.py`, `collected.py`, `signal_classes.py`, `prefixes.py`. What they share is in `reader.py`, `elements.py` and `words.py`.
"""

from pubsub_devtools_analysis.shapes.collected import collecting
from pubsub_devtools_analysis.shapes.marks import marked
from pubsub_devtools_analysis.shapes.prefixes import prefix_decorators
from pubsub_devtools_analysis.shapes.registries import registries
from pubsub_devtools_analysis.shapes.signal_classes import signal_classes, signal_dialect
from pubsub_devtools_analysis.shapes.tables import Bus, Shapes
from pubsub_devtools_analysis.shapes.words import CANDIDATE, DIALECT

__all__ = [
    "CANDIDATE",
    "DIALECT",
    "Bus",
    "Shapes",
    "collecting",
    "marked",
    "prefix_decorators",
    "registries",
    "signal_classes",
    "signal_dialect",
]
