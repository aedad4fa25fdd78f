"""The analysis of one root, kept up to date: takes changed files in and hands out immutable graphs."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path

import msgspec

from pubsub_devtools.model import Coverage, EventGraph, Problem
from pubsub_devtools_analysis import project
from pubsub_devtools_analysis.admission import admits, decides_on_others
from pubsub_devtools_analysis.asked import AskedModules
from pubsub_devtools_analysis.cache import Cache
from pubsub_devtools_analysis.collecting import no_collecting
from pubsub_devtools_analysis.configured import Configured
from pubsub_devtools_analysis.contents import Contents, Workshop
from pubsub_devtools_analysis.dialect import Dialect, shipped
from pubsub_devtools_analysis.fields.annotate import Fields
from pubsub_devtools_analysis.graph import Assembly
from pubsub_devtools_analysis.index import Choice
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.link import Linker
from pubsub_devtools_analysis.linked import join, outside
from pubsub_devtools_analysis.linked_files import linked_graphs
from pubsub_devtools_analysis.looking import Look, Overlay, Wanted, look
from pubsub_devtools_analysis.modules import Modules
from pubsub_devtools_analysis.proposing import Recognised
from pubsub_devtools_analysis.remembering import Remembering
from pubsub_devtools_analysis.scan import Scanner
from pubsub_devtools_analysis.schema_settings import declared_schemas, schema_files, with_schemas
from pubsub_devtools_analysis.services import Services
from pubsub_devtools_analysis.shapes import CANDIDATE, DIALECT, Bus
from pubsub_devtools_analysis.signals import Signals
from pubsub_devtools_analysis.sources import Sources
from pubsub_devtools_analysis.version import code_version
from pubsub_devtools_analysis.workspace import Workspace

_HANDWRITTEN = Dialect(DIALECT, "Hand-written bus", certainty="likely")
_GRAPH = "graph"
_FIELDS = "fields"
_CONTRACTS = "contracts"
_CANDIDATE = CANDIDATE.pattern.replace(b"(?i)", b"")

Progress = Callable[[str, int, int], None]


def quiet(_what: str, _done: int, _all: int) -> None:
    """No progress is shown."""


class AnalysisHost:
    """One root, open."""

    def __init__(
        self,
        root: Path,
        config_file: Path | None,
        exclude: tuple[str, ...],
        cache: Cache,
        progress: Progress,
        overlay: Overlay | None = None,
    ) -> None:
        self._wanted = Wanted(root, config_file, exclude)
        self._overlay = overlay or {}
        self._cache = cache
        self._progress = progress
        self._linker: Linker | None = None
        self._assembly: Assembly | None = None
        self._fields: Fields | None = None
        self._set_up(look(self._wanted, self._overlay))

    def _set_up(self, seen: Look) -> None:
        self.settings, own, self._found = seen
        self._own = frozenset(dialect.name for dialect in own)
        self.root = self._found.root
        self._dialects = own + shipped()
        self._configured = Configured(own)
        self._workshop = Workshop(self.root, self._dialects, _CANDIDATE)
        scanner = Scanner(self._dialects, re.compile(_CANDIDATE))
        laid = {path: data for path, data in self._overlay.items() if data is not None}
        self._contents = Contents(
            self.root,
            self._found.files,
            scanner,
            self._cache,
            self._workshop,
            laid if self._overlay else None,
        )
        self._modules = Modules(self._found.files, project.source_roots(self._found, self.settings))
        self._services = Services(self.settings, self._modules, self._found.projects)
        contents = self._contents
        self._memory = Remembering(self.root, seen, contents, self._cache, self._overlay)
        self._sources = Sources(self._modules, contents.digests, contents.text, contents.facts, self._holds)
        self._let_go()
        self._graph: EventGraph | None = None
        self._with_fields: EventGraph | None = None
        self._is_scanned = False

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        config_file: Path | None = None,
        exclude: tuple[str, ...] = (),
        use_cache: bool = True,
        progress: Progress = quiet,
        overlay: Overlay | None = None,
    ) -> AnalysisHost:
        """Open a root. Nothing is read before a graph is asked for.

        Args:
            root: a folder, or one Python file.
            config_file: settings to use instead of those that are found.
            exclude: globs of files to leave out besides.
            use_cache: whether facts of earlier runs may be used and kept.
            progress: told what is being done, how much is done, and of how much.
            overlay: what files hold in place of what lies on the disk, nothing for one that is not there: another revision.

        Raises:
            ProjectError: the root cannot be read as a whole.
            ConfigError: its settings cannot be used.
        """
        cache = Cache.open(root, code_version()) if use_cache else Cache()
        try:
            return cls(root, config_file, exclude, cache, progress, overlay)
        except BaseException:
            cache.close()
            raise

    # -- what is handed out

    def snapshot(self) -> EventGraph:
        """The graph as it is now; it never changes.

        Raises:
            ConfigError: the graph of another repository that the settings link cannot be read.
        """
        if self._graph is None:
            with no_collecting():
                self._graph = self._remembered(_GRAPH) or self._assembled(self._linked())
                gc.freeze()  # it stays: no later collection need look at it
        return self._graph

    def with_fields(self) -> EventGraph:
        """The graph as it is now, with the fields that handlers read and publishers give."""
        if self._with_fields is None:
            with no_collecting():
                self._with_fields = self._remembered(_FIELDS) or self._annotated(self._linked())
        return self._with_fields

    def contracts(self) -> EventGraph:
        """What a diff compares: the graph with fields; that of another revision tells no flows, which no verdict asks for."""
        if not self._overlay:
            return self.with_fields()
        with no_collecting():
            return self._remembered(_CONTRACTS) or self._agreed(self._linked())

    def buses(self) -> list[Bus]:
        """The hand-written buses that were recognised."""
        return self._linked().buses()

    def recognised(self) -> Recognised:
        """What the hand-written buses were recognised by."""
        return Recognised(self._linked().finder, tuple(self._signals.added), tuple(self._signals.naming))

    def sources(self) -> Sources:
        """The files behind the snapshot, as they are now; others once the root is opened anew."""
        return self._sources

    def _holds(self, path: str, words: Sequence[int]) -> bool:
        if not self._is_scanned:
            with self._workshop:
                self._scan()
        return self._contents.index.holds(path, words)

    def linker(self) -> Linker:
        """What the graph is made from: the evaluator, the drafts, and the answers that they stand on."""
        return self._linked()

    def files_with(self, names: Iterable[str]) -> Mapping[str, Set[str]]:
        """For each of these names the files in which it stands."""
        return self._contents.index.files_with(names)

    def files(self) -> Modules:
        """All Python files of the root."""
        return self._modules

    def stats(self) -> Mapping[str, project.FileStat]:
        """The Python files as they lay on the disk when the root was opened or looked at anew."""
        return self._found.files

    def configuration(self) -> list[str]:
        """The root's own files that are no code, and those that the settings name, relative to it."""
        named = [path for _, path, _ in schema_files(self.root, self.settings.schemas)]
        beside = [entry.name for entry in os.scandir(self.root) if entry.is_file()]
        return sorted({*named, *beside})

    def close(self) -> None:
        """Let the cache go."""
        self._cache.close()
        gc.unfreeze()

    def __enter__(self) -> AnalysisHost:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- changes

    def update(self, path: str, data: bytes | None, line: int | None = None) -> None:
        """Take in one changed, new or deleted file.

        Call it with every path that changed, of whatever kind, and in any order; what does not bear on the graph costs
        nothing. A new file counts where discovery would have found it. Settings, ignore files, linked graphs and what
        else says which files belong to the project are read from disk, so they count from when they are saved; a
        change of them can cost as much as opening the root anew. For hundreds of files at once, or a folder that came,
        use `reload`.

        Args:
            path: POSIX and relative to the root; `..` for settings and linked graphs above it.
            data: the content, for example an editor's that is not saved yet; nothing for a file or folder that is gone.
            line: the line that is being edited, from 1, if known: around it broken code is mended first.

        Raises:
            ProjectError: the root cannot be read as a whole any more.
            ConfigError: the settings cannot be used now; those before stay in force.
        """
        if decides_on_others(path) or self._is_at(path, self._wanted.config_file) or self._is_odd(path, data):
            self._look_again()
        is_linked = any(self._is_at(path, self.root / name) for name in self.settings.linked)
        if is_linked or (self.settings.schemas and not path.endswith(".py")):
            self._graph = self._with_fields = None
        gone = [path] if data is not None or path in self._modules else self._below(path)
        for each in gone:
            self._take_in(each, data, line)

    def reload(self, texts: Mapping[str, bytes] | None = None) -> None:
        """Take in whatever has changed on disk, settings included.

        Args:
            texts: contents that hold instead of those on disk: what editors have open. All that `update` was told
                before is forgotten.

        Raises:
            ProjectError: the root cannot be read as a whole any more; all stays as it was.
            ConfigError: the settings cannot be used now; all stays as it was.
        """
        self._open_again(look(self._wanted, self._overlay), texts or {})

    def _look_again(self) -> None:
        """Open anew if the disk now says otherwise which files belong to the project, or how they are meant."""
        seen = look(self._wanted, self._overlay)
        exclude = self._wanted.exclude
        missing = [path for path in self._modules if path not in seen.found.files]
        if (
            (seen.settings, seen.own) != (self.settings, self._dialects[: len(self._own)])
            or msgspec.structs.replace(seen.found, files={}) != msgspec.structs.replace(self._found, files={})
            or any(path not in self._modules for path in seen.found.files)
            or not all(admits(self.root, path, seen.settings, exclude) for path in missing)
        ):
            self._open_again(seen, dict(self._contents.texts))

    def _open_again(self, seen: Look, texts: Mapping[str, bytes]) -> None:
        self._set_up(seen)
        for path, data in texts.items():
            self._take_in(path, data)

    def _is_at(self, path: str, place: Path | None) -> bool:
        return place is not None and os.path.normpath(self.root / path) == os.path.normpath(place.absolute())

    def _is_odd(self, path: str, data: bytes | None) -> bool:
        """Whether something else than a file stood or stands at a path: a pipe, a link that leads nowhere."""
        stood = any(each.path == path for each in self._found.problems)
        return stood or (data is None and os.path.lexists(self.root / path))

    def _below(self, folder: str) -> list[str]:
        """The files of a folder that is gone; none of one that took a file's place."""
        if os.path.lexists(self.root / folder):
            return []
        return [path for path in self._modules if path.startswith(folder + "/")]

    def _take_in(self, path: str, data: bytes | None, line: int | None = None) -> None:
        with no_collecting():
            self._change(path, data, line)

    def _change(self, path: str, data: bytes | None, line: int | None) -> None:
        linker = self._linked()
        is_new = path not in self._modules
        if is_new and not admits(self.root, path, self.settings, self._wanted.exclude):
            return
        if not self._contents.change(path, data, line):
            return
        self._graph = self._with_fields = None
        if self._fields is not None:
            self._fields.changed()
        changed: set[Hashable] = {path}
        if is_new or data is None:
            (self._modules.added if data is not None else self._modules.removed)(path)
            self._services = Services(self.settings, self._modules, self._found.projects)
            self._configured.find(self._modules)
            changed |= self._questions.changed()
        if {d.name for d in self._active()} != linker.known.dialects.keys():
            self._let_go()
        else:
            self._relink(linker, changed, path)

    def _relink(self, linker: Linker, changed: set[Hashable], path: str) -> None:
        """Have the linker take in one file's change; where it makes or unmakes a signal class, all is linked anew."""
        scan = self._contents.index.scans.get(path)
        for chosen, is_one in (
            (self._chosen, scan is not None and self._choice.takes(scan)),
            (self._candidates, scan is not None and (scan.candidate or path in self._configured.paths)),
        ):
            (chosen.add if is_one else chosen.discard)(path)
        linker.workspace.changed(path)
        if self._signals.update(self._candidates, {path} if len(changed) == 1 else None):
            self._let_go()
            return
        was_settled = linker.is_settled
        linker.update(self._chosen, self._candidates, changed, len(self._contents.index))
        if not (was_settled and linker.is_settled):
            self._let_go()

    def _let_go(self) -> None:
        """Have all linked anew when it is next asked for.

        What a linker remembers is emptied: it is one great circle, and frozen, so that nothing else would free it.
        """
        linker, self._linker = self._linker, None
        assembly, self._assembly, self._fields = self._assembly, None, None
        if linker is not None:
            vars(linker.memo).clear()
            vars(linker.workspace).clear()
        if assembly is not None:
            vars(assembly).clear()

    # -- linking

    def _active(self) -> list[Dialect]:
        active = self._contents.index.active(self._dialects, self._own)
        return active if DIALECT in self._own else [*active, _HANDWRITTEN]

    def _linked(self) -> Linker:
        if self._linker is None:
            if gc.get_freeze_count():
                # What stood on the linker before is many circles: frozen for good otherwise, with all that follows.
                gc.unfreeze()
                gc.collect()
            with self._workshop, no_collecting():
                self._linker = self._link()
                gc.freeze()
            if not self._contents.texts:
                self._contents.save()
        return self._linker

    def _link(self) -> Linker:
        self._scan()
        known = Known(self._active())
        self._choice = Choice(known)
        self._chosen = self._choice.files(self._contents.index)
        self._configured.find(self._modules)
        self._candidates = self._contents.index.candidates() | self._configured.paths
        self._questions = AskedModules(self._modules, lambda question: workspace.asked(question))  # noqa: PLW0108 - made below
        workspace = Workspace(self._questions, self._contents.facts)
        self._expect(self._chosen | self._candidates)
        self._signals = Signals(workspace)
        self._signals.update(self._candidates)
        known = self._signals.added_to(known)
        if self._signals.added or self._signals.naming:
            self._choice = Choice(known)
            self._chosen = self._choice.files(self._contents.index)
        linker = Linker(workspace, known, self._contents.index.search, self._expect, self._configured)
        linker.update(self._chosen, self._candidates, (), len(self._contents.index))
        return linker

    def _scan(self) -> None:
        if not self._is_scanned:
            self._contents.unchanged()
            self._contents.scan(self._progress)
            self._is_scanned = True

    def _expect(self, paths: set[str]) -> None:
        if len(paths) > 1:
            self._contents.extract(sorted(paths), self._modules, self._progress)
            self._progress("Linking", 0, len(paths))

    def _assembled(self, linker: Linker, *, flows: bool = True) -> EventGraph:
        if self._assembly is None:
            self._assembly = Assembly(linker, self._services.of)
        graph = self._assembly.graph(self.root.name, self._services.of, flows=flows)
        graph = msgspec.structs.replace(
            graph,
            problems=tuple(sorted(self._problems(linker), key=lambda p: (p.path, p.line, p.code, p.message))),
            coverage=Coverage(
                len(self._modules), len(linker.files), len(graph.sites) + len(graph.unnamed), len(graph.sites)
            ),
        )
        graph = with_schemas(graph, declared_schemas(self.root, self.settings.schemas, self._overlay))
        graph = outside(join(graph, linked_graphs(self.root, self.settings.linked)), self.settings.external)
        if flows:
            self._memory.put_graph(_GRAPH, graph)
        return graph

    def _annotated(self, linker: Linker) -> EventGraph:
        if self._graph is None or self._assembly is None:
            self._graph = self._assembled(linker)
        graph = self._told(linker, self._graph)
        self._memory.put_graph(_FIELDS, graph)
        return graph

    def _agreed(self, linker: Linker) -> EventGraph:
        graph = self._told(linker, self._assembled(linker, flows=False))
        self._memory.put_graph(_CONTRACTS, graph)
        return graph

    def _told(self, linker: Linker, graph: EventGraph) -> EventGraph:
        """A graph that was just assembled, with its fields."""
        assert self._assembly is not None
        if self._fields is None:
            self._fields = Fields(linker.finder, self._contents.text)
        return self._fields.annotated(graph, self._assembly.origin, self._assembly.pairs)

    def _problems(self, linker: Linker) -> Iterator[Problem]:
        yield from self._found.problems
        for reference in self._configured.missing(linker.finder):
            yield Problem(
                "pyproject.toml",
                0,
                "dialect-stale",
                f"There is no {reference} with such parameters: correct the dialect.",
            )
        yield from self._contents.problems.values()
        for path in linker.files:
            for each in linker.workspace.problems(path):
                yield Problem(path, *each)

    # -- what earlier runs found

    def keep(self, key: str, data: bytes) -> None:
        """Keep what was worked out from the graph of now, for a later run. Texts that are not on the disk prevent it."""
        self._memory.put(key, data)

    def kept(self, key: str) -> bytes | None:
        """What an earlier run kept, if nothing has changed since. Ask before anything is linked."""
        return self._memory.get(key) if self._linker is None else None

    def _remembered(self, key: str) -> EventGraph | None:
        return self._memory.graph(key) if self._linker is None else None

    def warm(self) -> None:
        """Have at hand what the next change will need, also where the graph itself is an earlier run's."""
        linker = self._linked()
        if self._fields is None:
            with no_collecting():
                self._annotated(linker)
