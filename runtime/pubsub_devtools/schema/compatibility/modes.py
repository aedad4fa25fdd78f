"""The compatibility modes of schema registries, as rules on types.

BACKWARD: a consumer with the new schema reads what was written with the last one. FORWARD: a consumer with the last schema
reads what is written with the new one. FULL: both. The transitive forms ask it of every earlier schema, NONE asks nothing.
Source: Confluent, "Schema Evolution and Compatibility for Schema Registry",
https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias, get_args

import msgspec

from pubsub_devtools.model.field_type import FieldType
from pubsub_devtools.schema.compatibility.comparison import readable
from pubsub_devtools.schema.compatibility.difference import Difference

__all__ = [
    "Direction",
    "Incompatibility",
    "Mode",
    "backward",
    "comparisons",
    "forward",
    "full",
    "incompatibilities",
]

Direction: TypeAlias = Literal["backward", "forward"]
Mode: TypeAlias = Literal[
    "NONE",
    "BACKWARD",
    "BACKWARD_TRANSITIVE",
    "FORWARD",
    "FORWARD_TRANSITIVE",
    "FULL",
    "FULL_TRANSITIVE",
]


class Incompatibility(msgspec.Struct, frozen=True):
    """A difference between the new schema and an earlier one. ``against`` is that one's index in the history."""

    direction: Direction
    against: int
    difference: Difference


def backward(old: FieldType, new: FieldType) -> tuple[Difference, ...]:
    """Return what keeps the new schema from reading what was written with the old one.

    Example:
        >>> from pubsub_devtools.model.field_type import Record, RecordField, Scalar
        >>> old, new = Record("E"), Record("E", (RecordField("total", Scalar("int")),))
        >>> backward(old, new)[0].text
        'the new version requires `total`, which the old one does not give'
    """
    return readable(old, new, older="writer")


def forward(old: FieldType, new: FieldType) -> tuple[Difference, ...]:
    """Return what keeps the old schema from reading what is written with the new one.

    Example:
        >>> from pubsub_devtools.model.field_type import Record, RecordField, Scalar
        >>> old, new = Record("E"), Record("E", (RecordField("total", Scalar("int")),))
        >>> forward(old, new)
        ()
    """
    return readable(new, old, older="reader")


def full(old: FieldType, new: FieldType) -> tuple[Difference, ...]:
    """Return what `backward` and `forward` return.

    Example:
        >>> from pubsub_devtools.model.field_type import Scalar
        >>> len(full(Scalar("int"), Scalar("str")))
        2
    """
    return (*backward(old, new), *forward(old, new))


def incompatibilities(
    mode: Mode, new: FieldType, history: Sequence[FieldType]
) -> tuple[Incompatibility, ...]:
    """Return what a mode has against a new schema.

    Args:
        mode: The compatibility mode of the subject.
        new: The schema that is to be registered.
        history: The schemas registered before, oldest first.

    Returns:
        The differences with the schema that each is about, the newest first. ``risky`` ones are among them: whether these
        refuse the schema is the caller's choice.

    Raises:
        ValueError: There is no such mode.

    Example:
        >>> from pubsub_devtools.model.field_type import Scalar
        >>> history = [Scalar("str"), Scalar("int")]
        >>> incompatibilities("BACKWARD", Scalar("float"), history)
        ()
        >>> [found.against for found in incompatibilities("BACKWARD_TRANSITIVE", Scalar("float"), history)]
        [0]
    """
    return tuple(
        found
        for direction, index in comparisons(mode, len(history))
        for found in _against(direction, index, history[index], new)
    )


def comparisons(mode: Mode, count: int) -> tuple[tuple[Direction, int], ...]:
    """Return which earlier schemas a mode holds a new one against, the newest first, and in which direction.

    Args:
        mode: The compatibility mode.
        count: How many schemas there are; indexes count from the oldest.

    Raises:
        ValueError: There is no such mode.

    Example:
        >>> comparisons("FULL", 3), comparisons("FORWARD_TRANSITIVE", 2)
        ((('backward', 2), ('forward', 2)), (('forward', 1), ('forward', 0)))
    """
    if mode not in get_args(Mode):
        raise ValueError(f"{mode!r} is no compatibility mode: use one of {', '.join(get_args(Mode))}")
    asked, _, transitive = mode.partition("_")
    first = 0 if transitive else max(count - 1, 0)
    return tuple((way, index) for index in reversed(range(first, count)) for way in _DIRECTIONS[asked])


_DIRECTIONS: dict[str, tuple[Direction, ...]] = {
    "NONE": (),
    "BACKWARD": ("backward",),
    "FORWARD": ("forward",),
    "FULL": ("backward", "forward"),
}


def _against(direction: Direction, index: int, old: FieldType, new: FieldType) -> Iterator[Incompatibility]:
    judge = backward if direction == "backward" else forward
    for difference in judge(old, new):
        yield Incompatibility(direction, index, difference)
