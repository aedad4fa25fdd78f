"""Where a file's text says something of events: names in strings, classes, constants, publishing methods, handlers.

Begin at `table.py`; one file goes through `file.py`.
"""

from pubsub_devtools_analysis.occurrences.table import Occurrences

__all__ = ["Occurrences"]
