"""Pairs of types that are compared inside each other: recursion ends, and nothing is compared twice in vain."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from pubsub_devtools.schema.judges.difference import Finding

__all__ = ["Recursion", "TooMuch"]

STEPS = 20_000
"""Pairs that one comparison looks at; beyond them it is given up, and says so."""


class TooMuch(Exception):  # noqa: N818 (it says what is so)
    """A schema is too large, or too entangled, to be judged."""


class Recursion:
    """Remembers the pairs that a comparison is inside, and what it found in those that it has left.

    A pair that is met again inside itself holds where nothing else in it fails. What rests on such an assumption about a
    pair that is still open is not remembered, for that pair may yet fail.
    """

    def __init__(self) -> None:
        self.steps = 0
        self.inside: dict[Hashable, int] = {}
        self.known: dict[Hashable, list[Finding]] = {}
        self.rests_on = STEPS

    def step(self) -> None:
        """Count one step.

        Raises:
            TooMuch: There were too many.
        """
        self.steps += 1
        if self.steps > STEPS:
            raise TooMuch("its parts refer to each other in too many ways")

    def entered(self, pair: Hashable, place: Hashable, made: Callable[[], list[Finding]]) -> list[Finding]:
        """Return what is found between a pair: made now, or known already for this place."""
        self.step()
        if pair in self.inside:
            self.rests_on = min(self.rests_on, self.inside[pair])
            return []
        if (pair, place) in self.known:
            return self.known[pair, place]
        depth, outer, self.rests_on = len(self.inside), self.rests_on, STEPS
        self.inside[pair] = depth
        try:
            found = made()
        finally:
            del self.inside[pair]
        if found or self.rests_on >= depth:
            self.known[pair, place] = found
        else:
            outer = min(outer, self.rests_on)
        self.rests_on = outer
        return found
