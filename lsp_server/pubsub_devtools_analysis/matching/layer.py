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
        self._namesakes: dict[str, set[Class]] = {}

    def claim(self, cls: Class) -> None:
        """Note a class that an event is named after: of two with one dotted path the first that is there, whoever asked first."""
        symbol = self.workspace.symbol(cls.path, cls.key)
        known = self.classes.setdefault(symbol, cls)
        if known != cls:
            self._namesakes.setdefault(symbol, {known}).add(cls)
            self._settle(symbol)

    def drop(self, path: str) -> None:
        """A file has changed: what was its class may be its namesake's now."""
        for symbol, namesakes in self._namesakes.items():
            if any(cls.path == path for cls in namesakes):
                self._settle(symbol)

    def _settle(self, symbol: str) -> None:
        there = (cls for cls in self._namesakes[symbol] if self.workspace.exists(cls.path, cls.key))
        self.classes[symbol] = min(there, key=lambda cls: (cls.path, cls.key), default=self.classes[symbol])

    # What lower layers ask of the ones above them.

    @abstractmethod
    def of_call(self, path: str, index: int) -> tuple[Draft, ...]:
        """The sites that one call makes."""

    @abstractmethod
    def of_decorated(self, path: str, key: str) -> tuple[Draft, ...]:
        """The sites that a function's decorators make."""
