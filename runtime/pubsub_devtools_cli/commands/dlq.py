"""`pubsub-tools dlq`: the dead letters that an application filed, and their replay."""

from __future__ import annotations

import getpass
import socket
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from pubsub_devtools.resilience.dead_letters.filing import DeadLetters
from pubsub_devtools.resilience.dead_letters.letter import DeadLetter, LetterFilter
from pubsub_devtools.resilience.dead_letters.replay import plan, replay
from pubsub_devtools.resilience.dead_letters.sqlite import SqliteDeadLetters
from pubsub_devtools.resilience.dead_letters.store import DeadLetterStore
from pubsub_devtools.storage.errors import StorageError
from pubsub_devtools.storage.sqlite import Database
from pubsub_devtools.storage.state_dir import STATE_FILE, state_dir
from pubsub_devtools_cli import options
from pubsub_devtools_cli.application import App, load_bus, named_app
from pubsub_devtools_cli.console import emit, say, show
from pubsub_devtools_cli.failure import FINDINGS, UNREADABLE, Failure
from pubsub_devtools_cli.show.dead_letters import (
    cause_table,
    letter_in_full,
    letter_table,
    many,
    plan_in_words,
    report_in_words,
)
from pubsub_devtools_cli.when import point

app = typer.Typer(add_completion=False, rich_markup_mode=None)

StateDir = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="Where the application keeps its state; otherwise as the settings say."
    ),
]
Event = Annotated[
    str | None, typer.Option(metavar="EVENT", help="Letters of this event: its name or the end of it.")
]
Handler = Annotated[
    str | None, typer.Option(metavar="NAME", help="Letters of this handler: its name or the end of it.")
]
OfCause = Annotated[
    str | None, typer.Option("--cause", metavar="CAUSE", help="Letters of this cause, see `dlq causes`.")
]
Key = Annotated[str | None, typer.Option(metavar="KEY", help="Letters of events with this key.")]
Since = Annotated[
    str | None,
    typer.Option(metavar="TIME", help='Last failed then or later: "2h ago", yesterday, 2030-01-31.'),
]
Until = Annotated[str | None, typer.Option(metavar="TIME", help="Last failed before then.")]
Ids = Annotated[
    list[str] | None, typer.Argument(metavar="LETTER...", help="Ids of letters, or their beginnings.")
]
Limit = Annotated[int, typer.Option(metavar="N", min=1, help="Show so many at most.")]


@app.callback(invoke_without_command=True)
def dlq(context: typer.Context) -> None:
    """See why events failed for good, and try them again."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("list")
def list_(
    *,
    event: Event = None,
    handler: Handler = None,
    cause: OfCause = None,
    key: Key = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
    json: options.Json = False,
    output: options.Output = None,
    state_dir: StateDir = None,
) -> None:
    """List dead letters, the one that failed last first."""
    which = _filter(event, handler, cause, key, since, until)
    with _letters(state_dir) as (letters, file):
        found = letters.store.find(which, limit=limit, newest=True) if letters else []
        total = letters.store.count(which) if letters else 0
        if json:
            emit(_json({"total": total, "letters": [_plain(letter) for letter in found]}), output)
        elif found:
            show(letter_table(found, total, _now().timestamp()), output)
        else:
            _nothing(letters, file)


@app.command("show")
def show_(
    letter: Annotated[str, typer.Argument(metavar="LETTER", help="Its id, or the beginning of it.")],
    *,
    json: options.Json = False,
    output: options.Output = None,
    state_dir: StateDir = None,
) -> None:
    """Show one dead letter: its event, its error, what was done with it."""
    with _letters(state_dir) as (letters, file):
        if letters is None:
            raise Failure(f"there is no dead letter {letter}", details=(_no_file(file),))
        found = _one(letters.store, letter)
        audit = letters.store.audit(letter=found.id)
        if json:
            emit(_json({**_plain(found), "audit": audit}), output)
        else:
            show(letter_in_full(found, reversed(audit), _body(found)), output)


@app.command()
def causes(
    *,
    event: Event = None,
    handler: Handler = None,
    key: Key = None,
    since: Since = None,
    until: Until = None,
    json: options.Json = False,
    output: options.Output = None,
    state_dir: StateDir = None,
) -> None:
    """Group dead letters by what they have in common, the most frequent cause first."""
    which = _filter(event, handler, None, key, since, until)
    with _letters(state_dir) as (letters, file):
        found = letters.store.causes(which) if letters else []
        if json:
            emit(_json({"causes": found}), output)
        elif found:
            show(cause_table(found, _now().timestamp()), output)
        else:
            _nothing(letters, file)


@app.command("replay")
def replay_(
    ids: Ids = None,
    *,
    event: Event = None,
    handler: Handler = None,
    cause: OfCause = None,
    key: Key = None,
    since: Since = None,
    until: Until = None,
    every: Annotated[bool, typer.Option("--all", help="All letters.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say which handlers would run; call none.")
    ] = False,
    rate: Annotated[
        float | None, typer.Option(metavar="N", min=0.001, help="Call handlers at most so often a second.")
    ] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="Replay so many at most.")] = None,
    app: App = None,
    json: options.Json = False,
    state_dir: StateDir = None,
) -> None:
    """Call the handlers of dead letters again; ends with 1 where some failed again.

    Letters are tried one after the other; what is broken off, the next replay goes on with.
    """
    which = _filter(event, handler, cause, key, since, until, ids)
    if which == LetterFilter() and not every:
        raise Failure("which letters?", details=("give their ids, a filter such as --cause, or --all",))
    bus = load_bus(app) if not dry_run or named_app(app) else None
    with _letters(state_dir) as (opened, file):
        letters = _of_bus(bus, opened)
        if letters is None:
            emit(_json({"run": "", "replayed": 0}), None) if json else say(_no_file(file))
        elif dry_run or bus is None:
            planned = plan(letters, which, bus)
            emit(
                _json({**msgspec.structs.asdict(planned), "letters": planned.letters}), None
            ) if json else show(plan_in_words(planned), None)
        else:
            report = replay(letters, bus, which, rate=rate, limit=limit, by=_me())
            emit(_json(report), None) if json else show(report_in_words(report), None)
            if report.failed or report.unreadable or report.unknown:
                raise typer.Exit(FINDINGS)


@app.command()
def drop(
    ids: Ids = None,
    *,
    event: Event = None,
    handler: Handler = None,
    cause: OfCause = None,
    key: Key = None,
    since: Since = None,
    until: Until = None,
    every: Annotated[bool, typer.Option("--all", help="All letters.")] = False,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it stays in the audit.")],
    state_dir: StateDir = None,
) -> None:
    """Remove dead letters for good; what was parked behind them can be replayed then."""
    which = _filter(event, handler, cause, key, since, until, ids)
    if which == LetterFilter() and not every:
        raise Failure("which letters?", details=("give their ids, a filter such as --cause, or --all",))
    with _letters(state_dir) as (letters, _):
        dropped = letters.drop(which, reason=reason, by=_me()) if letters else 0
        typer.echo(f"Dropped {dropped:,}.")


@contextmanager
def _letters(folder: Path | None) -> Generator[tuple[DeadLetters | None, Path]]:
    """Open the state, if there is any; errors of it end the command with what to do."""
    try:
        file = state_dir(folder) / STATE_FILE
        if not file.exists():
            yield None, file
            return
        database = Database(file)
        try:
            yield DeadLetters(SqliteDeadLetters(database)), file
        finally:
            database.close()
    except StorageError as error:
        raise Failure(str(error), UNREADABLE) from error


def _of_bus(bus: Any, opened: DeadLetters | None) -> DeadLetters | None:
    """Prefer the application's own dead letters: its guards file there what fails again."""
    own = bus.services.dead_letters if bus is not None else None
    if isinstance(own, DeadLetters) and isinstance(own.store, SqliteDeadLetters):
        return own
    return opened


def _filter(
    event: str | None,
    handler: str | None,
    cause: str | None,
    key: str | None,
    since: str | None,
    until: str | None,
    ids: list[str] | None = None,
) -> LetterFilter:
    now = _now()
    return LetterFilter(
        event=event,
        handler=handler,
        fingerprint=cause,
        key=key,
        since=None if since is None else point(since, "--since", now),
        until=None if until is None else point(until, "--until", now),
        ids=tuple(ids or ()),
    )


def _one(store: DeadLetterStore, id: str) -> DeadLetter:
    found = store.find(LetterFilter(ids=(id,)), limit=11)
    if len(found) == 1:
        return found[0]
    if not found:
        raise Failure(f"there is no dead letter {id}", details=("`dlq list` shows those there are",))
    candidates = (f"{one.id}  {one.event_type}  {one.handler}" for one in found[:10])
    raise Failure(f"{id} is ambiguous", details=tuple(candidates))


def _nothing(letters: DeadLetters | None, file: Path) -> None:
    """An empty answer says why it is empty and what to do."""
    if letters is None:
        say(f"No dead letters. {_no_file(file)}")
    elif total := letters.store.count():
        say(f"None of {many(total)} is meant; leave out a filter, or see `dlq list`.")
    else:
        say(f"No dead letters in {file}: no event has failed for good.")


def _no_file(file: Path) -> str:
    return (
        f"{file} does not exist: nothing was filed yet, or the application keeps its state elsewhere "
        "(--state-dir, or `state_dir` of [tool.pubsub-devtools]). Handlers with dlq=True file what fails for good."
    )


def _plain(letter: DeadLetter) -> dict[str, Any]:
    """A letter as JSON shows it: its event as it is read, not as bytes."""
    plain = msgspec.structs.asdict(letter)
    plain["body"] = _body(letter)
    if letter.content_type.endswith("json"):
        plain["body"] = msgspec.json.decode(letter.body)
    return plain


def _body(letter: DeadLetter) -> str:
    if letter.content_type.endswith("json"):
        return msgspec.json.format(letter.body).decode()
    try:
        return letter.body.decode()
    except UnicodeDecodeError:
        return letter.body.hex()


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value)).decode() + "\n"


def _now() -> datetime:
    return datetime.now().astimezone()


def _me() -> str:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = "unknown"
    return f"{user}@{socket.gethostname()}"
