"""One root that is open in the editor: what is known of it, which of its files are open, and its analyst.

A session never waits. It tells the analyst what changes, takes in what the analyst has found, and in between carries
positions over by the edits that the analyst has not seen yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pubsub_devtools.model import EventGraph, Place
from pubsub_devtools_analysis.queries.snapshot import Snapshot
from pubsub_devtools_lsp.analyst.graph_change import Applying
from pubsub_devtools_lsp.analyst.link import Link
from pubsub_devtools_lsp.analyst.messages import Begin, Edit, Focus, FromAnalyst, Look, Shown, ToAnalyst
from pubsub_devtools_lsp.disk import Lines
from pubsub_devtools_lsp.settings import Settings
from pubsub_devtools_lsp.texts.document import Open
from pubsub_devtools_lsp.texts.moving import Point
from pubsub_devtools_lsp.uris import uri_of

PYTHON = ".py"
Value = TypeVar("Value")
Heard = Callable[["Session", FromAnalyst], None]


class Stretch:
    """A stretch of a document as it stands now: its URI, and where in it, in code points."""

    def __init__(self, uri: str, start: Point, end: Point, line: Callable[[int], str]) -> None:
        self.uri = uri
        self.start = start
        self.end = end
        self.line = line
        """The text of a line of the document, from 0."""


class Session:
    """One root.

    Args:
        root: the folder, as the editor names it.
        settings: what the user has set for it.
        begin: makes the link to an analyst; it is given the session.
        heard: told of everything that the analyst says, once the session has taken it in.
    """

    def __init__(
        self, root: Path, settings: Settings, begin: Callable[[Session], Link], heard: Heard
    ) -> None:
        self.root = root
        self.settings = settings
        self.snapshot = Snapshot(EventGraph(root=root.name), {}, {}, is_complete=False)
        self.open: dict[str, Open] = {}
        self._left: dict[str, Open] = {}
        """Documents that were closed, and whose text may still be the one that the analysis knows."""
        self.heard = heard
        self._told: Told | None = None
        self._lines = Lines(root)
        self._link = begin(self)

    # -- what editors do

    def opened(self, path: str, document: Open) -> None:
        """An editor holds a file."""
        if path in self._left:
            document.follow(self._left.pop(path))
        self.open[path] = document
        self.edited(path)
        self.tell(self.focus())

    def edited(self, path: str) -> None:
        """An editor holds another text of an open file. What is no Python counts from when it is saved."""
        document = self.open[path]
        if path.endswith(PYTHON):
            line = None if document.line is None else document.line + 1
            self.tell(Edit(path, document.text.data(), document.number, line))

    def saved(self, path: str) -> None:
        """An open file was saved."""
        if not path.endswith(PYTHON):
            self.open[path].seen(self.open[path].number, graph=True, findings=True)
            self.tell(Look((path,)))
        self.tell(self.focus())

    def closed(self, path: str) -> None:
        """No editor holds a file any more: what lies on the disk counts."""
        document = self.open.pop(path, None)
        if document is not None:
            self._left[path] = document
        self._lines.forget(path)
        self.tell(self.focus())
        self.tell(Look((path,)))

    def look_again(self, paths: tuple[str, ...] = ()) -> None:
        """Files have changed on the disk; all may have where none is named."""
        self.tell(Look(paths))

    def tell(self, message: ToAnalyst) -> None:
        """Have the analyst do something."""
        self._link.tell(message)

    def close(self) -> None:
        """The root is no longer open."""
        self._link.close()

    def beginning(self) -> Begin:
        """All that an analyst needs to begin with, also one that takes the place of another."""
        settings = self.settings
        return Begin(
            str(self.root),
            {path: (d.text.data(), d.number) for path, d in self.open.items() if path.endswith(PYTHON)},
            settings.config_file,
            settings.exclude,
            settings.findings.select,
            settings.findings.ignore,
        )

    def focus(self) -> Focus:
        """The files that editors show."""
        return Focus(tuple(self.open))

    def begin_anew(self) -> None:
        """Another analyst takes over: it is told everything, and tells everything."""
        self._told = Told()

    def configure(self, settings: Settings) -> None:
        """The user has set something else."""
        before, self.settings = self.beginning(), settings
        after = self.beginning()
        if after != before:
            self.tell(after)

    # -- what the analyst tells

    def take(self, message: FromAnalyst) -> Iterator[None]:
        """Take in what the analyst says, in steps short enough to answer questions in between."""
        if isinstance(message, Shown):
            yield from self._show(message)
        self.heard(self, message)

    def _show(self, shown: Shown) -> Iterator[None]:
        known = self.snapshot
        is_first = self._told is not None and not self._told.is_anything
        applying = Applying(EventGraph(root="") if is_first else known.graph)
        for piece in shown.graph:
            applying.take(piece)
            yield
        for path in shown.occurrences.keys() | shown.findings.keys() | shown.numbers.keys():
            self._lines.forget(path)
            self._left.pop(path, None)
        for path, number in shown.numbers.items():
            if path in self.open:
                self.open[path].seen(
                    number, graph=shown.stage != "findings", findings=shown.stage in ("findings", "complete")
                )
        occurrences, findings = (
            {**known.occurrences, **shown.occurrences},
            {**known.findings, **shown.findings},
        )
        is_complete = shown.stage == "complete"
        if is_complete:
            self._left = {}
        if self._told is not None:
            self._told.add(shown)
            if is_complete:
                occurrences, findings = self._told.only(occurrences, findings)
                self._told = None
        self.snapshot = Snapshot(
            applying.graph() if shown.graph else known.graph,
            _some(occurrences),
            _some(findings),
            {path: each for path, each in {**known.words, **shown.words}.items() if occurrences.get(path)},
            is_complete=is_complete,
            lookups=known.lookups,
        )

    # -- where things are now

    def stretch(self, place: Place, *, is_finding: bool = False) -> Stretch | None:
        """Where a place of the snapshot's graph, or of its findings, is now; nothing where it was edited away."""
        start, end = (place.line - 1, place.column), (place.end_line - 1, place.end_column)
        document = self.open.get(place.path)
        if document is None:
            lines = self._lines.of(place.path)
            return Stretch(uri_of(self.root / place.path), start, end, lines)
        drift = document.finding_drift if is_finding else document.drift
        first, last = drift.forward(start), drift.forward(end)
        if first is None or last is None or last < first:
            return None
        begin, finish = document.spot(first), document.spot(last)
        if begin is None or finish is None or begin[0] != finish[0]:
            return None
        if last > document.text.end:
            return None  # it is of another text than the one that is held: the analysis is about to tell anew
        shift = first[0] - begin[1][0]
        return Stretch(begin[0], begin[1], finish[1], lambda line: document.text.line(line + shift))


class Told:
    """What an analyst that takes over has told of: once it is done, what it has not told of is no longer so."""

    def __init__(self) -> None:
        self.is_anything = False
        self._paths: tuple[set[str], set[str]] = (set(), set())

    def add(self, shown: Shown) -> None:
        """It has told more."""
        self.is_anything = True
        occurrences, findings = self._paths
        occurrences.update(shown.occurrences)
        findings.update(shown.findings)

    def only(self, *known: dict[str, Any]) -> list[dict[str, Any]]:
        """What is known, by file, without that which it has not told of."""
        return [
            {path: value for path, value in values.items() if path in paths}
            for paths, values in zip(self._paths, known, strict=True)
        ]


def _some(known: dict[str, tuple[Value, ...]]) -> Mapping[str, tuple[Value, ...]]:
    """What is known by file: one with nothing left is no longer there."""
    return {path: values for path, values in known.items() if values}
