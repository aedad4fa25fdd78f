"""Who judges which schemas: event classes by the rules on types, everything else by the rules of its own language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from pubsub_devtools.schema.compatibility.difference import Difference
from pubsub_devtools.schema.compatibility.modes import (
    Direction,
    Incompatibility,
    Mode,
    backward,
    comparisons,
    forward,
)
from pubsub_devtools.schema.registry.event_schemas import event_type
from pubsub_devtools.schema.registry.values import Check, Reference, Registered, Schema

__all__ = ["Resolve", "between", "judged", "unresolved"]

Resolve: TypeAlias = Callable[[Reference], Schema | None]
"""Finds the schema that a reference is about."""


def unresolved(_: Reference) -> None:
    """Find nothing: what references lead to is then not judged, and refused."""


def judged(
    subject: str, mode: Mode, new: Schema, history: Sequence[Registered], resolve: Resolve = unresolved
) -> Check:
    """Return what a mode says of a new schema after those that are registered.

    What cannot be judged is a problem, and says so: a registry that lets it pass would promise what it does not know.
    """
    found = [
        Incompatibility(direction, index, difference)
        for direction, index in comparisons(mode, len(history))
        for difference in between(direction, history[index].schema, new, resolve)
    ]
    refused = tuple(each for each in found if _refuses(each.difference))
    notes = tuple(each for each in found if not _refuses(each.difference))
    return Check(subject, mode, tuple(known.version for known in history), refused, notes)


def between(
    direction: Direction, old: Schema, new: Schema, resolve: Resolve = unresolved
) -> Sequence[Difference]:
    """Return what keeps one schema from reading what the other writes; both languages must be the same."""
    if old.type != new.type:
        text = f"the schema was {old.type}, is {new.type}: name a subject of its own for it, or set its mode to NONE"
        return [Difference("", "type", "breaking", text)]
    old_type, new_type = event_type(old), event_type(new)
    if old_type is not None and new_type is not None:
        return (backward if direction == "backward" else forward)(old_type, new_type)
    return _in_its_language(direction, old, new, resolve)


def _in_its_language(
    direction: Direction, old: Schema, new: Schema, resolve: Resolve
) -> Sequence[Difference]:
    from pubsub_devtools.schema.judges import Source, findings  # noqa: PLC0415 - most registries hold event classes alone

    before = Source(old.type, old.text, dict(_texts(old, resolve)))
    after = Source(new.type, new.text, dict(_texts(new, resolve)))
    if direction == "backward":
        return findings(before, after, older="writer")
    return findings(after, before, older="reader")


def _texts(schema: Schema, resolve: Resolve) -> Iterator[tuple[str, str]]:
    for reference in schema.references:
        found = resolve(reference)
        if found is not None:
            yield reference.name, found.text
            yield from _texts(found, resolve)


def _refuses(difference: Difference) -> bool:
    """Of event classes it is known what they write: what is only risky then hangs on the format. Elsewhere it refuses."""
    if difference.severity == "breaking" or difference.code == "unknown":
        return True
    return difference.severity == "risky" and hasattr(difference, "kind")
