"""The analysis of one root, kept up to date: takes changed files in and hands out immutable graphs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from pubsub_devtools.model import Coverage, EventGraph, Problem
from pubsub_devtools_analysis import config, project
from pubsub_devtools_analysis.declared import declared
from pubsub_devtools_analysis.dialect import Dialect, shipped
from pubsub_devtools_analysis.extract import extract
from pubsub_devtools_analysis.facts import FileFacts
from pubsub_devtools_analysis.graph import Assembly
from pubsub_devtools_analysis.index import Choice, Index
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.link import Linker
from pubsub_devtools_analysis.linked import join, outside
from pubsub_devtools_analysis.modules import Modules
from pubsub_devtools_analysis.render.json import FormatError, decode
from pubsub_devtools_analysis.scan import Scanner
from pubsub_devtools_analysis.services import Services
from pubsub_devtools_analysis.shapes import DIALECT, Bus
from pubsub_devtools_analysis.syntax.read import read
from pubsub_devtools_analysis.user_dialects import user_dialects
from pubsub_devtools_analysis.workspace import Workspace

_HANDWRITTEN = Dialect(DIALECT, "Hand-written bus", certainty="likely")

Progress = Callable[[str, int, int], None]


def quiet(_what: str, _done: int, _all: int) -> None:
    """No progress is shown."""


class AnalysisHost:
    """One root, open."""

    def __init__(self, root: Path, settings: config.Settings, found: project.Project, dialects: tuple[Dialect, ...]) -> None:
        self.root = found.root
        self.settings = settings
        self._asked = root
        self._found = found
        self._dialects = dialects
        self._modules = Modules(found.files, project.source_roots(found, settings))
        self._services = Services(settings, self._modules, found.projects)
        self._scanner = Scanner(dialects)
        self._index = Index()
        self._data: dict[str, bytes] = {}
        self._unread: dict[str, Problem] = {}
        self.buses: list[Bus] = []

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        config_file: Path | None = None,
        exclude: tuple[str, ...] = (),
        use_cache: bool = True,
        progress: Progress = quiet,
    ) -> AnalysisHost:
        """Analyse a root.

        Raises:
            ProjectError: the root cannot be read as a whole.
            ConfigError: its settings cannot be used.
        """
        settings = config.load(root, config_file)
        own = user_dialects(settings, config_file or config.find(root))
        found = project.discover(root, settings, exclude)
        host = cls(root, settings, found, own + shipped())
        host._scan(progress)
        host._link(progress)
        return host

    def _scan(self, progress: Progress) -> None:
        for count, path in enumerate(self._found.files):
            data = self._bytes(path)
            if data is not None:
                self._index.put(path, self._scanner.scan(data))
            if not count % 200:
                progress("Reading", count, len(self._found.files))

    def _bytes(self, path: str) -> bytes | None:
        data = self._data.get(path)
        if data is not None or path in self._unread:
            return data
        content = project.read(self.root, path)
        if isinstance(content, Problem):
            self._unread[path] = content
            return None
        return content

    def _load(self, path: str) -> FileFacts | None:
        data = self._bytes(path)
        if data is None:
            return None
        reading = read(data)
        problems = tuple((t.line, t.code, t.message) for t in reading.problems)
        return extract(reading.tree, reading.text, problems, reading.dropped)

    def _link(self, progress: Progress) -> None:
        own = frozenset(table["name"] for table in self.settings.dialects)
        known = Known([*self._index.active(self._dialects, own), _HANDWRITTEN])
        self._known = known
        self._workspace = Workspace(self._modules, self._load)
        self._linker = linker = Linker(self._workspace, known)
        candidates = self._index.candidates()
        chosen = sorted(self._index.chosen(Choice(known)) | candidates)
        for count, path in enumerate(chosen):
            self._workspace.facts(path)
            if not count % 50:
                progress("Extracting", count, len(chosen))
        progress("Linking", 0, len(chosen))
        self.buses = linker.seed(candidates)
        linker.run(chosen, self._calling)
        linker.run(self._index.near(*linker.exported()) - linker.files, self._calling)
        linker.collected(self._calling)

    def _calling(self, names: set[str]) -> set[str]:
        return self._index.calling(names)

    def snapshot(self) -> EventGraph:
        """The graph as it is now."""
        drafts = self._linker.drafts()
        drafts += declared(self._linker.finder, drafts)
        assembly = Assembly(self._workspace, self._known, self._services.of)
        graph = assembly.graph(self.root.name, self._linker.finder, drafts, self._linker.files)
        problems = [*self._found.problems, *self._unread.values()]
        for path in self._linker.files:
            facts = self._workspace.facts(path)
            problems.extend(Problem(path, *each) for each in (facts.problems if facts is not None else ()))
        graph = msgspec.structs.replace(
            graph,
            problems=tuple(sorted(problems, key=lambda p: (p.path, p.line, p.code, p.message))),
            coverage=Coverage(
                len(self._found.files),
                len(self._linker.files),
                len(graph.sites) + len(graph.unnamed),
                len(graph.sites),
            ),
        )
        return outside(join(graph, self._linked()), self.settings.external)

    def _linked(self) -> list[EventGraph]:
        """The graphs of other repositories that the settings name."""
        found: list[EventGraph] = []
        for name in self.settings.linked:
            try:
                found.append(decode((self.root / name).read_bytes()))
            except (OSError, FormatError) as error:
                remedy = "write it there with `pubsub-tools graph --json --output graph.json`"
                raise config.ConfigError(self.root / name, str(error), remedy, ("linked",)) from None
        return found
