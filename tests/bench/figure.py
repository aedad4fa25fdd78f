"""A figure: one measured number beside the bound that it must keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

TOLERANCE = 1.25
"""How far a small run may be over a bound: it measures little, on whatever machine it is given."""


@dataclass(frozen=True)
class Figure:
    """A number and its bound; without a bound it is told for comparison only, without a value it was not measured."""

    name: str
    value: float | None
    unit: str
    bound: float | None = None
    at_least: bool = False
    peer: bool = False
    """Whether it is a ratio against something measured in the same run: the only kind that holds on any machine."""
    note: str = ""

    def is_gated(self, small: bool) -> bool:
        """Whether a miss counts."""
        return self.bound is not None and self.value is not None and (self.peer or not small)

    def is_missed(self, small: bool) -> bool:
        """Whether the bound counts and is not kept."""
        if not self.is_gated(small) or self.value is None or self.bound is None:
            return False
        if self.at_least:
            return self.value < self.bound
        return self.value > self.bound * (TOLERANCE if small else 1.0)

    def line(self, small: bool) -> str:
        """The figure as it is printed."""
        shown = f"{self._verdict(small):<7} {self.name:<66} {self._shown(self.value):>12} {self.unit:<6}"
        return f"{shown} {self._limit()}{self.note}".rstrip()

    def _verdict(self, small: bool) -> str:
        if self.value is None:
            return "absent"
        if not self.is_gated(small):
            return ""
        return "MISSED" if self.is_missed(small) else "kept"

    def _limit(self) -> str:
        if self.bound is None:
            return ""
        return f"{'at least' if self.at_least else 'at most'} {self._shown(self.bound)}  "

    @staticmethod
    def _shown(value: float | None) -> str:
        return "not measured" if value is None else f"{value:,.3f}".rstrip("0").rstrip(".")


def absent(name: str, why: str) -> Iterator[Figure]:
    """Say that something was not measured, and why."""
    yield Figure(name, None, "", note=why)
