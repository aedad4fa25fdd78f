"""Two documents: read, judged, and refused where they cannot be judged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pubsub_devtools.schema.compatibility.words import Older
from pubsub_devtools.schema.judges.difference import Finding, Place
from pubsub_devtools.schema.judges.json_schema.comparison import Comparison
from pubsub_devtools.schema.judges.json_schema.documents import Document, Unresolved
from pubsub_devtools.schema.judges.recursion import TooMuch

__all__ = ["json_findings"]


def json_findings(
    writer: str,
    reader: str,
    *,
    older: Older = "writer",
    writer_references: Mapping[str, str] | None = None,
    reader_references: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """Return what keeps a reader's JSON Schema from taking all that a writer's allows.

    Args:
        writer: The text of the schema of what is written.
        reader: The text of the schema that it is read with.
        older: Which of them is the old version, for the words.
        writer_references: The texts of the schemas that the writer's refers to, by the names that it uses.
        reader_references: Those that the reader's refers to.

    Returns:
        The findings, each at its field; nothing where every value that the writer's schema takes is taken by the reader's.
        What cannot be judged is a finding of the kind ``NOT_JUDGED``, which refuses. Nothing is ever raised.

    Example:
        >>> old = '{"type": "object", "properties": {"total": {"type": "integer"}}, "additionalProperties": false}'
        >>> new = '{"type": "object", "properties": {"total": {"type": "string"}}, "additionalProperties": false}'
        >>> [(found.path, found.kind) for found in json_findings(old, new)]
        [('total', 'TYPE_CHANGED')]
    """
    try:
        written, read = _document(writer, writer_references), _document(reader, reader_references)
    except (ValueError, RecursionError) as error:
        return (_refused(f"it is no JSON: {error}"),)
    faults = [*written.faults, *read.faults]
    if faults:
        return tuple(_refused(fault) for fault in dict.fromkeys(faults))
    comparison = Comparison(old_writes=older == "writer")
    comparison.same_document = writer == reader and writer_references == reader_references
    try:
        return tuple(dict.fromkeys(comparison.proved([written.node], read.node, Place())))
    except (Unresolved, TooMuch) as error:
        return (_refused(str(error)),)
    except RecursionError:
        return (_refused("it is nested too deeply"),)


def _document(text: str, references: Mapping[str, str] | None) -> Document:
    return Document(_parsed(text), {name: _parsed(other) for name, other in (references or {}).items()})


def _parsed(text: str) -> Any:
    return json.loads(text, parse_constant=_no_constant)


def _no_constant(name: str) -> Iterator[None]:
    raise ValueError(f"{name} is no number in JSON")


def _refused(why: str) -> Finding:
    return Place().found("NOT_JUDGED", f"cannot be judged: {why}")
