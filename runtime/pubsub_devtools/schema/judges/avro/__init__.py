"""Avro schemas: can what one writes be read by another?

The rules are those of schema resolution, https://avro.apache.org/docs/1.12.0/specification/#schema-resolution, as Java's
``SchemaCompatibility`` applies them, which Confluent's registry asks; the kinds of findings are that class's.
"""

from pubsub_devtools.schema.judges.avro.judging import avro_findings

__all__ = ["avro_findings"]
