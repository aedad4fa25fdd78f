"""Abstract evaluation of symbolic expressions across files."""

from pubsub_devtools_analysis.evaluation.at import (
    LATE,
    MOST_CALLERS,
    MOST_VALUES,
    At,
    depth_of,
    encloses,
    final,
    reach,
)
from pubsub_devtools_analysis.evaluation.evaluator import Evaluator
from pubsub_devtools_analysis.evaluation.filling import constant_text, fill, join, mentions, rows, spread
from pubsub_devtools_analysis.evaluation.layer import KINDS
from pubsub_devtools_analysis.evaluation.signatures import (
    argument_of,
    called_decorators,
    decorator_names,
    fixture_files,
    is_object,
    last_name,
    takes_self,
)

__all__ = [
    "KINDS",
    "LATE",
    "MOST_CALLERS",
    "MOST_VALUES",
    "At",
    "Evaluator",
    "argument_of",
    "called_decorators",
    "constant_text",
    "decorator_names",
    "depth_of",
    "encloses",
    "fill",
    "final",
    "fixture_files",
    "is_object",
    "join",
    "last_name",
    "mentions",
    "reach",
    "rows",
    "spread",
    "takes_self",
]
