"""The hand-written signal classes and naming decorators of a workspace, which are settled before anything is linked.

They become a dialect, exactly as a user would configure them; so a change to one of them is a change of dialect.
"""

from __future__ import annotations

from typing import NamedTuple

from pubsub_devtools_analysis.evaluation import Evaluator
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.memo import Memo
from pubsub_devtools_analysis.shapes import prefix_decorators, signal_classes, signal_dialect
from pubsub_devtools_analysis.workspace import Workspace


class Settled(NamedTuple):
    """What one file shows.

    `classes` are signal classes: the dotted path, the methods that add a handler, and those that call them.
    `decorators` keep functions by the beginning of their names: the dotted path, and that beginning.
    """

    classes: list[tuple[str, tuple[str, ...], tuple[str, ...]]]
    decorators: list[tuple[str, str]]


_NOTHING = Settled([], [])


class Signals:
    """The signal classes and naming decorators by file."""

    def __init__(self, workspace: Workspace) -> None:
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
        """The look-ups with what was found in them."""
        if self._settled:
            ordered = [self._settled[path] for path in sorted(self._settled)]
            classes = [each for settled in ordered for each in settled.classes]
            decorators = [each for settled in ordered for each in settled.decorators]
            known.add(signal_dialect(classes, decorators))
        return known

    def _found(self, path: str) -> Settled:
        facts = self._workspace.facts(path)
        if facts is None:
            return _NOTHING
        return Settled(
            signal_classes(self._evaluator, path, facts), prefix_decorators(self._evaluator, path, facts)
        )
