"""What a mode has against a schema: event classes by the rules on types, all else by the judge of its language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pubsub_devtools.schema.compatibility.difference import Difference
from pubsub_devtools.schema.compatibility.modes import (
    Direction,
    Incompatibility,
    Mode,
    backward,
    comparisons,
    forward,
)
from pubsub_devtools.schema.judges import Policy, findings, refuses
from pubsub_devtools.schema.registry.event_schemas import event_type
from pubsub_devtools.schema.registry.values import Schema
from pubsub_devtools.schema.serving.schemas import Resolve, source

__all__ = ["problems"]


def problems(
    mode: Mode, new: Schema, history: Sequence[Schema], resolve: Resolve, policy: Policy
) -> tuple[Incompatibility, ...]:
    """Return what refuses a new schema after those that are registered, the newest of these first."""
    return tuple(
        Incompatibility(direction, index, found)
        for direction, index in comparisons(mode, len(history))
        for found in _between(direction, history[index], new, resolve)
        if refuses(found, policy)
    )


def _between(direction: Direction, old: Schema, new: Schema, resolve: Resolve) -> Iterator[Difference]:
    old_type, new_type = event_type(old), event_type(new)
    if old_type is not None and new_type is not None:
        # Of event classes it is known what they write, so that nothing hangs on what a schema merely allows.
        found = (backward if direction == "backward" else forward)(old_type, new_type)
        yield from (each for each in found if each.severity == "breaking")
    elif direction == "backward":
        yield from findings(source(old, resolve), source(new, resolve), older="writer")
    else:
        yield from findings(source(new, resolve), source(old, resolve), older="reader")
