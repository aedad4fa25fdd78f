"""The small pieces of text that every view is made of, in one style."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from pubsub_devtools_analysis.render.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pubsub_devtools.model import Certainty, Event, Place
    from pubsub_devtools_analysis.queries.index import Reach

NAME = "bold"
DIM = "dim"
MARKS = {"likely": "yellow", "guess": "magenta"}


def where(place: Place) -> str:
    """``file:line``, which terminals and editors make clickable."""
    return f"{clean(place.path)}:{place.line}"


def mark(certainty: Certainty) -> Text:
    """Nothing for what is sure, a coloured word for the rest."""
    return Text(f"  {certainty}", MARKS[certainty]) if certainty != "sure" else Text()


def site_line(reach: Reach, events: Mapping[str, Event]) -> Text:
    """A function, where it stands, through which event it is reached if not directly, and how sure that is."""
    site = reach.site
    line = Text.assemble(clean(site.symbol), "  ", (where(site.place), "cyan"))
    if reach.via:
        kinds = ", ".join(dict.fromkeys(link.kind for link in reach.via))
        line.append(f"  through {name_of(site.event, events)} ({kinds})", DIM)
    if site.origin:
        line.append(f"  in {clean(site.origin)}", DIM)
    return line + mark(reach.certainty)


def name_of(event: str, events: Mapping[str, Event]) -> str:
    """The name of an event for people, where only its id is at hand."""
    known = events.get(event)
    return clean(known.name if known else event)
