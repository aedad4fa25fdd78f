"""The words that every form of a difference shares."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model.diff import Diff, EventChange, Reason, Verdict

_ORDER: tuple[Verdict, ...] = ("breaking", "risky", "compatible")


def heading(diff: Diff) -> str:
    """How many events changed, and how."""
    if not diff.events:
        return "No event's contract changed."
    counts = Counter(event.verdict for event in diff.events)
    parts = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _ORDER if counts[verdict])
    return f"{len(diff.events)} {'event' if len(diff.events) == 1 else 'events'} changed: {parts}."


def where(reason: Reason) -> str:
    """The place of a reason; one of the base is said to be there."""
    if reason.place is None:
        return ""
    return f"{reason.place.path}:{reason.place.line}{' before' if reason.end == 'base' else ''}"


def change_words(event: EventChange) -> Iterator[tuple[str, str]]:
    """What an event gained, lost or has changed, each as a word and a name with what is known of it."""
    for field in event.fields:
        types = " → ".join(each for each in (field.was, field.now) if each)
        colon = "" if types.startswith("=") else ":"
        yield f"{field.change} field", f"{field.name}{colon} {types}" if types else field.name
    kinds = {"publish": "publisher", "handle": "handler", "declare": "declaration"}
    for site in event.sites:
        origin = f" in {site.origin}" if site.origin else ""
        yield (
            f"{site.change} {kinds[site.kind]}",
            f"{site.symbol} at {site.place.path}:{site.place.line}{origin}",
        )
