"""The hand-written signal classes and naming decorators of a workspace, which are settled before anything is linked.

They become a dialect, exactly as a user would configure them; so a change to one of them is a change of dialect.
"""

from __future__ import annotations

from typing import NamedTuple

from pubsub_devtools_analysis import library
from pubsub_devtools_analysis.evaluation import Evaluator
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.memo import Memo
from pubsub_devtools_analysis.shapes import DIALECT, prefix_decorators, signal_classes, signal_dialect
from pubsub_devtools_analysis.workspace import Workspace

SignalClass = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Its dotted path, the methods that add a handler, and those that call them."""

NamingDecorator = tuple[str, str]
"""Its dotted path, and the beginning of the names of the functions that it keeps."""


class Settled(NamedTuple):
    """What one file shows.

    `classes` are signal classes, `decorators` those that keep functions by the beginning of their names.
    """

    classes: list[SignalClass]
    decorators: list[NamingDecorator]


_NOTHING = Settled([], [])


class Signals:
    """The signal classes and naming decorators by file.

    `added` are the classes, and `naming` the decorators, that no dialect speaks of, each with its file.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.added: list[tuple[str, SignalClass]] = []
        self.naming: list[tuple[str, NamingDecorator]] = []
        self._workspace = workspace
        self._evaluator = Evaluator(workspace, Known(()), Memo())
        self._settled: dict[str, Settled] = {}

    def update(self, candidates: set[str], changed: set[str] | None = None) -> bool:
        """Look again in the files that changed, or in all. Gives whether there are others now."""
        before = self._settled
        again = candidates if changed is None else candidates & changed
        kept = {path: found for path, found in before.items() if path in candidates and path not in again}
        self._settled = kept | {path: found for path in again if (found := self._found(path)) != _NOTHING}
        return self._settled != before

    def added_to(self, known: Known) -> Known:
        """The look-ups with what was found in them that they do not speak of yet."""
        self.added = [
            (path, each)
            for path in sorted(self._settled)
            for each in self._settled[path].classes
            if each[0] not in known.classes
        ]
        self.naming = [
            (path, each)
            for path in sorted(self._settled)
            for each in self._settled[path].decorators
            if each[0] not in known.functions
        ]
        if self.added or self.naming:
            known.add(signal_dialect([each for _, each in self.added], [each for _, each in self.naming]))
        return known

    def _found(self, path: str) -> Settled:
        facts = self._workspace.facts(path)
        if facts is None:
            return _NOTHING
        return Settled(
            signal_classes(self._evaluator, path, facts), prefix_decorators(self._evaluator, path, facts)
        )


def words_of_settled(known: Known) -> frozenset[str]:
    """The methods and functions of the hand-written signals, which no framework's words choose files by."""
    methods = {method for dialect, _, method in known.methods if dialect == DIALECT}
    functions = {
        path.rpartition(".")[2]
        for path, rules in known.functions.items()
        if any(rule.dialect.name == DIALECT and rule.kind != "declare" for rule in rules)
    }
    return frozenset(methods | functions) - library.COMMON_WRAPPERS
