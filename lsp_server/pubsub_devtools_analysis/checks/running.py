"""Runs the checks and leaves out what settings and comments silence; after a change only what it bears on.

What a check finds in one event or file is an answer of the context's memo. Comments, fingerprints and settings are then
put to the findings of each file by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from pubsub_devtools.model import Finding, Place
from pubsub_devtools_analysis.checks.check import Check, EachEvent, EachFile, Find, Whole
from pubsub_devtools_analysis.checks.fingerprints import fingerprinted
from pubsub_devtools_analysis.checks.ignores import WORD, ignores
from pubsub_devtools_analysis.checks.registry import CHECKS
from pubsub_devtools_analysis.checks.unused_ignore import CHECK as UNUSED
from pubsub_devtools_analysis.checks.unused_ignore import unused
from pubsub_devtools_analysis.ignore import Globs
from pubsub_devtools_analysis.layout import is_aside

if TYPE_CHECKING:
    from pubsub_devtools.model import EventGraph
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.settings import Checks


_MARK = "pubsub"
"""The word of a comment that silences, as scans hold it."""

_COMMENT = re.compile(r"\s#.*$")


class Choice(msgspec.Struct, frozen=True):
    """Which codes are wanted: `select` and `ignore` hold codes or their beginnings, an empty `select` means all.

    Who selects a code asks for its hints too.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def wants(self, code: str) -> bool:
        """Whether a check runs."""
        return (not self.select or code.startswith(self.select)) and not (
            self.ignore and code.startswith(self.ignore)
        )

    def asks_for(self, code: str) -> bool:
        """Whether a code is named, so that its hints are shown."""
        return bool(self.select) and code.startswith(self.select)


class Runner:
    """The findings that are to be told, by the file they stand in.

    Args:
        context: the graph and its files.
        choice: what the command asks for.
        settings: what the project says about severities and files.
        folder: where the root lies in the project; it goes into the fingerprints.
    """

    def __init__(self, context: Context, choice: Choice, settings: Checks, folder: str = "") -> None:
        self.findings: dict[str, tuple[Finding, ...]] = {}
        self._context = context
        self._active = [c for c in CHECKS if choice.wants(c.code) and settings.severity.get(c.code) != "off"]
        self._codes = {check.code for check in self._active}
        self._choice, self._settings, self._folder = choice, settings, folder
        self._units: dict[str, tuple[Check, str]] = {}
        self._subjects: Mapping[type[Find | None], set[str]] = {}
        self._found: dict[str, dict[str, list[Finding]]] = {}
        self._paths: dict[str, set[str]] = {}

    def run(self, graph: EventGraph, paths: set[str], is_other_tree: bool) -> frozenset[str]:
        """Have the findings as they are now. Gives the files that have others.

        Args:
            graph: the graph as it is now.
            paths: the files that are others than when it last ran.
            is_other_tree: whether some of them are new or gone.
        """
        stale = self._context.take(graph, paths, is_other_tree)
        files = (
            {*paths} if self._units or UNUSED not in self._active else {*self._context.holding.files(_MARK)}
        )
        gone, new = self._part()
        for owner in sorted(gone):
            files |= self._put(owner, ())
        for owner in sorted(new | (stale & self._units.keys())):
            files |= self._put(owner, self._of(owner))
        others = frozenset(path for path in files if self._tell(path))
        self._context.rest()
        return others

    # -- what checks find

    def _part(self) -> tuple[set[str], set[str]]:
        """Have each check look at what there is now. Gives what was looked at and is gone, and what is new."""
        index, before = self._context.index, self._subjects
        self._subjects = {EachEvent: {*index.events}, EachFile: {*index.by_file, *index.sagas}, Whole: {""}}
        gone, new = set[str](), set[str]()
        for event in before.get(EachEvent, set[str]()) - self._subjects[EachEvent]:
            self._context.memo.leave(f"event {event}")
        for check in self._active:
            now, old = self._subjects.get(type(check.find), set()), before.get(type(check.find), set())
            gone |= {_owner(check, each) for each in old - now}
            units = {_owner(check, each): (check, each) for each in now - old}
            self._units |= units
            new |= units.keys()
        for owner in gone:
            del self._units[owner]
            self._context.memo.leave(owner)
        return gone, new

    def _of(self, owner: str) -> tuple[Finding, ...]:
        check, subject = self._units[owner]
        none: tuple[Finding, ...] = ()
        return self._context.memo.get((check.code, owner, ""), lambda: self._look(check, subject), none)

    def _look(self, check: Check, subject: str) -> tuple[Finding, ...]:
        match check.find:
            case EachEvent(find):
                return tuple(find(self._context, self._context.index.events[subject]))
            case EachFile(find):
                return tuple(find(self._context, subject))
            case Whole(find):
                return tuple(find(self._context))
            case None:
                return ()

    def _put(self, owner: str, findings: Iterable[Finding]) -> set[str]:
        """Keep what a check finds in one thing. Gives the files that this bears on."""
        before = self._paths.pop(owner, set())
        for path in before:
            del self._found[path][owner]
        for each in findings:
            self._found.setdefault(each.place.path, {}).setdefault(owner, []).append(each)
            self._paths.setdefault(owner, set()).add(each.place.path)
        return before | self._paths.get(owner, set())

    # -- what is told of them

    def _tell(self, path: str) -> bool:
        """Have the findings of a file as they are to be told. Gives whether they are others than before."""
        found = [each for group in self._found.get(path, {}).values() for each in group]
        told = tuple(self._told(path, found))
        is_same = told == self.findings.get(path, ())
        if told:
            self.findings[path] = told
        else:
            self.findings.pop(path, None)
        return not is_same

    def _told(self, path: str, raw: list[Finding]) -> Iterator[Finding]:
        context = self._context
        found = _placed(context, raw)
        comments = ignores(path, context.lines(path)) if WORD in context.text(path) else []
        used = {
            (ignore.place, each.code)
            for each in found
            for ignore in comments
            if ignore.place.line == each.place.line and ignore.covers(each.code)
        }
        silenced = {(place.line, code) for place, code in used}
        told = [each for each in found if (each.place.line, each.code) not in silenced]
        if UNUSED in self._active:
            told += unused(comments, used, self._codes)
        named = fingerprinted(sorted(told, key=_order), lambda place: _line(context, place), self._folder)
        return _judged(named, self._choice, self._settings)


def _owner(check: Check, subject: str) -> str:
    return f"{check.code} {subject}"


def _placed(context: Context, findings: Iterable[Finding]) -> list[Finding]:
    """The findings, each on the first line of its place: a whole function is not what is wrong.

    Those in examples, documentation and copies of other projects are hints: such code shows one thing and leaves out others.
    """
    unique = {(f.code, f.place, f.event, f.message): f for f in findings}
    return [
        replace(
            each,
            place=_first_line(context, each.place),
            severity="hint" if is_aside(each.place.path) else each.severity,
        )
        for each in unique.values()
    ]


def _first_line(context: Context, place: Place) -> Place:
    if place.line == place.end_line and place.column < place.end_column:
        return place
    code = _COMMENT.sub("", _line(context, place)).rstrip()
    start = max(place.column, len(code) - len(code.lstrip()))
    return Place(place.path, place.line, start, place.line, max(len(code), start + 1))


def _line(context: Context, place: Place) -> str:
    lines = context.lines(place.path)
    return lines[place.line - 1] if 0 < place.line <= len(lines) else ""


def _judged(findings: Iterable[Finding], choice: Choice, settings: Checks) -> Iterator[Finding]:
    """The findings with the project's severities; hints only where they are asked for, ignored files left out."""
    ignored = [(Globs((glob,)), tuple(codes)) for glob, codes in settings.per_file_ignores.items()]
    for each in findings:
        severity = settings.severity.get(each.code, each.severity)
        if severity == "off" or (severity == "hint" and not choice.asks_for(each.code)):
            continue
        if any(each.code.startswith(codes) and globs.cover(each.place.path) for globs, codes in ignored):
            continue
        yield replace(each, severity=severity)


def _order(finding: Finding) -> tuple[Place, str, str, str]:
    return finding.place, finding.code, finding.event, finding.message
