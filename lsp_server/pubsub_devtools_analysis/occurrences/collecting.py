"""Occurrences as they are found: of several for one stretch the one that says most is kept."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from pubsub_devtools_analysis.queries.occurrence import Occurrence

if TYPE_CHECKING:
    from pubsub_devtools_analysis.facts import Span
    from pubsub_devtools_analysis.queries.occurrence import Form, Role

_events: dict[tuple[str, ...], tuple[str, ...]] = {}
"""Tuples of events that are the same are one: thousands of occurrences speak of few."""


WordKind = Literal["name", "attribute", "stored", "keyword", "key", "parameter"]


class Word(NamedTuple):
    """A name or key as it is written, which may turn out to be a field's."""

    kind: WordKind
    text: str
    span: Span


class Collection:
    """The occurrences of one file."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int, int], Occurrence] = {}

    def put(
        self,
        span: Span,
        form: Form,
        role: Role,
        events: tuple[str, ...],
        site: str = "",
        field: str = "",
        *,
        sure: bool = True,
        symbol: str = "",
    ) -> None:
        """Put one down; where its stretch has one already, both are joined, or the weightier one stays."""
        key = (span[0], span[1], span[3])
        new = Occurrence(
            *key, form, role, _shared(events), sys.intern(site), sys.intern(field), sure, sys.intern(symbol)
        )
        old = self._found.get(key)
        self._found[key] = new if old is None else _joined(old, new)

    def all(self) -> tuple[Occurrence, ...]:
        """All of them, in the order of the text."""
        return tuple(self._found[key] for key in sorted(self._found))


def _shared(events: tuple[str, ...]) -> tuple[str, ...]:
    return _events.setdefault(events, tuple(map(sys.intern, events)))


_ROLES: tuple[Role, ...] = ("mention", "declare", "handle", "publish")


def _weight(each: Occurrence) -> tuple[bool, bool, int]:
    """A call may be several things at once (`cron(close_day)` registers and publishes): what it publishes leads further."""
    return (each.form not in ("field", "text"), each.form != "text", _ROLES.index(each.role))


def _joined(old: Occurrence, new: Occurrence) -> Occurrence:
    if _weight(old) != _weight(new):
        return max(old, new, key=_weight)
    if (old.form, old.role, old.field) != (new.form, new.role, new.field):
        return old
    events = _shared(tuple(dict.fromkeys((*old.events, *new.events))))
    return msgspec.structs.replace(
        old,
        events=events,
        site=old.site or new.site,
        sure=old.sure and new.sure,
        symbol=old.symbol or new.symbol,
    )
