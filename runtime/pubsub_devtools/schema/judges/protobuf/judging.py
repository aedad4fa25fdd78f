"""Two `.proto` files: read, judged, and refused where they cannot be judged."""

from __future__ import annotations

from collections.abc import Mapping

from pubsub_devtools.schema.compatibility.words import Older
from pubsub_devtools.schema.judges.difference import Finding, Place
from pubsub_devtools.schema.judges.protobuf.comparison import Comparison
from pubsub_devtools.schema.judges.protobuf.file import ProtoError
from pubsub_devtools.schema.judges.protobuf.names import Names
from pubsub_devtools.schema.judges.protobuf.reading import read_proto
from pubsub_devtools.schema.judges.recursion import TooMuch

__all__ = ["protobuf_findings"]


def protobuf_findings(
    writer: str,
    reader: str,
    *,
    older: Older = "writer",
    writer_references: Mapping[str, str] | None = None,
    reader_references: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """Return what keeps the messages of a reader's file from reading what those of a writer's file write.

    Args:
        writer: The text of the file that is written with.
        reader: The text of the file that is read with.
        older: Which of them is the old version, for the words.
        writer_references: The texts of the files that the writer's imports, by the paths that it imports.
        reader_references: Those that the reader's imports.

    Returns:
        The findings, each at its field. What reads, but may mean another thing, is a note: another name, a type of the
        same group, a constant of an enum that is gone. What cannot be judged is a finding of the kind ``NOT_JUDGED``, which
        refuses. Nothing is ever raised.

    Example:
        >>> old, new = ('syntax = "proto3"; message Order { %s total = 1; }' % type_ for type_ in ("int64", "string"))
        >>> [(found.path, found.kind) for found in protobuf_findings(old, new)]
        [('total', 'FIELD_SCALAR_KIND_CHANGED')]
    """
    try:
        written = Names(read_proto(writer), writer_references)
        read = Names(read_proto(reader), reader_references)
        return tuple(dict.fromkeys(Comparison(written, read, old_writes=older == "writer").files()))
    except (ProtoError, TooMuch) as error:
        why = str(error)
    except RecursionError:
        why = "it is nested too deeply"
    return (Place().found("NOT_JUDGED", f"cannot be judged: {why}"),)
