"""`pubsub-tools check`: what is wrong with the events of a code base."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from msgspec.structs import replace

from pubsub_devtools.model import Finding, Findings, Severity
from pubsub_devtools_analysis.checks.baseline import encode as encode_baseline
from pubsub_devtools_analysis.checks.baseline import parted, written
from pubsub_devtools_analysis.checks.pages import page
from pubsub_devtools_analysis.checks.registry import BY_CODE, CHECKS
from pubsub_devtools_analysis.render.github import workflow_commands
from pubsub_devtools_analysis.render.json import encode
from pubsub_devtools_analysis.render.junit import junit
from pubsub_devtools_analysis.render.sarif import sarif
from pubsub_devtools_cli import options
from pubsub_devtools_cli.console import emit, say, show
from pubsub_devtools_cli.engine import changed_since, check_codes, load_report
from pubsub_devtools_cli.failure import FINDINGS, Failure
from pubsub_devtools_cli.show.coverage import coverage_lines
from pubsub_devtools_cli.show.findings import findings

if TYPE_CHECKING:
    from pubsub_devtools_analysis.checking import Report

Format = Literal["text", "json", "sarif", "github", "junit"]
Least = Literal["error", "warning", "info", "never"]
Codes = list[str] | None
RANKS: dict[Severity | Literal["never"], int] = {"never": -1, "error": 0, "warning": 1, "info": 2, "hint": 3}

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def check(
    path: options.Root = Path(),
    *,
    format: Annotated[
        Format | None, typer.Option("--format", "-f", help="How to write it.", show_default="text")
    ] = None,
    json: options.Json = False,
    output: options.Output = None,
    fail_on: Annotated[
        Least, typer.Option("--fail-on", help="The least severity that makes the exit code 1.")
    ] = "warning",
    select: Annotated[
        Codes,
        typer.Option(metavar="CODES", help="Only these checks, hints included: PSD002,PSD01; repeatable."),
    ] = None,
    ignore: Annotated[
        Codes, typer.Option(metavar="CODES", help="Leave out these checks; repeatable.")
    ] = None,
    changed: Annotated[
        str | None,
        typer.Option(
            "--changed-since",
            metavar="REV",
            help="Only findings in files, or whose other side is in files, that changed since this branch left REV.",
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A file of findings that are not told, in place of the settings'."),
    ] = None,
    write_baseline: Annotated[
        bool,
        typer.Option(
            "--write-baseline",
            help="Write what is found to the baseline; once there is one, only drop what is found no more.",
        ),
    ] = False,
    explain: Annotated[
        str | None, typer.Option(metavar="CODE", help="Print what a check looks for and why, and exit.")
    ] = None,
    config: options.Config = None,
    exclude: options.Exclude = None,
    no_cache: options.NoCache = False,
) -> None:
    """Find what is wrong with the events: names that nobody hears, loops, handlers that cannot be called, and more.

    Exit codes: 0 nothing from --fail-on upwards, 1 findings, 2 wrong usage or settings, 3 PATH or REV could not be read.
    """
    if explain is not None:
        (code,) = check_codes([explain], whole=True)
        emit(page(BY_CODE[code]), output)
        return
    chosen = _format(format, json=json)
    codes = check_codes(select or []), check_codes(ignore or [])
    report = load_report(path, config, exclude, *codes, baseline, use_cache=not no_cache)
    if write_baseline:
        _write(report)
        return
    found = _new(report)
    if changed is not None:
        found = _among(found, changed_since(report.root, changed))
    _tell(report, found, chosen, output)
    if any(RANKS[each.severity] <= RANKS[fail_on] for each in found.findings):
        raise typer.Exit(FINDINGS)


def _format(format: Format | None, *, json: bool) -> Format:
    if json and format not in (None, "json"):
        raise Failure(f"--json and --format {format} exclude each other")
    return "json" if json else format or "text"


def _new(report: Report) -> Findings:
    """The findings that the baseline does not know."""
    if report.baseline_file is not None and report.baseline is None:
        raise Failure(f"there is no baseline {report.baseline_file}: write it with --write-baseline")
    if report.baseline is None:
        return Findings(report.graph.root, findings=report.findings)
    new, gone = parted(report.findings, report.baseline)
    return Findings(report.graph.root, findings=new, baselined=len(report.findings) - len(new), gone=gone)


def _among(found: Findings, paths: set[str]) -> Findings:
    def is_touched(each: Finding) -> bool:
        others = (other.place.path for other in each.related if not other.origin)
        return each.place.path in paths or not paths.isdisjoint(others)

    return replace(found, findings=tuple(each for each in found.findings if is_touched(each)))


def _write(report: Report) -> None:
    if report.baseline_file is None:
        remedy = 'add baseline = "pubsub-baseline.json" to [tool.pubsub-devtools], or --baseline FILE'
        raise Failure(f"--write-baseline needs to know where: {remedy}")
    made = written(report.findings, report.baseline)
    emit(encode_baseline(made), report.baseline_file)
    if report.baseline is not None:
        dropped = len(report.baseline.findings) - len(made.findings)
        new = len(parted(report.findings, report.baseline)[0])
        say(
            f"Dropped {dropped} that {'is' if dropped == 1 else 'are'} found no more; kept {len(made.findings)}."
        )
        if new:
            say(
                f"{new} new {'finding is' if new == 1 else 'findings are'} not in it: a baseline shrinks only."
            )


def _tell(report: Report, found: Findings, format: Format, output: Path | None) -> None:
    below = _below_here(report.root)
    if format == "text":
        show(findings(found.findings, report.line, _before(report.root)), output)
    elif format == "json":
        emit(encode(found), output)
    elif format == "sarif":
        emit(sarif(found.findings, CHECKS, version("pubsub-devtools"), below), output)
    elif format == "github":
        emit(workflow_commands(found.findings, below), output)
    else:
        emit(junit(found.findings, below), output)
    if found.baselined:
        say(f"{found.baselined} more in the baseline.")
    if found.gone:
        words = "entry of the baseline is" if len(found.gone) == 1 else "entries of the baseline are"
        say(f"{len(found.gone)} {words} found no more: --write-baseline drops them.")
    say("\n".join(coverage_lines(report.graph)))


def _before(root: Path) -> str:
    """What leads from the current folder to the root, to put before paths that a reader clicks."""
    try:
        relative = os.path.relpath(root)
    except ValueError:  # another drive
        relative = str(root)
    return "" if relative == "." else f"{Path(relative).as_posix()}/"


def _below_here(root: Path) -> str:
    """Where the root lies below the current folder, which is the checkout's in CI; nothing where it does not."""
    here = Path.cwd()
    return root.relative_to(here).as_posix().removeprefix(".") if root.is_relative_to(here) else ""
