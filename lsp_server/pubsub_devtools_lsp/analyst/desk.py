"""The analyst's work: what is to be done next, done in pieces short enough to look for news in between.

What editors did comes first, then what they see: the graph, what the open files say, fields, findings, and at last what
the remaining files say. A desk knows no process and no pipe: tests work one beside a server in one process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import perf_counter

from msgspec.structs import replace

from pubsub_devtools.model import EventGraph, Finding
from pubsub_devtools_analysis.config import ConfigError
from pubsub_devtools_analysis.freeing import give_back
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.occurrences import Occurrences
from pubsub_devtools_analysis.project import ProjectError
from pubsub_devtools_analysis.queries.occurrence import Occurrence
from pubsub_devtools_lsp.analyst.findings import Findings
from pubsub_devtools_lsp.analyst.graph_change import change
from pubsub_devtools_lsp.analyst.kept import Kept
from pubsub_devtools_lsp.analyst.messages import (
    Begin,
    Doing,
    Edit,
    Focus,
    FromAnalyst,
    Look,
    Refused,
    Shown,
    Stage,
    ToAnalyst,
)
from pubsub_devtools_lsp.analyst.mixing import mixed
from pubsub_devtools_lsp.analyst.sweep import Sweep
from pubsub_devtools_lsp.analyst.todo import Todo
from pubsub_devtools_lsp.analyst.words import WordsOfFiles

_SLICE = 0.03
"""Seconds of looking at files before the desk looks for news."""

_MANY = 100
"""So many files that changed on the disk are taken in by looking at all of it."""


class Desk:
    """One root and what is to be done for it.

    Args:
        tell: told what the server is to know.
    """

    def __init__(self, tell: Callable[[FromAnalyst], None]) -> None:
        self._tell = tell
        self._todo = Todo()
        self._begun = Begin("")
        self._host: AnalysisHost | None = None
        self._refused = ""
        self._shown = EventGraph(root="")
        self._plain = self._shown
        self._said: dict[str, tuple[Occurrence, ...]] = {}
        self._words = WordsOfFiles()
        self._reset()
        self._findings: Findings | None = None
        self._sweep: Sweep | None = None
        self._told: dict[str, tuple[Finding, ...]] = {}

    def _reset(self) -> None:
        self._occurrences: Occurrences | None = None
        self._stale: dict[str, None] = {}
        self._is_stale = self._lacks_fields = self._lacks_findings = True
        self._is_complete = self._is_warm = False
        self._unsaved: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._seen: dict[str, int] = {}

    # -- what comes in

    def take(self, messages: Iterable[ToAnalyst]) -> None:
        """Take in what the server says; of what is said twice the last counts."""
        for message in messages:
            self._todo.add(message)
            if isinstance(message, Focus) and self._sweep is not None:
                self._sweep.soon()
            self._is_complete = self._is_complete and isinstance(message, Focus)

    def step(self) -> bool:
        """Do the next piece of work. Gives whether there was one."""
        try:
            return self._step()
        except (ConfigError, ProjectError) as error:
            self._refuse(error)
            return True

    def _step(self) -> bool:
        todo = self._todo
        if todo.begin is not None:
            self._open(todo.take_begin())
        elif self._host is None:
            return self._try_again()
        elif todo.texts or todo.looks or todo.is_everything_to_see:
            self._take_in(self._host)
        elif self._is_stale:
            self._show_graph(self._host)
        elif self._next_open() is not None:
            self._look_at(self._host, "graph", self._open_ones())
        elif self._lacks_fields:
            self._show_fields(self._host)
        elif self._lacks_findings:
            self._show_findings(self._host)
        elif self._stale:
            self._look_at(self._host, "findings", self._stale)
        elif not self._is_complete:
            self._is_complete = True
            numbers, self._numbers = self._numbers, {}
            Kept(self._said, self._told, self._words.known).keep(self._host, self._begun)
            self._tell(Shown("complete", numbers=numbers))
        elif not self._is_warm:
            self._is_warm = True
            self._host.warm()
            give_back()  # what a whole root took to index lies scattered between what is kept of it
        else:
            return self._sweep_some()
        return True

    def rest(self) -> float | None:
        """The seconds until there is something to do, if nothing is told before; nothing where there never is."""
        return None if self._sweep is None else self._sweep.rest()

    def _sweep_some(self) -> bool:
        if self._sweep is None or self._sweep.rest() > 0:
            return False
        for path in self._sweep.step():
            if path not in self._todo.held:
                self._todo.add(Look((path,)))
        return True

    # -- the root

    def _open(self, begin: Begin) -> None:
        self.close()
        self._begun = begin
        self._tell(Doing("Opening"))
        self._reset()
        self._findings = None
        try:
            self._host = AnalysisHost.open(
                Path(begin.root),
                config_file=Path(begin.root, begin.config_file) if begin.config_file else None,
                exclude=(*begin.exclude, *begin.skip),
                use_cache=begin.use_cache,
                progress=self._progress,
            )
        finally:
            self._todo.texts = {
                path: Edit(path, data, number) for path, (data, number) in begin.texts.items()
            } | self._todo.texts
        self._sweep = _sweep(self._host)
        self._accept()
        self._show_kept(self._host)

    def _show_kept(self, host: AnalysisHost) -> None:
        """Show at once what an earlier run has found, if nothing has changed since; then all is worked out behind it."""
        kept = Kept.of(host, self._begun)
        if kept is None:
            return
        self._plain, graph = host.snapshot(), host.with_fields()
        self._said, self._told, self._words.known = kept.occurrences, kept.findings, kept.words
        self._tell(Shown("graph", change(self._shown, graph), kept.occurrences, words=kept.words))
        self._shown = graph
        self._tell(Shown("findings", findings=kept.findings))
        self._tell(Shown("complete"))

    def _try_again(self) -> bool:
        """Open a root that could not be opened, once something has changed on the disk."""
        if not (self._refused and (self._todo.looks or self._todo.is_everything_to_see)):
            return False
        self._todo.take_looks()
        self._todo.take_everything()
        self._open(replace(self._begun, texts=self._todo.texts_held()))
        return True

    def close(self) -> None:
        """Let the root go."""
        if self._host is not None:
            self._host.close()
            self._host = None

    def _progress(self, what: str, done: int, all: int) -> None:
        self._tell(Doing(what, done, all))

    def _refuse(self, error: ConfigError | ProjectError) -> None:
        self._refused = str(error)
        place = (str(error.file), error.line) if isinstance(error, ConfigError) else ("", 0)
        self._tell(Refused(self._refused, *place))
        self._is_stale = self._lacks_fields = self._lacks_findings = False

    def _accept(self) -> None:
        if self._refused:
            self._refused = ""
            self._tell(Refused(""))

    # -- changes

    def _take_in(self, host: AnalysisHost) -> None:
        todo = self._todo
        if todo.is_everything_to_see or len(todo.looks) > _MANY:
            self._reload(host)
            return
        refused = None
        for path, data, line in self._changes(host):
            try:
                self._update(host, path, data, line)
            except (ConfigError, ProjectError) as error:
                refused = error
        if refused is not None:
            raise refused
        self._accept()

    def _changes(self, host: AnalysisHost) -> Iterator[tuple[str, bytes | None, int | None]]:
        """The files that are others now, with what they hold and where they are edited."""
        for path, edit in self._todo.take_texts().items():
            self._numbers[path] = self._seen[path] = edit.number
            if path in self._unsaved or _on_disk(host.root / path) != edit.data:
                self._unsaved.add(path)
                yield path, edit.data, edit.line
        for path in self._todo.take_looks():
            if path not in self._todo.held:
                self._seen.pop(path, None)
                self._unsaved.discard(path)
                yield path, _on_disk(host.root / path), None

    def _update(self, host: AnalysisHost, path: str, data: bytes | None, line: int | None = None) -> None:
        if path in self._begun.skip:
            return
        self._tell(Doing("Reading", path=path))
        host.update(path, data, line)
        self._stale[path] = None
        self._is_stale = True
        self._is_complete = False

    def _reload(self, host: AnalysisHost) -> None:
        texts, numbers = self._todo.take_everything()
        unsaved = {path: data for path, data in texts.items() if _on_disk(host.root / path) != data}
        host.reload({path: data for path, data in unsaved.items() if path not in self._begun.skip})
        self._unsaved = {*unsaved}
        self._sweep = _sweep(host)
        self._numbers |= numbers
        self._seen |= numbers
        self._occurrences = None
        self._is_stale = True
        self._is_complete = False
        self._accept()

    # -- what is shown

    def _show_graph(self, host: AnalysisHost) -> None:
        """Show the graph, and with it what the open files say, so that both speak of the same text."""
        plain = host.snapshot()
        graph = mixed(self._plain, plain, self._shown)
        self._is_stale = False
        self._lacks_fields = self._lacks_fields or plain is not self._plain
        self._lacks_findings = True
        self._plain = plain
        self._begin_occurrences(host, graph)
        said = self._said_by(list(self._open_ones()))
        self._show(host, "graph", graph, said)

    def _show_fields(self, host: AnalysisHost) -> None:
        self._tell(Doing("Fields"))
        graph = host.with_fields()
        self._lacks_fields = False
        self._begin_occurrences(host, graph)
        self._show(host, "fields", graph, {})

    def _show(
        self, host: AnalysisHost, stage: Stage, graph: EventGraph, said: dict[str, tuple[Occurrence, ...]]
    ) -> None:
        pieces = change(self._shown, graph)
        numbers, self._numbers = self._numbers, {}
        self._shown = graph
        if pieces or said or numbers:
            words = self._words.of(host, graph, said)
            self._tell(Shown(stage, pieces, said, numbers=numbers, words=words))

    def _begin_occurrences(self, host: AnalysisHost, graph: EventGraph) -> None:
        before, self._occurrences = self._occurrences, Occurrences(host, graph)
        if before is None:
            changed = {*self._occurrences.paths(), *self._said}
        else:
            changed = set[str]()
            for path in self._stale or ("",):
                changed |= self._occurrences.changed(before, path)
        self._stale = dict.fromkeys([*self._stale, *sorted(changed - self._stale.keys())])
        self._is_complete = self._is_complete and not self._stale

    # -- what files say

    def _open_ones(self) -> Iterator[str]:
        return (path for path in self._todo.focus if path in self._stale)

    def _next_open(self) -> str | None:
        return next(self._open_ones(), None)

    def _look_at(self, host: AnalysisHost, stage: Stage, paths: Iterable[str]) -> None:
        """Look at some of the files, for a short time."""
        said = self._said_by(list(paths), _SLICE)
        if said:
            self._tell(Shown(stage, occurrences=said, words=self._words.of(host, self._shown, said)))

    def _said_by(self, paths: list[str], seconds: float = 3600) -> dict[str, tuple[Occurrence, ...]]:
        """What files say now, those left out that say the same as before."""
        end = perf_counter() + seconds
        found: dict[str, tuple[Occurrence, ...]] = {}
        for path in paths:
            if self._occurrences is None or perf_counter() > end:
                break
            self._tell(Doing("Looking", path=path))
            said = self._occurrences.of(path)
            self._stale.pop(path, None)
            if said != self._said.get(path, ()):
                found[path] = self._said[path] = said
        return found

    # -- what is wrong

    def _show_findings(self, host: AnalysisHost) -> None:
        self._tell(Doing("Checking"))
        if self._findings is None:
            self._findings = Findings(host, self._begun)
        found = self._findings.update()
        changed = {
            path: found.get(path, ())
            for path in found.keys() | self._told.keys()
            if found.get(path, ()) != self._told.get(path, ())
        }
        self._told = {**found}
        self._lacks_findings = False
        self._tell(Shown("findings", findings=changed, numbers={**self._seen}))


def _sweep(host: AnalysisHost) -> Sweep:
    return Sweep(host.root, host.stats(), host.configuration())


def _on_disk(file: Path) -> bytes | None:
    """What lies on the disk; nothing for what is no file there."""
    try:
        return file.read_bytes()
    except OSError:
        return None
