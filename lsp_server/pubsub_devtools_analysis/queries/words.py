"""How a file says things of events: the calls that publish and register, and the names that mean events there.

Who types a call for the second time types it as the first: what stands in a file, and in the files around it, tells what
a half-typed call is for, before any analysis has read it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Literal

import msgspec

from pubsub_devtools.model import Site
from pubsub_devtools.model.graph import Kind
from pubsub_devtools_analysis.queries.brackets import (
    Open,
    arguments,
    callee_before,
    open_brackets,
    statement_starts,
    tokens,
)
from pubsub_devtools_analysis.queries.half_typed import half_typed
from pubsub_devtools_analysis.queries.occurrence import Form, Occurrence
from pubsub_devtools_analysis.queries.tasks import TASKS

Payload = Literal["", "arguments", "dict"]
"""How a call is given its payload: as its own arguments, or as a dict; nothing where it is unknown, or the event itself."""

_OPENS = re.compile(r"\s*\(")
_NAMES = frozenset({"class", "constant", "alias", "handler"})


class Slot(msgspec.Struct, frozen=True, array_like=True):
    """An argument: its place from 0, and its keyword if it is given by one. ``position`` is -1 for what the call is made on."""

    position: int = -1
    keyword: str = ""

    def takes(self, opened: Open) -> bool:
        """Whether this is the argument that is being typed."""
        return (
            opened.name == self.keyword if self.keyword or opened.name else opened.position == self.position
        )


class Callee(msgspec.Struct, frozen=True, array_like=True):
    """A call that publishes or registers: what is called as it is written, where it takes the event and the payload.

    ``form`` is how the event is said there. What is called on the event itself is written ``.delay``.
    """

    text: str
    kind: Kind
    dialect: str
    form: Form
    event: Slot
    payload: Payload = ""
    payload_at: Slot = Slot()


class Words(msgspec.Struct, frozen=True, array_like=True):
    """The words of one file. ``names`` are the ids of the events that a name means there."""

    callees: tuple[Callee, ...] = ()
    names: dict[str, tuple[str, ...]] = {}


def words(text: str, occurrences: tuple[Occurrence, ...], sites: Mapping[str, Site]) -> Words:
    """The words of a file.

    Args:
        text: what stands in it.
        occurrences: what its text says of events.
        sites: the sites of the graph by their ids.
    """
    reader = _Reader(text, occurrences, sites)
    return Words(tuple(dict.fromkeys(reader.callees())), reader.names())


class _Reader:
    """One file's text, read once for where statements begin."""

    def __init__(self, text: str, occurrences: tuple[Occurrence, ...], sites: Mapping[str, Site]) -> None:
        self._text = text
        self._occurrences = occurrences
        self._sites = sites
        self._lines = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]
        self._starts = list(statement_starts(text, len(text)))
        self._said: dict[str, list[Occurrence]] = {}
        for each in occurrences:
            if each.site and (each.form == "string" or each.form in _NAMES):
                self._said.setdefault(each.site, []).append(each)

    def names(self) -> dict[str, tuple[str, ...]]:
        """The names that mean events."""
        found: dict[str, tuple[str, ...]] = {}
        for each in self._occurrences:
            if each.form in _NAMES and not self._is_mere_handler(each):
                start = self._offset(each.line, each.column)
                found.setdefault(self._text[start : start + each.end_column - each.column], each.events)
        return found

    def _is_mere_handler(self, each: Occurrence) -> bool:
        """Whether it is a function that handles an event, and not the event itself, as a task is."""
        site = self._sites.get(each.site)
        return (
            each.form == "handler"
            and site is not None
            and site.kind == "handle"
            and site.dialect not in TASKS
        )

    def callees(self) -> list[Callee]:
        """The calls of this file's sites."""
        found: list[Callee] = []
        for each in self._occurrences:
            site = self._sites.get(each.site) if each.form == "method" else None
            if site is not None:
                callee = self._callee(each, site)
                if callee is not None:
                    found.append(callee)
        return found

    def _callee(self, method: Occurrence, site: Site) -> Callee | None:
        end = self._offset(method.line, method.end_column)
        opens = _OPENS.match(self._text, end)
        if opens is None:
            return None
        bracket = opens.end() - 1
        begin = self._begin(end)
        _, inside = open_brackets(list(tokens(self._text, begin, end)))
        form, slot = self._event(bracket, site)
        payload, payload_at = self._payload(bracket, site, slot)
        text = callee_before(inside)
        if slot.position < 0:
            if "." not in text or not self._said.get(site.id):
                return None
            text = text[text.rindex(".") :]
        return Callee(text, site.kind, site.dialect, form, slot, payload, payload_at)

    def _event(self, bracket: int, site: Site) -> tuple[Form, Slot]:
        said = self._said.get(site.id, [])
        for each in said:
            frame = self._frame(self._offset(each.line, each.column), bracket)
            if frame is not None:
                return each.form, Slot(frame.position, frame.name)
        named: list[Form] = [each.form for each in said if each.form != "handler" or site.kind == "publish"]
        return (named[0] if named else "constant"), Slot()

    def _payload(self, bracket: int, site: Site, event: Slot) -> tuple[Payload, Slot]:
        """How the payload is given: a dict as one of the arguments, or the arguments themselves."""
        if site.kind != "publish":
            return "", Slot()
        names = {use.name for use in site.keys}
        for at, given in enumerate(arguments(self._text, bracket)):
            slot = Slot(at, given.name)
            if slot == event:
                continue
            if self._text[given.start] == "{":
                return "dict", slot
            if given.name in names or (not given.name and event.position < 0 and names):
                return "arguments", Slot()
        return "", Slot()

    def _frame(self, offset: int, bracket: int) -> Open | None:
        """The bracket that begins at a place, if it is open at an offset."""
        found = half_typed(self._text, offset, self._begin(offset))
        opened = found.around.opened if found is not None else ()
        return next((each for each in opened if each.start == bracket), None)

    def _begin(self, offset: int) -> int:
        return self._starts[bisect_right(self._starts, offset) - 1]

    def _offset(self, line: int, column: int) -> int:
        return self._lines[line - 1] + column if line <= len(self._lines) else len(self._text)
