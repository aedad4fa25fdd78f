"""Certainty as an order, so that claims can be compared and a chain is no surer than its weakest part."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubsub_devtools.model import Certainty

_RANK: dict[Certainty, int] = {"sure": 0, "likely": 1, "guess": 2}


def at_least(certainty: Certainty, floor: Certainty) -> bool:
    """Whether a claim may be shown where ``floor`` is the least that is asked for.

    >>> at_least("sure", "likely"), at_least("guess", "likely")
    (True, False)
    """
    return _RANK[certainty] <= _RANK[floor]


def weakest(certainties: Iterable[Certainty]) -> Certainty:
    """The certainty of claims that hold only together.

    >>> weakest(["sure", "likely"])
    'likely'
    """
    ranked: list[Certainty] = sorted(certainties, key=_RANK.__getitem__)
    return ranked[-1] if ranked else "sure"
