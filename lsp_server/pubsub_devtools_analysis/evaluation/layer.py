"""The base of the layers that make up the evaluator."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from pubsub_devtools_analysis.evaluation.at import At
from pubsub_devtools_analysis.evaluation.signatures import Head, head_of
from pubsub_devtools_analysis.facts import (
    AnyExpr,
    Call,
    FileFacts,
)
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.memo import Memo
from pubsub_devtools_analysis.values import (
    Argument,
    Constant,
    Function,
    Value,
    Values,
)
from pubsub_devtools_analysis.workspace import Workspace

_NO_HEAD = Head("", (), frozenset(), in_class=False)

KINDS = frozenset(
    [
        "all handed up",
        "attr",
        "attribute of",
        "bases",
        "bound",
        "call",
        "count",
        "decorated",
        "default",
        "expand",
        "fields",
        "fixture",
        "given",
        "gives",
        "handed up",
        "handed up in",
        "head",
        "imports",
        "member",
        "own",
        "returned",
        "returned for",
        "setting",
        "types",
    ]
)
"""The kinds of questions whose answers the layers have remembered."""


class Layer(ABC):
    """What all layers of the evaluation share. Each layer knows the ones below it, and asks those above through this."""

    def __init__(self, workspace: Workspace, known: Known, memo: Memo) -> None:
        self.workspace = workspace
        self.known = known
        self.memo = memo
        self.make: Callable[[str, int, Values], Values | None] = lambda _path, _call, _callees: None
        self.decorated: Callable[[str, str, Function], Values | None] = lambda _path, _key, _function: None
        self.constants: dict[str, Constant] = {}
        self.fixed: dict[tuple[str, int, str], Values] = {}
        self.depth = 0

    # What lower layers ask of the ones above them.

    @abstractmethod
    def expand(self, argument: Argument) -> Values:
        """What a parameter is by its annotation, its default, its callers, or at last by its conventional name."""

    def head(self, path: str, key: str) -> Head:
        """What the callers of a function need know of it."""
        return self.memo.get(("head", path, key), lambda: self._head(path, key), _NO_HEAD)

    def _head(self, path: str, key: str) -> Head:
        facts = self.workspace.facts(path)
        return _NO_HEAD if facts is None else head_of(facts, self.workspace.scope(path, key))

    @abstractmethod
    def conventional(self, path: str, name: str) -> Values:
        """The object that a variable of this name usually is, where the file imports the library."""

    @abstractmethod
    def eval(self, at: At, expr: AnyExpr) -> Values:
        """All values that an expression can have; none when nothing is known."""

    @abstractmethod
    def returned(self, function: Function) -> Values:
        """What a function returns, in terms of its parameters."""

    @abstractmethod
    def arguments(
        self, path: str, facts: FileFacts, call: Call, function: Function, owner: Value | None
    ) -> dict[Argument, Values]:
        """The values that a call gives for a function's parameters, defaults included."""
