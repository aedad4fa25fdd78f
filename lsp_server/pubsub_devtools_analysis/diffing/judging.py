"""What all judges of one event look at, and how a reason is said."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from pubsub_devtools.model import Site, Unnamed
from pubsub_devtools.model.diff import Concerned, End, Reason, Verdict
from pubsub_devtools_analysis.diffing.pairing import Pairs
from pubsub_devtools_analysis.diffing.parties import Parties

VERDICTS: tuple[Verdict, ...] = ("none", "compatible", "risky", "breaking")


class Case(msgspec.Struct, frozen=True):
    """One event that is there at both ends, by one name or two.

    ``unnamed`` are the publishers of the head whose event could not be named: one of them may be a lost one. ``turned`` are
    functions that publish an event at the head which is new: there a lost publisher may have been given another name.
    """

    base: Parties
    head: Parties
    publishers: Pairs
    handlers: Pairs
    unnamed: tuple[Unnamed, ...] = ()
    turned: frozenset[tuple[str, ...]] = frozenset()

    @property
    def is_renamed(self) -> bool:
        """Whether the name is another one at the head."""
        return self.base.event.id != self.head.event.id


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The gravest verdict; none where there is none."""
    found: Verdict = "none"
    for verdict in verdicts:
        found = verdict if VERDICTS.index(verdict) > VERDICTS.index(found) else found
    return found


def capped(verdict: Verdict, at: Verdict) -> Verdict:
    """A verdict that goes no further than another."""
    return verdict if VERDICTS.index(verdict) < VERDICTS.index(at) else at


def reason(
    verdict: Verdict,
    message: str,
    concerns: Concerned,
    site: Site | None = None,
    end: End = "head",
    field: str = "",
) -> Reason:
    """A reason about a site, if it is about one."""
    if site is None:
        return Reason(verdict, message, concerns, end=end, field=field)
    return Reason(verdict, message, concerns, site.symbol, site.place, end, site.origin, field)


def at(site: Site) -> str:
    """A site in words: its function, file and line."""
    origin = f" in {site.origin}" if site.origin else ""
    return f"{site.symbol} at {site.place.path}:{site.place.line}{origin}"
