"""The hand-written signal classes of a workspace, which are settled before anything is linked.

They become a dialect, exactly as a user would configure them; so a change to one of them is a change of dialect.
"""

from __future__ import annotations

from pubsub_devtools_analysis.evaluation import Evaluator
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.memo import Memo
from pubsub_devtools_analysis.shapes import signal_classes, signal_dialect
from pubsub_devtools_analysis.workspace import Workspace

SignalClass = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Its dotted path, the methods that add a handler, and those that call them."""


class Signals:
    """The signal classes by file. `added` are those that no dialect speaks of, each with its file."""

    def __init__(self, workspace: Workspace) -> None:
        self.added: list[tuple[str, SignalClass]] = []
        self._workspace = workspace
        self._evaluator = Evaluator(workspace, Known(()), Memo())
        self._classes: dict[str, list[SignalClass]] = {}

    def update(self, candidates: set[str], changed: set[str] | None = None) -> bool:
        """Look again in the files that changed, or in all. Gives whether there are others now."""
        before = self._classes
        again = candidates if changed is None else candidates & changed
        kept = {path: found for path, found in before.items() if path in candidates and path not in again}
        self._classes = kept | {path: found for path in again if (found := self._found(path))}
        return self._classes != before

    def added_to(self, known: Known) -> Known:
        """The look-ups with the signal classes in them that they do not speak of yet."""
        self.added = [
            (path, each)
            for path in sorted(self._classes)
            for each in self._classes[path]
            if each[0] not in known.classes
        ]
        if self.added:
            known.add(signal_dialect([each for _, each in self.added]))
        return known

    def _found(self, path: str) -> list[SignalClass]:
        facts = self._workspace.facts(path)
        return [] if facts is None else signal_classes(self._evaluator, path, facts)
