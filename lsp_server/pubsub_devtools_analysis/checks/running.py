"""Runs the checks on one context and leaves out what settings and comments silence. Pure: a context in, findings out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from pubsub_devtools.model import Finding, Place
from pubsub_devtools_analysis.checks.fingerprints import fingerprinted
from pubsub_devtools_analysis.checks.ignores import WORD, Ignore, ignores
from pubsub_devtools_analysis.checks.registry import CHECKS
from pubsub_devtools_analysis.checks.unused_ignore import CHECK as UNUSED
from pubsub_devtools_analysis.checks.unused_ignore import unused
from pubsub_devtools_analysis.ignore import Globs
from pubsub_devtools_analysis.layout import is_aside

if TYPE_CHECKING:
    from pubsub_devtools_analysis.checks.check import Check
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.settings import Checks


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


def run(context: Context, choice: Choice, settings: Checks, folder: str = "") -> tuple[Finding, ...]:
    """All findings that are to be told, sorted by place.

    Args:
        context: the graph and its files.
        choice: what the command asks for.
        settings: what the project says about severities and files.
        folder: where the root lies in the project; it goes into the fingerprints.
    """
    active = [c for c in CHECKS if choice.wants(c.code) and settings.severity.get(c.code) != "off"]
    found = _placed(context, _found(context, active))
    comments = _comments(context, found, wants_all=UNUSED in active)
    used = {
        (ignore.place, each.code)
        for each in found
        for ignore in comments
        if _is_on(ignore, each) and ignore.covers(each.code)
    }
    silenced = {(place.path, place.line, code) for place, code in used}
    told = [each for each in found if (each.place.path, each.place.line, each.code) not in silenced]
    if UNUSED in active:
        told += unused(comments, used, {check.code for check in active})
    named = fingerprinted(sorted(told, key=_order), lambda place: _line(context, place), folder)
    return tuple(each for each in _judged(named, choice, settings))


def _found(context: Context, active: Iterable[Check]) -> list[Finding]:
    return [each for check in active if check.find is not None for each in check.find(context)]


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


def _comments(context: Context, findings: list[Finding], *, wants_all: bool) -> list[Ignore]:
    """The comments that may silence these findings, or all of the workspace, so that unused ones come out."""
    paths = context.sources.paths if wants_all else sorted({each.place.path for each in findings})
    found: list[Ignore] = []
    for path in paths:
        data = context.sources.text(path)
        if data is not None and WORD in data:
            found += ignores(path, context.lines(path))
    return found


def _is_on(ignore: Ignore, finding: Finding) -> bool:
    return (ignore.place.path, ignore.place.line) == (finding.place.path, finding.place.line)


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
