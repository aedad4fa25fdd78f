"""A difference as a person reads it at a terminal: each event with what changed, and whom that breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from pubsub_devtools_analysis.render.diff_words import change_words, heading, where
from pubsub_devtools_analysis.render.text import clean
from pubsub_devtools_cli.show.words import DIM, NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model.diff import Diff, EventChange, Reason, Verdict

STYLES: dict[Verdict, str] = {
    "none": "",
    "compatible": "green",
    "risky": "bold yellow",
    "breaking": "bold red",
}


def diff_lines(diff: Diff) -> Iterator[Text]:
    """The events, the gravest first; then the services, the notes, and the verdict."""
    for event in diff.events:
        yield from _event(event)
        yield Text()
    for service in diff.services:
        yield Text(f"{service.change} service {clean(service.name)}")
    for note in diff.notes:
        yield Text(f"note: {clean(note)}", DIM)
    ends = f"{clean(diff.base)} → {clean(diff.head)}"
    yield Text.assemble(
        (f"Verdict: {diff.verdict}.", STYLES[diff.verdict]), f" {heading(diff)} ", (f"({ends})", DIM)
    )


def _event(event: EventChange) -> Iterator[Text]:
    was = f"  was {clean(event.was.partition(':')[2])}" if event.was else ""
    yield Text.assemble(
        (f"{event.verdict}: ", STYLES[event.verdict]),
        (clean(event.name), NAME),
        f" ({clean(event.transport)}) {event.change}{was}",
    )
    for change, words in change_words(event):
        yield Text.assemble((f"  {change} ", DIM), clean(words))
    for reason in event.reasons:
        yield _reason(reason)


def _reason(reason: Reason) -> Text:
    line = Text.assemble((f"  {reason.verdict}: ", STYLES[reason.verdict]))
    if reason.place is not None:
        line.append(f"{clean(reason.symbol)} at ").append(clean(where(reason)), "cyan")
        line.append(f" in {clean(reason.origin)}: " if reason.origin else ": ")
    return line.append(clean(reason.message))
