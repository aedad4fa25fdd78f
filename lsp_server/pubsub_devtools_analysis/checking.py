"""The question that `pubsub-tools check` and editors ask of an open root: what is wrong with its events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from pubsub_devtools.model import EventGraph, Finding
from pubsub_devtools_analysis import config as configuration
from pubsub_devtools_analysis.checks.baseline import Baseline, BaselineError, parse
from pubsub_devtools_analysis.checks.context import Context
from pubsub_devtools_analysis.checks.running import Choice, Runner
from pubsub_devtools_analysis.host import AnalysisHost, quiet
from pubsub_devtools_analysis.sources import Sources

__all__ = ["Checking", "Report", "Update", "check"]


class Update(NamedTuple):
    """Findings by file, each file's sorted by place; and the files that have others than at the time before."""

    findings: Mapping[str, tuple[Finding, ...]]
    changed: frozenset[str]


class Checking:
    """The findings of an open root, held beside its host.

    After `host.update` or `host.reload` ask `update`: it runs again what the change bears on. What the settings say is
    taken as the host has it.

    Args:
        host: the open root.
        select: codes, or their beginnings, of the only checks that run; they take the place of the settings'.
        ignore: codes, or their beginnings, of checks that do not run, besides those of the settings.
        config: the settings' file, if it is not the one that is found.
    """

    def __init__(
        self,
        host: AnalysisHost,
        select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
        config: Path | None = None,
    ) -> None:
        self._host = host
        self._select, self._ignore = select, ignore
        self._folder = _folder(host.root, config)
        self._sources: Sources | None = None
        self._names: dict[str, bytes] = {}

    def update(self) -> Update:
        """The findings as they are now.

        Raises:
            ConfigError: the graph of another repository that the settings link cannot be read.
        """
        graph, sources = self._host.snapshot(), self._host.sources()
        before: Mapping[str, tuple[Finding, ...]] = {}
        if sources is not self._sources:  # the root was opened anew
            before = self._runner.findings if self._sources is not None else {}
            self._begin(sources)
        names, self._names = self._names, {**sources.names}
        paths = {path for path, name in self._names.items() if names.get(path) != name} | (
            names.keys() - self._names.keys()
        )
        changed = self._runner.run(graph, paths, names.keys() != self._names.keys())
        now = self.findings
        others = {path for path, told in before.items() if now.get(path) != told}
        return Update({**now}, changed | others)

    @property
    def findings(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings as of the last update."""
        return self._runner.findings

    @property
    def graph(self) -> EventGraph:
        """The graph that they speak of."""
        return self._context.index.graph

    def line(self, path: str, number: int) -> str | None:
        """A line of a file; nothing where there is none."""
        lines = self._context.lines(path)
        return lines[number - 1] if 0 < number <= len(lines) else None

    def _begin(self, sources: Sources) -> None:
        settings = self._host.settings.checks
        choice = Choice(self._select or settings.select, (*settings.ignore, *self._ignore))
        self._sources, self._names = sources, {}
        self._context = Context(sources, self._host.with_fields)
        self._runner = Runner(self._context, choice, settings, self._folder)


class Report(msgspec.Struct, frozen=True):
    """All findings of a root, what its baseline knows, and the lines of code that a reader wants to see.

    `baseline_file` is where the settings or the caller want the baseline; `baseline` is nothing where it does not exist.
    """

    root: Path
    graph: EventGraph
    findings: tuple[Finding, ...]
    lines: dict[str, dict[int, str]]
    baseline_file: Path | None = None
    baseline: Baseline | None = None

    def line(self, path: str, number: int) -> str:
        """A line of code that a finding stands on."""
        return self.lines.get(path, {}).get(number, "")


def check(
    root: Path,
    *,
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    baseline: Path | None = None,
    config: Path | None = None,
    exclude: tuple[str, ...] = (),
    use_cache: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
) -> Report:
    """The findings of a folder, those that its baseline knows included.

    Args:
        root: a folder, or one Python file.
        select: codes, or their beginnings, of the only checks that run; they take the place of the settings'.
        ignore: codes, or their beginnings, of checks that do not run, besides those of the settings.
        baseline: a file to take in place of the settings'.
        config: settings to use instead of those that are found.
        exclude: globs of files to leave out besides.
        use_cache: whether facts of earlier runs may be used and kept.
        progress: told what is being done, how much is done, and of how much.

    Raises:
        ProjectError: the root cannot be read as a whole.
        ConfigError: its settings or its baseline cannot be used.
    """
    opened = AnalysisHost.open(
        root, config_file=config, exclude=exclude, use_cache=use_cache, progress=progress or quiet
    )
    with opened as host:
        checking = Checking(host, select, ignore, config)
        by_file = checking.update().findings
        findings = tuple(each for path in sorted(by_file) for each in by_file[path])
        setting = host.settings.baseline
        file = baseline or (host.root / setting if setting else None)
        return Report(host.root, checking.graph, findings, _lines(checking, findings), file, _read(file))


def _folder(root: Path, config: Path | None) -> str:
    """Where the root lies below its settings, so that a finding has one name whatever part of a project is checked."""
    file = config or configuration.find(root)
    home = file.resolve().parent if file is not None else root
    return root.relative_to(home).as_posix().removeprefix(".") if root.is_relative_to(home) else ""


def _lines(checking: Checking, findings: tuple[Finding, ...]) -> dict[str, dict[int, str]]:
    places = [each.place for each in findings]
    places += [other.place for each in findings for other in each.related if not other.origin]
    found: dict[str, dict[int, str]] = {}
    for place in places:
        line = checking.line(place.path, place.line)
        if line is not None:
            found.setdefault(place.path, {})[place.line] = line
    return found


def _read(file: Path | None) -> Baseline | None:
    """The baseline; nothing where the file is not there yet."""
    try:
        return parse(file.read_bytes()) if file is not None else None
    except FileNotFoundError:
        return None
    except (OSError, BaselineError) as error:
        words = getattr(error, "strerror", None) or str(error)
        remedy = "delete it and write it anew with `pubsub-tools check --write-baseline`"
        raise configuration.ConfigError(file or Path(), words, remedy, ("baseline",)) from None
