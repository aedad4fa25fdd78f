"""Who judges which schemas: event classes by the rules on types, everything else by the rules of its own language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from pubsub_devtools.schema.compatibility.words import Older
from pubsub_devtools.schema.registry.event_schemas import event_type
from pubsub_devtools.schema.registry.values import Check, Registered, Schema, SchemaType

__all__ = ["JUDGES", "Judge", "between", "judged"]

Judge: TypeAlias = Callable[[Schema, Schema, Older], Sequence[Difference]]
"""Takes the writer's schema, the reader's, and which of them is older; returns what keeps the reader from reading."""


def judged(subject: str, mode: Mode, new: Schema, history: Sequence[Registered]) -> Check:
    """Return what a mode says of a new schema after those that are registered.

    What cannot be judged is a problem, and says so: a registry that lets it pass would promise what it does not know.
    """
    found = _found(mode, new, [known.schema for known in history])
    refused = tuple(each for each in found if _refuses(each.difference))
    notes = tuple(each for each in found if not _refuses(each.difference))
    return Check(subject, mode, tuple(known.version for known in history), refused, notes)


def _found(mode: Mode, new: Schema, history: Sequence[Schema]) -> tuple[Incompatibility, ...]:
    return tuple(
        Incompatibility(direction, index, difference)
        for direction, index in comparisons(mode, len(history))
        for difference in between(direction, history[index], new)
    )


def between(direction: Direction, old: Schema, new: Schema) -> Sequence[Difference]:
    """Return what keeps one schema from reading what the other writes; both languages must be the same."""
    if old.type != new.type:
        text = f"the schema was {old.type}, is {new.type}: name a subject of its own for it, or set its mode to NONE"
        return [Difference("", "type", "breaking", text)]
    old_type, new_type = event_type(old), event_type(new)
    if old_type is not None and new_type is not None:
        return (backward if direction == "backward" else forward)(old_type, new_type)
    judge = JUDGES.get(new.type, _not_judged)
    return judge(old, new, "writer") if direction == "backward" else judge(new, old, "reader")


def _not_judged(writer: Schema, reader: Schema, _older: Older) -> Sequence[Difference]:
    text = (
        f"{writer.type} schemas that were not made of event classes are not judged here: set the mode to NONE"
    )
    return [Difference("", "unknown", "risky", text)]


JUDGES: dict[SchemaType, Judge] = {}
"""The judges of schemas as they are written, by language."""


def _refuses(difference: Difference) -> bool:
    return difference.severity == "breaking" or difference.code == "unknown"
