"""Which lost event is which gained one under another name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from pubsub_devtools.model import Site
from pubsub_devtools_analysis.diffing.parties import Parties

ENOUGH = 2.0
"""What must speak for a rename: the handler itself, or several weaker signs together."""


def renames(lost: Iterable[Parties], gained: Iterable[Parties]) -> dict[str, str]:
    """The old id of each gained event that is a lost one renamed; the likeliest pairs first, each event once."""
    new = list(gained)
    scored = [
        (likeness(old, each), old.event.id, each.event.id)
        for old in lost
        for each in new
        if old.event.transport == each.event.transport
    ]
    found: dict[str, str] = {}
    taken: set[str] = set()
    for score, was, now in sorted(scored, key=lambda row: (-row[0], row[1], row[2])):
        if score >= ENOUGH and was not in taken and now not in found:
            found[now] = was
            taken.add(was)
    return found


def likeness(old: Parties, new: Parties) -> float:
    """How much speaks for two events being one."""
    handlers = max((_same(a, b) for a in _own(old.handlers) for b in _own(new.handlers)), default=0.0)
    publishers = max((_same(a, b) for a in old.publishers for b in new.publishers), default=0.0)
    declared = max((_same(a, b) for a in old.declarations for b in new.declarations), default=0.0)
    names = SequenceMatcher(None, old.event.name, new.event.name).ratio()
    total = handlers + declared + publishers / 2 + names / 2
    return total if _shape(old) == _shape(new) or handlers >= ENOUGH else total - 1.0


def _own(sites: Iterable[Site]) -> list[Site]:
    return [site for site in sites if not site.origin]


def _same(old: Site, new: Site) -> float:
    """Whether two sites are one: the same function, one that moved, or one of a name that is like it, in its file."""
    if old.symbol == new.symbol and old.symbol != "<module>":
        return 3.0 if old.place.path == new.place.path else 2.0
    if old.place.path != new.place.path:
        return 0.0
    words = _words(old.symbol) & _words(new.symbol)
    close = SequenceMatcher(None, old.symbol, new.symbol).ratio()
    return 0.5 + close + (0.5 if words else 0.0)


def _words(symbol: str) -> set[str]:
    return {word for word in symbol.lower().rpartition(".")[2].split("_") if len(word) > 3}


def _shape(each: Parties) -> object:
    """What handlers take, or what is given: a renamed event keeps it as a rule."""
    takes = [tuple(field.name for field in s.takes) for s in _own(each.handlers) if s.takes is not None]
    return takes or sorted(each.given()) or sorted({r.name for s in each.handlers for r in s.reads})
