"""Compatibility of types: pure functions on `FieldType`, for registries, checks and the judgement of a change.

``readable`` is the one rule; the modes of registries apply it to versions. Consumers and producers are judged by what
their code reads and gives.
"""

from pubsub_devtools.schema.compatibility.comparison import readable
from pubsub_devtools.schema.compatibility.consumers import Reads, judge_consumer
from pubsub_devtools.schema.compatibility.contract import same_contract
from pubsub_devtools.schema.compatibility.difference import (
    Code,
    Difference,
    Judgement,
    Severity,
    Verdict,
    judgement,
)
from pubsub_devtools.schema.compatibility.modes import (
    Direction,
    Incompatibility,
    Mode,
    backward,
    forward,
    full,
    incompatibilities,
)
from pubsub_devtools.schema.compatibility.producers import Gives, judge_producer, judge_under_way
from pubsub_devtools.schema.compatibility.words import Older

__all__ = [
    "Code",
    "Difference",
    "Direction",
    "Gives",
    "Incompatibility",
    "Judgement",
    "Mode",
    "Older",
    "Reads",
    "Severity",
    "Verdict",
    "backward",
    "forward",
    "full",
    "incompatibilities",
    "judge_consumer",
    "judge_producer",
    "judge_under_way",
    "judgement",
    "readable",
    "same_contract",
]
