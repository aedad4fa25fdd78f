"""Whether every value that one type allows lies within the limits of another."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from pubsub_devtools.model.field_type import ChoiceValue, Limits

__all__: list[str] = []

Bound = tuple[float, bool]
"""A bound and whether it excludes itself."""


def unmet(written: Limits, read: Limits, *, whole: bool = False) -> Iterator[str]:
    """Yield the names of the reader's limits that some value within the writer's limits does not meet.

    Args:
        written: The limits of what is written.
        read: The limits of the reader.
        whole: Whether only whole numbers are written, so that ``gt=0`` is ``ge=1``.

    Example:
        >>> list(unmet(Limits(gt=0), Limits(ge=1), whole=True)), list(unmet(Limits(gt=0), Limits(ge=1)))
        ([], ['ge'])
    """
    if not _covers(_lower(written, whole), _lower(read, whole)):
        yield "gt" if read.ge is None else "ge"
    if not _covers(_upper(written, whole), _upper(read, whole)):
        yield "lt" if read.le is None else "le"
    if read.multiple_of and not _multiple(written.multiple_of or (1 if whole else 0), read.multiple_of):
        yield "multiple_of"
    if (read.min_length or 0) > (written.min_length or 0):
        yield "min_length"
    if read.max_length is not None and (written.max_length is None or written.max_length > read.max_length):
        yield "max_length"
    if read.pattern is not None and written.pattern != read.pattern:
        yield "pattern"


def outside(value: ChoiceValue, limits: Limits) -> Iterator[str]:
    """Yield the names of the limits that one value does not meet.

    Example:
        >>> list(outside(3, Limits(ge=1, le=2))), list(outside("abc", Limits(max_length=3)))
        (['le'], [])
    """
    if isinstance(value, str):
        yield from _outside_text(value, limits)
    else:
        exactly = Limits(ge=value, le=value, multiple_of=abs(value) or limits.multiple_of)
        numbers = Limits(limits.ge, limits.gt, limits.le, limits.lt, limits.multiple_of)
        yield from unmet(exactly, numbers)


def _outside_text(value: str, limits: Limits) -> Iterator[str]:
    if len(value) < (limits.min_length or 0):
        yield "min_length"
    if limits.max_length is not None and len(value) > limits.max_length:
        yield "max_length"
    if limits.pattern is not None and not _found(limits.pattern, value):
        yield "pattern"


def _found(pattern: str, value: str) -> bool:
    try:
        return re.search(pattern, value) is not None
    except re.error:
        return False


def _lower(limits: Limits, whole: bool) -> Bound | None:
    bounds: list[Bound] = []
    if limits.ge is not None:
        bounds.append((math.ceil(limits.ge) if whole else limits.ge, False))
    if limits.gt is not None:
        bounds.append((math.floor(limits.gt) + 1, False) if whole else (limits.gt, True))
    return max(bounds, default=None)


def _upper(limits: Limits, whole: bool) -> Bound | None:
    """Return the upper bound with its sign turned, so that it compares as a lower one."""
    turned = Limits(ge=_minus(limits.le), gt=_minus(limits.lt))
    return _lower(turned, whole)


def _minus(bound: float | None) -> float | None:
    return None if bound is None else -bound


def _covers(written: Bound | None, read: Bound | None) -> bool:
    return read is None or (written is not None and written >= read)


def _multiple(written: float, read: float) -> bool:
    if isinstance(written, int) and isinstance(read, int):
        return bool(written) and written % read == 0
    return written == read or (bool(written) and (written / read).is_integer())
