"""What stands between a writer and a reader, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

__all__ = ["Code", "Difference", "Judgement", "Severity", "Verdict", "judgement"]

Severity: TypeAlias = Literal["compatible", "risky", "breaking"]
Verdict: TypeAlias = Literal["none", "compatible", "risky", "breaking"]
"""``none``: no contract changed. ``risky``: it hangs on what cannot be seen."""

Code: TypeAlias = Literal[
    "added",
    "alias",
    "extra",
    "format",
    "length",
    "limit",
    "may-be-missing",
    "missing",
    "null",
    "pattern",
    "type",
    "union",
    "unknown",
    "unread",
    "values",
]

SEVERITIES: tuple[Severity, ...] = ("compatible", "risky", "breaking")


class Difference(msgspec.Struct, frozen=True):
    """One thing that a reader does not take as the writer gives it.

    ``path`` names the field (``order.items.sku``; indexes and keys vanish) and is empty for the whole message. ``text``
    says it in words. Of the two versions that are compared one is the old and one the new; the words tell which.
    """

    path: str
    code: Code
    severity: Severity
    text: str


class Judgement(msgspec.Struct, frozen=True):
    """A verdict and its reasons, the gravest first."""

    verdict: Verdict
    reasons: tuple[Difference, ...] = ()


def judgement(reasons: Iterable[Difference], *, changed: bool = False) -> Judgement:
    """Return the verdict that reasons amount to: that of the gravest.

    Args:
        reasons: What was found; of one path and code the gravest is kept.
        changed: Whether the contract changed at all, which is compatible even without a reason.

    Example:
        >>> judgement([Difference("total", "type", "breaking", "`total` was int, is str")]).verdict
        'breaking'
        >>> judgement([]).verdict, judgement([], changed=True).verdict
        ('none', 'compatible')
    """
    kept: dict[tuple[str, Code], Difference] = {}
    for reason in reasons:
        known = kept.get((reason.path, reason.code))
        if known is None or _weight(known) < _weight(reason):
            kept[reason.path, reason.code] = reason
    ordered = tuple(sorted(kept.values(), key=lambda reason: (-_weight(reason), reason.path, reason.code)))
    if ordered:
        return Judgement(ordered[0].severity, ordered)
    return Judgement("compatible" if changed else "none")


def _weight(reason: Difference) -> int:
    return SEVERITIES.index(reason.severity)
