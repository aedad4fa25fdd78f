"""The base of the layers that read a payload's shape."""

from __future__ import annotations

from abc import ABC, abstractmethod

from pubsub_devtools_analysis.facts import AnyExpr
from pubsub_devtools_analysis.fields.shape import Shape
from pubsub_devtools_analysis.fields.spot import Filled, Spot
from pubsub_devtools_analysis.matching import Finder
from pubsub_devtools_analysis.values import Class, Instance


class Layer(ABC):
    """What all layers share. Each knows the ones below it, and asks those above through this.

    `wanted`: the dotted path of the class whose messages count, where others pass by the same place. `is_seen`: one of
    these was met. `is_loose`: an
    object is only a message where its class is made to be data.
    """

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self.evaluator = finder.evaluator
        self.workspace = finder.workspace
        self.wanted = ""
        self.is_seen = False
        self.is_loose = True
        self.depth = 0
        self.steps = 0
        self.active: set[tuple[str, int, int, int]] = set()

    # What lower layers ask of the ones above them.

    @abstractmethod
    def shape(self, spot: Spot, expr: AnyExpr) -> Shape:
        """The shape of what an expression gives."""

    @abstractmethod
    def filled(self, filled: Filled) -> Shape:
        """The shape of what a caller gives."""

    @abstractmethod
    def written_out(self, spot: Spot, expr: AnyExpr) -> Shape | None:
        """The shape of an expression that is a dict or a constructor's call, directly or through one variable."""

    @abstractmethod
    def instance(self, value: Instance) -> Shape:
        """The shape of an instance of a workspace class."""

    def symbol(self, cls: Class) -> str:
        """The dotted path of a class."""
        return self.workspace.symbol(cls.path, cls.key)
