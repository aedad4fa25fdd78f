"""Dead letters for people: tables, one letter in full, what a replay would do and what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from pubsub_devtools_analysis.render.text import clean
from pubsub_devtools_cli.show.words import DIM, NAME
from pubsub_devtools_cli.when import ago, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from pubsub_devtools.resilience.dead_letters.letter import AuditEntry, Cause, DeadLetter
    from pubsub_devtools.resilience.dead_letters.replay import ReplayPlan, ReplayReport

_LONGEST = 90


def letter_table(letters: Sequence[DeadLetter], total: int, now: float) -> Iterator[RenderableType]:
    """One line a letter."""
    grid = _grid("Letter", "Event", "Handler", "Error", right=("Attempts",), last=("Failed", "Cause"))
    for letter in letters:
        error = (
            f"{letter.error_type}: {letter.message}" if letter.state == "dead" else "parked behind its key's"
        )
        grid.add_row(
            letter.id,
            clean(letter.event_type),
            clean(letter.handler),
            short(error),
            f"{letter.attempts:,}",
            ago(letter.last_failed, now),
            letter.fingerprint,
        )
    yield grid
    shown = f"{len(letters):,} of {many(total)}" if len(letters) < total else many(total)
    yield Text(f"\n{shown}. `dlq show LETTER` tells more, `dlq causes` groups them.", DIM)


def cause_table(causes: Sequence[Cause], now: float) -> Iterator[RenderableType]:
    """One line a cause."""
    grid = _grid("Cause", right=("Letters",), last=("Error", "Handlers", "Events", "First", "Last"))
    for cause in causes:
        grid.add_row(
            cause.fingerprint,
            f"{cause.count:,}",
            short(f"{cause.error_type}: {cause.message}"),
            clean(", ".join(cause.handlers)),
            clean(", ".join(cause.events)),
            ago(cause.first_failed, now),
            ago(cause.last_failed, now),
        )
    yield grid
    yield Text("\nOnce a cause is fixed: `dlq replay --cause CAUSE --dry-run`.", DIM)


def letter_in_full(letter: DeadLetter, audit: Iterable[AuditEntry], body: str) -> Iterator[RenderableType]:
    """Everything about one letter."""
    yield Text.assemble(("Dead letter ", DIM), (letter.id, NAME))
    facts = {
        "event": f"{letter.event_type} {letter.event_version}".strip(),
        "event id": letter.event_id,
        "handler": letter.handler,
        "state": "parked behind an earlier one of its key" if letter.state == "parked" else "",
        "key": letter.key,
        "attempts": f"{letter.attempts:,}, and {letter.replays:,} replays"
        if letter.replays
        else f"{letter.attempts:,}",
        "first failed": moment(letter.first_failed),
        "last failed": moment(letter.last_failed),
        "cause": letter.fingerprint,
        "correlation id": letter.envelope.correlation_id if letter.envelope else "",
        "caused by": letter.envelope.causation_id if letter.envelope else "",
    }
    for name, value in facts.items():
        if value:
            yield Text.assemble((f"  {name:<15}", DIM), clean(value))
    yield Text.assemble("\n", ("Event", NAME), (f"  {letter.content_type}", DIM))
    yield Text(_indented(body))
    if letter.traceback:
        yield Text("\nError", NAME)
        yield Text(_indented(letter.traceback))
    entries = list(audit)
    if entries:
        yield Text("\nWhat was done", NAME)
    for entry in entries:
        by = f" by {entry.by}" if entry.by else ""
        note = f": {entry.note}" if entry.note else ""
        yield Text(f"  {moment(entry.time)}  {entry.action}{clean(by)}{short(note)}")


def plan_in_words(plan: ReplayPlan) -> Iterator[RenderableType]:
    """What a replay would call."""
    grid = _grid("Handler", "Event", right=("Letters", "Parked"), last=("",))
    for tally in plan.handlers:
        remark = f"{tally.unreadable:,} cannot be read" if tally.unreadable else ""
        if tally.handler in plan.unknown:
            remark = "not in the application: these stay"
        row = clean(tally.handler), clean(tally.event), f"{tally.dead:,}", f"{tally.parked:,}"
        grid.add_row(*row, remark)
    yield grid
    yield Text(f"\n{many(plan.letters)} would be replayed; nothing was called.", DIM)


def report_in_words(report: ReplayReport) -> Iterator[RenderableType]:
    """What a replay did."""
    parts = {
        "replayed": report.replayed,
        "failed again": report.failed,
        "left to their handler's retries": report.deferred,
        "cannot be read": report.unreadable,
        "of handlers that the application does not have": report.unknown,
    }
    told = [f"{count:,} {what}" for what, count in parts.items() if count or what == "replayed"]
    yield Text(f"Replay {report.run}: {', '.join(told)}.")
    if report.failed:
        yield Text("What failed again lies where it lay: `dlq causes` groups it.", DIM)


def many(count: int) -> str:
    """So many dead letters."""
    return f"{count:,} dead letter" if count == 1 else f"{count:,} dead letters"


def short(text: str) -> str:
    """The first line of a text, cut where it is long."""
    line = text.partition("\n")[0]
    return clean(line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…") if line else ""


def _grid(*first: str, right: Sequence[str] = (), last: Sequence[str] = ()) -> Table:
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for title in first:
        grid.add_column(title, overflow="fold", style=NAME if title == first[0] else None)
    for title in right:
        grid.add_column(title, justify="right", no_wrap=True)
    for title in last:
        grid.add_column(title, overflow="fold")
    return grid


def _indented(text: str) -> str:
    return "\n".join(f"  {clean(line) if line.strip() else ''}" for line in text.rstrip().split("\n"))
