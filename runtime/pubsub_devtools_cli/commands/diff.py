"""`pubsub-tools diff`: what a change means to each publisher and handler."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pubsub_devtools_analysis.render.diff_markdown import diff_markdown
from pubsub_devtools_analysis.render.json import FormatError, decode, encode
from pubsub_devtools_cli import options
from pubsub_devtools_cli.console import emit, show
from pubsub_devtools_cli.engine import diff_graphs, diff_revisions
from pubsub_devtools_cli.failure import FINDINGS, UNREADABLE, Failure
from pubsub_devtools_cli.show.diff import diff_lines

if TYPE_CHECKING:
    from pubsub_devtools.model import EventGraph
    from pubsub_devtools.model.diff import Diff, Verdict

Format = Literal["text", "json", "markdown"]
Least = Literal["compatible", "risky", "breaking", "never"]
RANKS: dict[Verdict | Literal["never"], int] = {
    "none": 0,
    "compatible": 1,
    "risky": 2,
    "breaking": 3,
    "never": 4,
}

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def diff(
    change: Annotated[
        str,
        typer.Argument(
            metavar="CHANGE",
            help="A...B from where B left A, A..B from A to B, A from A to the work tree; or a graph file.",
        ),
    ] = "HEAD",
    other: Annotated[
        Path | None, typer.Argument(metavar="GRAPH", help="The other graph file, where CHANGE is one.")
    ] = None,
    *,
    path: options.RootOption = Path(),
    format: Annotated[
        Format | None, typer.Option("--format", "-f", help="How to write it.", show_default="text")
    ] = None,
    json: options.Json = False,
    output: options.Output = None,
    fail_on: Annotated[
        Least, typer.Option("--fail-on", help="The least verdict that makes the exit code 1.")
    ] = "breaking",
    config: options.Config = None,
    exclude: options.Exclude = None,
    no_cache: options.NoCache = False,
) -> None:
    """Tell what a change means to those who publish and handle events: none, compatible, risky or breaking.

    Revisions are read from git's objects, the work tree is not touched. Graph files are those of graph --json.

    Exit codes: 0 below --fail-on, 1 from it upwards, 2 wrong usage or settings, 3 PATH, a revision or a graph could not
    be read.
    """
    chosen = _format(format, json=json)
    if other is not None or (Path(change).is_file() and change.endswith(".json")):
        found = _of_files(Path(change), other)
    else:
        found = diff_revisions(path, change, config, exclude, use_cache=not no_cache)
    _tell(found, chosen, output)
    if RANKS[found.verdict] >= RANKS[fail_on]:
        raise typer.Exit(FINDINGS)


def _format(format: Format | None, *, json: bool) -> Format:
    if json and format not in (None, "json"):
        raise Failure(f"--json and --format {format} exclude each other")
    return "json" if json else format or "text"


def _of_files(base: Path, head: Path | None) -> Diff:
    if head is None:
        raise Failure(f"{base} is a graph file: name the one to compare it with, too")
    if not base.is_file() and not head.is_file():
        raise Failure(f"two revisions are written as one: {base}..{head}, or {base}...{head}")
    return diff_graphs(_graph(base), _graph(head), (str(base), str(head)))


def _graph(file: Path) -> EventGraph:
    try:
        return decode(file.read_bytes())
    except OSError as error:
        raise Failure(f"cannot read {file}: {error.strerror or error}", UNREADABLE) from None
    except FormatError as error:
        raise Failure(f"{file}: {error}", UNREADABLE) from None


def _tell(found: Diff, format: Format, output: Path | None) -> None:
    if format == "text":
        show(diff_lines(found), output)
    else:
        emit(encode(found) if format == "json" else diff_markdown(found), output)
