"""Patterns of the dialects on evaluated code: from facts to drafts of sites."""

from pubsub_devtools_analysis.matching.draft import (
    BY_NAME,
    CONFIGURED,
    GUESSED,
    ONLY,
    SKIPPED,
    Draft,
    Given,
    closed_under,
    is_open,
    owns_handler,
    parameters,
)
from pubsub_devtools_analysis.matching.finder import Finder
from pubsub_devtools_analysis.matching.shapes_of_calls import (
    applied_calls,
    around,
    forwards,
    is_nameless,
    partial_arguments,
    target_of,
)
from pubsub_devtools_analysis.matching.texts import flat, handlers_in, shaped, written

__all__ = [
    "BY_NAME",
    "CONFIGURED",
    "GUESSED",
    "ONLY",
    "SKIPPED",
    "Draft",
    "Finder",
    "Given",
    "applied_calls",
    "around",
    "closed_under",
    "flat",
    "forwards",
    "handlers_in",
    "is_nameless",
    "is_open",
    "owns_handler",
    "parameters",
    "partial_arguments",
    "shaped",
    "target_of",
    "written",
]
