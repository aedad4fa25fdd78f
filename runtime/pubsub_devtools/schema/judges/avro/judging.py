"""Two Avro schemas: read, judged, and refused where they cannot be judged."""

from __future__ import annotations

from collections.abc import Mapping

from pubsub_devtools.schema.compatibility.words import Older
from pubsub_devtools.schema.judges.avro.comparison import Comparison
from pubsub_devtools.schema.judges.avro.reading import AvroError, read_avro
from pubsub_devtools.schema.judges.difference import Finding, Place
from pubsub_devtools.schema.judges.recursion import TooMuch

__all__ = ["avro_findings"]


def avro_findings(
    writer: str,
    reader: str,
    *,
    older: Older = "writer",
    writer_references: Mapping[str, str] | None = None,
    reader_references: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """Return what keeps a reader's Avro schema from reading what is written with another.

    Args:
        writer: The text of the schema of what is written.
        reader: The text of the schema that it is read with.
        older: Which of them is the old version, for the words.
        writer_references: The texts of the schemas whose types the writer's uses, in the order in which they build on each other.
        reader_references: Those of the reader's.

    Returns:
        The findings, each at its field. Another logical type of the same underlying one is a note, as it changes what the
        bytes mean and not whether they can be read. What cannot be judged is a finding of the kind ``NOT_JUDGED``, which
        refuses. Nothing is ever raised.

    Example:
        >>> old = '{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "long"}]}'
        >>> new = '{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "int"}]}'
        >>> [found.text for found in avro_findings(old, new)]
        ['`total`: is long in the old version, int in the new one']
        >>> avro_findings(new, old)
        ()
    """
    comparison = Comparison(old_writes=older == "writer")
    try:
        written, read = read_avro(writer, writer_references), read_avro(reader, reader_references)
        return tuple(dict.fromkeys(comparison.of(written, read, Place())))
    except (AvroError, TooMuch) as error:
        why = str(error)
    except RecursionError:
        why = "it is nested too deeply"
    return (Place().found("NOT_JUDGED", f"cannot be judged: {why}"),)
