"""The question that `pubsub-tools check` asks of a folder: what is wrong with its events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from pubsub_devtools.model import EventGraph, Finding
from pubsub_devtools_analysis import config as configuration
from pubsub_devtools_analysis.checks.baseline import Baseline, BaselineError, parse
from pubsub_devtools_analysis.checks.context import Context
from pubsub_devtools_analysis.checks.running import Choice, run
from pubsub_devtools_analysis.host import AnalysisHost, quiet

__all__ = ["Report", "check"]


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
        settings = host.settings
        context = Context(host.snapshot(), host.sources(), host.with_fields)
        choice = Choice(select or settings.checks.select, (*settings.checks.ignore, *ignore))
        findings = run(context, choice, settings.checks, _folder(host.root, config))
        file = baseline or (host.root / settings.baseline if settings.baseline else None)
        return Report(host.root, context.graph, findings, _lines(context, findings), file, _read(file))


def _folder(root: Path, config: Path | None) -> str:
    """Where the root lies below its settings, so that a finding has one name whatever part of a project is checked."""
    file = config or configuration.find(root)
    home = file.resolve().parent if file is not None else root
    return root.relative_to(home).as_posix().removeprefix(".") if root.is_relative_to(home) else ""


def _lines(context: Context, findings: tuple[Finding, ...]) -> dict[str, dict[int, str]]:
    places = [each.place for each in findings]
    places += [other.place for each in findings for other in each.related if not other.origin]
    found: dict[str, dict[int, str]] = {}
    for place in places:
        lines = context.lines(place.path)
        if 0 < place.line <= len(lines):
            found.setdefault(place.path, {})[place.line] = lines[place.line - 1]
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
