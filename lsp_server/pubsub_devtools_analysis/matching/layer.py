"""The base of the layers that make up the finder."""

from __future__ import annotations

from abc import ABC, abstractmethod

from pubsub_devtools_analysis.evaluation import Evaluator
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.matching.draft import Draft
from pubsub_devtools_analysis.values import (
    Class,
)


class Layer(ABC):
    """What all layers of the matching share. Each layer knows the ones below it, and asks those above through this."""

    def __init__(self, evaluator: Evaluator, known: Known) -> None:
        self.evaluator = evaluator
        self.known = known
        self.workspace = evaluator.workspace
        self.memo = evaluator.memo
        self.hot: frozenset[str] = frozenset(known.hot)
        self.wrappers: dict[str, set[tuple[str, str]]] = {}
        self.seeds: dict[str, list[Draft]] = {}
        self.classes: dict[str, Class] = {}

    # What lower layers ask of the ones above them.

    @abstractmethod
    def of_call(self, path: str, index: int) -> tuple[Draft, ...]:
        """The sites that one call makes."""

    @abstractmethod
    def of_decorated(self, path: str, key: str) -> tuple[Draft, ...]:
        """The sites that a function's decorators make."""
