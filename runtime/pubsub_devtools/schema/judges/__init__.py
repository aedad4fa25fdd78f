"""Judges of schemas: what one version can read of another, in the language that a registry holds them in.

Each language has its own rules: a JSON Schema can allow what it does not name, Avro fills in defaults, protobuf knows
numbers and no names. The judges agree with ``schema.compatibility`` on all that a `FieldType` can express.
"""

from pubsub_devtools.schema.judges.difference import Finding, Policy, refuses
from pubsub_devtools.schema.judges.judging import Language, Source, findings, judged

__all__ = ["Finding", "Language", "Policy", "Source", "findings", "judged", "refuses"]
