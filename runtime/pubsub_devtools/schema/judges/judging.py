"""Schemas of one language, judged by its own rules in the modes of registries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, TypeAlias

import msgspec

from pubsub_devtools.schema.compatibility.modes import Direction, Incompatibility, Mode, comparisons
from pubsub_devtools.schema.compatibility.words import Older
from pubsub_devtools.schema.judges.avro import avro_findings
from pubsub_devtools.schema.judges.difference import Finding, Place
from pubsub_devtools.schema.judges.json_schema import json_findings
from pubsub_devtools.schema.judges.protobuf import protobuf_findings

__all__ = ["Language", "Source", "findings", "judged"]

Language: TypeAlias = Literal["JSON", "AVRO", "PROTOBUF"]
"""The languages of schemas, under the names that Confluent's API gives them."""


class Source(msgspec.Struct, frozen=True):
    """A schema as it is written. ``references`` are the texts of those that it refers to, by the names that it uses."""

    language: Language
    text: str
    references: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])


class _Judge(Protocol):
    def __call__(
        self,
        writer: str,
        reader: str,
        *,
        older: Older,
        writer_references: Mapping[str, str],
        reader_references: Mapping[str, str],
    ) -> tuple[Finding, ...]: ...


_JUDGES: dict[str, _Judge] = {"JSON": json_findings, "AVRO": avro_findings, "PROTOBUF": protobuf_findings}


def findings(writer: Source, reader: Source, *, older: Older = "writer") -> tuple[Finding, ...]:
    """Return what keeps a reader's schema from reading what is written with another, by the rules of their language.

    Args:
        writer: The schema of what is written.
        reader: The schema that it is read with.
        older: Which of them is the old version, for the words.

    Returns:
        The findings; nothing where all is read. What is not judged is one of the kind ``NOT_JUDGED``. Nothing is raised.

    Example:
        >>> old, new = Source("AVRO", '"int"'), Source("AVRO", '"long"')
        >>> findings(old, new), [found.kind for found in findings(new, old)]
        ((), ['TYPE_MISMATCH'])
        >>> findings(old, Source("JSON", "{}"))[0].text
        'the message: cannot be judged: one schema is AVRO, the other JSON'
    """
    if writer.language != reader.language:
        text = f"cannot be judged: one schema is {writer.language}, the other {reader.language}"
        return (Place().found("NOT_JUDGED", text),)
    return _JUDGES[writer.language](
        writer.text,
        reader.text,
        older=older,
        writer_references=writer.references,
        reader_references=reader.references,
    )


def judged(mode: Mode, new: Source, history: Sequence[Source]) -> tuple[Incompatibility, ...]:
    """Return what a compatibility mode has against a new schema.

    Args:
        mode: The compatibility mode of the subject.
        new: The schema that is to be registered.
        history: The schemas registered before, oldest first.

    Returns:
        The findings with the schema that each is about, the newest first. Whether one refuses is told by ``refuses``.

    Raises:
        ValueError: There is no such mode.

    Example:
        >>> history = [Source("AVRO", '"string"'), Source("AVRO", '"int"')]
        >>> judged("BACKWARD", Source("AVRO", '"long"'), history)
        ()
        >>> [found.against for found in judged("BACKWARD_TRANSITIVE", Source("AVRO", '"long"'), history)]
        [0]
    """
    return tuple(
        Incompatibility(direction, index, found)
        for direction, index in comparisons(mode, len(history))
        for found in _between(direction, history[index], new)
    )


def _between(direction: Direction, old: Source, new: Source) -> tuple[Finding, ...]:
    if direction == "backward":
        return findings(old, new, older="writer")
    return findings(new, old, older="reader")
