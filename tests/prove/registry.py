"""Which proofs there are, and what one reports.

A proof is a function of a count, a seed and a number of jobs. It draws its cases from the seed alone, so that a
failure can be repeated, and returns figures beside the bounds that it holds itself to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What a proof found: figures to print and keep, and each bound that was missed as a sentence."""

    figures: dict[str, Any]
    misses: list[str] = field(default_factory=list)


Proof = Callable[[int, int, int], Outcome]


@dataclass(frozen=True)
class Entry:
    """One proof: its name, the count of a full run, and the function."""

    name: str
    count: int
    run: Proof


def entries() -> list[Entry]:
    """All proofs, cheapest first. Add yours here."""
    from tests.prove import edits, fuzz, kills, lowering, server, splicing, updates

    return [
        Entry("kills", 200, kills.prove),
        Entry("edits", 1_000, edits.prove),
        Entry("updates", 20_000, updates.prove),
        Entry("splicing", 3_000, splicing.prove),
        Entry("lowering", 3_000, lowering.prove),
        Entry("server", 100_000, server.prove),
        Entry("fuzz", 100_000, fuzz.prove),
    ]
