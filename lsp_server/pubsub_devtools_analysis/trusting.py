"""Calls on objects of which nothing is known, once the user has described the bus whose function has that name.

`self.bus.publish(event)` may be any object's. It is trusted where what it hands over is an event: a class of the workspace,
a name that is known from a call that is sure, or a constant beside such a name. `widget.connect("clicked", f)` is a guess,
since nothing publishes that.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Protocol

import msgspec

from pubsub_devtools_analysis.matching import BY_NAME, GUESSED, Draft, Finder
from pubsub_devtools_analysis.values import Pattern, Str


class Trust(Protocol):
    """What is known from calls that are sure: events, catalogues of them, and classes of the workspace that are events."""

    @property
    def events(self) -> Container[tuple[str, str]]:
        """Events of sure calls, by transport and name."""
        ...

    @property
    def published(self) -> Container[tuple[str, str]]:
        """Events that somebody publishes, by transport and name."""
        ...

    @property
    def catalogues(self) -> Container[str]:
        """Classes and modules of constants that the names of sure calls are taken from."""
        ...

    @property
    def classes(self) -> Container[str]:
        """Classes of the workspace that are events, by name."""
        ...


def trusted(drafts: Iterable[Draft], trust: Trust) -> tuple[Draft, ...]:
    """The drafts, those by name alone sure where they hand over an event, and guesses where nobody publishes it."""
    return tuple(
        msgspec.structs.replace(draft, certainty="sure")
        if draft.reason == BY_NAME and _hands_over(draft, trust)
        else draft
        for draft in answered(drafts, trust)
    )


def sure_events(drafts: Iterable[Draft]) -> frozenset[tuple[str, str]]:
    """The events of sure calls, by transport and name."""
    return frozenset(
        (d.transport, d.name.text)
        for d in drafts
        if d.certainty == "sure" and isinstance(d.name, Str | Pattern)
    )


def sure_catalogues(drafts: Iterable[Draft]) -> frozenset[str]:
    """The classes and modules of constants that the names of sure calls are taken from."""
    names = (d.name for d in drafts if d.certainty == "sure")
    return frozenset(catalogue(n.origin) for n in names if isinstance(n, Str)) - {""}


def _hands_over(draft: Draft, trust: Trust) -> bool:
    name = draft.name
    if not isinstance(name, Str | Pattern):
        return False
    origin = catalogue(name.origin) if isinstance(name, Str) else ""
    return (
        (draft.transport, name.text) in trust.events
        or (bool(origin) and origin in trust.catalogues)
        or name.text in trust.classes
    )


def answered(drafts: Iterable[Draft], trust: Trust) -> tuple[Draft, ...]:
    """The drafts; `button.connect("clicked", f)` on any object is a guess where nothing publishes what it hears."""
    return tuple(
        msgspec.structs.replace(draft, certainty="guess")
        if draft.reason in GUESSED
        and draft.kind == "handle"
        and isinstance(draft.name, Str)
        and not draft.name.origin
        and draft.name.text not in trust.classes
        and (draft.transport, draft.name.text) not in trust.published
        else draft
        for draft in drafts
    )


def published(drafts: Iterable[Draft]) -> frozenset[tuple[str, str]]:
    """The events that drafts publish, by transport and name."""
    return frozenset(
        (d.transport, d.name.text)
        for d in drafts
        if d.kind == "publish" and isinstance(d.name, Str | Pattern)
    )


def is_class(finder: Finder, event: str) -> bool:
    """Whether an event is a class of the workspace, by its name."""
    return event in finder.classes


def catalogue(origin: str) -> str:
    """The class or module of constants that an event's name is taken from."""
    return origin.rpartition(".")[0]
