"""Protobuf files: can what the messages of one write be read by those of another?

Fields are one where their numbers are; the kinds of findings are those of Confluent's registry.
"""

from pubsub_devtools.schema.judges.protobuf.judging import protobuf_findings

__all__ = ["protobuf_findings"]
