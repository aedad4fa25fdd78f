"""Where output goes: results to standard output or a file, everything else to standard error.

A terminal gets colours and its own width. A pipe or a file gets plain text in which nothing is cut or wrapped, because
a program may read it. NO_COLOR is honoured by rich. What stands in names and errors is never markup: a message that ends
with ``[/red]`` is shown as it is.
"""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from rich.console import Console

from pubsub_devtools_cli.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from rich.console import RenderableType

UNCUT = 100_000
"""A width that no line reaches."""


def emit(text: str, output: Path | None) -> None:
    """Write a finished document as it is; a line on standard error tells where it went."""
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="\n", errors="backslashreplace")
    except OSError as error:
        raise Failure(f"cannot write {output}: {error.strerror or error}") from None
    say(f"Wrote {output} ({max(1, round(len(text) / 1000)):,} kB).")


def show(parts: Iterator[RenderableType], output: Path | None) -> None:
    """Write what rich lays out: to the terminal in its width, else plain and uncut."""
    if output is not None:
        emit(_as_text(parts), output)
        return
    console = (
        Console(highlight=False, markup=False, emoji=False) if sys.stdout.isatty() else _plain(sys.stdout)
    )
    for part in parts:
        console.print(part, overflow="fold")


def say(text: str) -> None:
    """A line for the person, never part of the result."""
    print(text, file=sys.stderr)


@contextmanager
def progress() -> Generator[Callable[[str, int, int], None] | None]:
    """A progress display on standard error while work goes on; nothing where no person watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 (only when watched)

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=30), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        task = display.add_task("Looking for files", total=None)

        def advance(stage: str, done: int, total: int) -> None:
            display.update(task, description=stage, completed=done, total=total or None)

        yield advance


def _as_text(parts: Iterator[RenderableType]) -> str:
    buffer = io.StringIO()
    console = _plain(buffer)
    for part in parts:
        console.print(part)
    return buffer.getvalue()


def _plain(file: IO[str]) -> Console:
    return Console(
        file=file,
        width=UNCUT,
        no_color=True,
        highlight=False,
        markup=False,
        emoji=False,
        force_terminal=False,
    )
