"""Calls on objects of which nothing is known, once the user has described the bus whose function has that name.

`self.bus.publish(event)` may be any object's. It is trusted where what it hands over is an event: a class of the workspace,
a name that is known from a call that is sure, or a constant beside such a name. `widget.connect("clicked", f)` is a guess,
since nothing publishes that.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from pubsub_devtools_analysis.matching import BY_NAME, GUESSED, Draft, Finder
from pubsub_devtools_analysis.values import Pattern, Str


def trusted(finder: Finder, drafts: Iterable[Draft]) -> list[Draft]:
    """The drafts, those by name alone sure where they hand over an event, and guesses where nobody publishes it."""
    drafts = answered(finder, list(drafts))
    if not any(draft.reason == BY_NAME for draft in drafts):
        return drafts
    known = {_event(d) for d in drafts if d.certainty == "sure"}
    catalogues = {catalogue(_origin(d)) for d in drafts if d.certainty == "sure"} - {""}
    return [
        msgspec.structs.replace(draft, certainty="sure")
        if draft.reason == BY_NAME
        and (
            _event(draft) in known
            or catalogue(_origin(draft)) in catalogues
            or is_class(finder, _event(draft)[1])
        )
        else draft
        for draft in drafts
    ]


def answered(finder: Finder, drafts: list[Draft]) -> list[Draft]:
    """The drafts; `button.connect("clicked", f)` on any object is a guess where nothing publishes what it hears."""
    published = {_event(d) for d in drafts if d.kind == "publish"}
    return [
        msgspec.structs.replace(draft, certainty="guess")
        if draft.reason in GUESSED
        and draft.kind == "handle"
        and isinstance(draft.name, Str)
        and not draft.name.origin
        and not is_class(finder, draft.name.text)
        and _event(draft) not in published
        else draft
        for draft in drafts
    ]


def is_class(finder: Finder, event: str) -> bool:
    """Whether an event is a class of the workspace, by its name."""
    return event in finder.classes


def catalogue(origin: str) -> str:
    """The class or module of constants that an event's name is taken from."""
    return origin.rpartition(".")[0]


def _event(draft: Draft) -> tuple[str, str]:
    """The event of a draft; one without a name is like no other."""
    return (draft.transport, draft.name.text) if isinstance(draft.name, Str | Pattern) else ("", repr(draft))


def _origin(draft: Draft) -> str:
    return draft.name.origin if isinstance(draft.name, Str) else ""
