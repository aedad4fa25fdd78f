"""Two event graphs -> what changed, and whom it breaks. Pure: where graphs come from is not known here."""

from pubsub_devtools_analysis.diffing.comparing import compare
from pubsub_devtools_analysis.diffing.telling import told

__all__ = ["compare", "told"]
