"""The history of a subject: what each version changed, and whether neighbours read each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pubsub_devtools.schema.registry.event_schemas import event_type
from pubsub_devtools.schema.registry.evolution import Change, Evolution, changes
from pubsub_devtools.schema.registry.judging import between
from pubsub_devtools.schema.registry.values import Registered, Schema

__all__ = ["differences", "evolutions"]


def evolutions(versions: Sequence[Registered]) -> tuple[Evolution, ...]:
    """Return each version with what it changed of the one before."""
    first = tuple(Evolution(version) for version in versions[:1])
    return (*first, *(differences(old, new) for old, new in pairwise(versions)))


def differences(old: Registered, new: Registered) -> Evolution:
    """Return what one version changed of another one."""
    return Evolution(
        new,
        _changes(old.schema, new.schema),
        tuple(between("backward", old.schema, new.schema)),
        tuple(between("forward", old.schema, new.schema)),
    )


def _changes(old: Schema, new: Schema) -> tuple[Change, ...]:
    before, after = event_type(old), event_type(new)
    if before is not None and after is not None:
        return changes(before, after)
    return () if old == new else (Change("changed", "", f"the {new.type} schema is another one"),)
