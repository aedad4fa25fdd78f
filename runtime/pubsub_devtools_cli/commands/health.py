"""`pubsub-tools health check` and `health metrics`: how running processes are, asked over their control sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.text import Text

from pubsub_devtools.bus.control import Health, Metrics, Process, UnreachableError, processes
from pubsub_devtools.storage.errors import StorageError
from pubsub_devtools.storage.state_dir import state_dir
from pubsub_devtools_cli.application import App, load_bus, named_app
from pubsub_devtools_cli.console import emit, say, show
from pubsub_devtools_cli.failure import FINDINGS, UNREADABLE, Failure
from pubsub_devtools_cli.options import Json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

app = typer.Typer(add_completion=False, rich_markup_mode=None)

State = Annotated[
    str | None,
    typer.Option(
        "--state-dir",
        metavar="DIR",
        help="Where the processes keep their state; otherwise as the settings say.",
        show_default=False,
    ),
]

_STYLES = {"ok": "green", "warn": "yellow", "fail": "red"}


@app.callback(invoke_without_command=True)
def health(context: typer.Context) -> None:
    """See how running processes are. They are reached where a bus has opened its control socket.

    With --app, or `app` in the settings, only processes of that bus are asked; otherwise all that share the folder of state.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def check(app: App = None, state: State = None, json: Json = False) -> int:
    """Go through the checks of every process that can be reached.

    Exit codes: 0 all are healthy, 1 one is not, 2 wrong usage, 3 no process can be reached.
    """
    found: list[Health] = []
    for process in _reached(app, state):
        try:
            found.append(process.health())
        except UnreachableError as error:
            say(f"pubsub-tools: {error}")
    if not found:
        raise Failure("no process answers", UNREADABLE)
    is_healthy = all(one.is_healthy for one in found)
    if json:
        emit(_encoded({"healthy": is_healthy, "processes": found}), None)
    else:
        show(_checklist(found), None)
    return 0 if is_healthy else FINDINGS


@app.command()
def metrics(app: App = None, state: State = None, json: Json = False) -> None:
    """Show what every process has counted since its control socket was opened.

    Exit codes: 0 shown, 2 wrong usage, 3 no process can be reached.
    """
    found: list[tuple[Process, Metrics]] = []
    for process in _reached(app, state):
        try:
            found.append((process, process.metrics()))
        except UnreachableError as error:
            say(f"pubsub-tools: {error}")
    if not found:
        raise Failure("no process answers", UNREADABLE)
    if json:
        listed = [{"bus": process.bus, "pid": process.pid, "metrics": counts} for process, counts in found]
        emit(_encoded({"processes": listed}), None)
    else:
        show(_counts(found), None)


def _reached(app: str | None, state: str | None) -> list[Process]:
    named = named_app(app)
    bus = load_bus(app) if named else None
    try:
        folder = state_dir(state, start=named.folder if named else None)
        found = processes(folder)
    except StorageError as error:
        raise Failure(str(error)) from None
    if bus is not None:
        wanted = bus.source or "bus"
        others = sorted({process.bus for process in found if process.bus != wanted})
        found = [process for process in found if process.bus == wanted]
        if not found and others:
            raise Failure(
                f"no process of {wanted} can be reached",
                UNREADABLE,
                (f"there are those of {', '.join(others)}",),
            )
    if not found:
        raise Failure("no running process can be reached", UNREADABLE, _ways_out(folder))
    return found


def _ways_out(folder: Path) -> tuple[str, ...]:
    return (
        f"looked in {folder}",
        "a process can be asked once its bus has opened a socket: Control(bus) of pubsub_devtools.bus.control",
        "--state-dir, or state_dir of [tool.pubsub-devtools], says where else to look",
    )


def _encoded(document: object) -> str:
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _checklist(found: list[Health]) -> Iterator[Text]:
    for number, one in enumerate(found):
        yield Text.assemble(
            "\n" if number else "",
            (one.bus, "bold"),
            f" (process {one.pid}): ",
            ("healthy", "green") if one.is_healthy else ("not healthy", "red"),
        )
        yield Text.assemble("  ", ("ok  ", "green"), "  process       reachable")
        for check in one.checks:
            yield Text.assemble(
                "  ", (f"{check.state:4}", _STYLES[check.state]), f"  {check.name:12}  {check.detail}"
            )


def _counts(found: list[tuple[Process, Metrics]]) -> Iterator[Text]:
    for number, (process, counts) in enumerate(found):
        yield Text.assemble("\n" if number else "", (process.bus, "bold"), f" (process {process.pid})")
        for event, count in sorted(counts.published.items()):
            lost = counts.dropped.get(event, 0)
            yield Text(f"  {event}: {count:,} published" + (f", {lost:,} dropped" if lost else ""))
        for handler, of in sorted(counts.handlers.items()):
            mean = f", {1000 * of.seconds / of.executed:.2f} ms on average" if of.executed else ""
            further = "".join(
                f", {number:,} {word}"
                for word, number in (
                    ("failed", of.failed),
                    ("retried", of.retried),
                    ("dead letters", of.dead_letters),
                    ("duplicates", of.duplicates),
                    ("over the rate", of.rate_limited),
                    ("timed out", of.timed_out),
                    ("refused", of.refused),
                )
                if number
            )
            yield Text(f"  {handler}: {of.executed:,} executed{mean}{further}")
        for handler, state in sorted(counts.breakers.items()):
            yield Text(f"  breaker of {handler}: {state}")
