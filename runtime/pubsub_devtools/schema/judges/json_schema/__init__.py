"""JSON Schemas, drafts 4 to 2020-12: can what one takes be read by another?

The rules are those of the specification, https://json-schema.org/draft/2020-12/json-schema-core, proved keyword by keyword;
the kinds of findings are those of Confluent's registry. Where these two say different things, the specification holds;
`docs/reference/schema-judges.md` lists where.
"""

from pubsub_devtools.schema.judges.json_schema.judging import json_findings

__all__ = ["json_findings"]
