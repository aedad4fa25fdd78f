"""A difference as Markdown, for a pull request: the verdict, a picture, then each event with its reasons.

Names come from code that anybody may have written: they stand in code spans, or are escaped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pubsub_devtools_analysis.render.diff_mermaid import diff_mermaid
from pubsub_devtools_analysis.render.diff_words import change_words, heading, where
from pubsub_devtools_analysis.render.markdown import code, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model.diff import Diff, EventChange, Verdict

MARKS: dict[Verdict, str] = {"none": "⚪", "compatible": "🟢", "risky": "🟡", "breaking": "🔴"}


def diff_markdown(diff: Diff) -> str:
    """The whole comment; it begins with the verdict."""
    return "\n".join(_rows(diff)) + "\n"


def _rows(diff: Diff) -> Iterator[str]:
    yield f"## {MARKS[diff.verdict]} Events: {diff.verdict}"
    yield ""
    yield f"{escaped(heading(diff))} ({code(diff.base)} → {code(diff.head)})"
    picture = diff_mermaid(diff)
    if picture:
        yield ""
        yield f"```mermaid\n{picture}```"
    for event in diff.events:
        yield ""
        yield from _event(event)
    if diff.services:
        yield ""
        yield from (f"- {each.change} service {code(each.name)}" for each in diff.services)
    if diff.notes:
        yield ""
        yield from (f"> {escaped(note)}" for note in diff.notes)


def _event(event: EventChange) -> Iterator[str]:
    was = f", before {code(event.was.partition(':')[2])}" if event.was else ""
    yield f"### {MARKS[event.verdict]} {code(event.name)} {event.change}{was}: {event.verdict}"
    yield ""
    for change, words in change_words(event):
        yield f"- {change} {code(words)}"
    for reason in event.reasons:
        who = f"{code(reason.symbol)} at {code(where(reason))}: " if reason.place is not None else ""
        origin = f" (in {code(reason.origin)})" if reason.origin else ""
        yield f"- {MARKS[reason.verdict]} **{reason.verdict}** {who}{escaped(reason.message)}{origin}"
