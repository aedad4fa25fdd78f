"""What the analysis looked at and what it could not name: every answer ends with how far it can be trusted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.queries.view import counted
from pubsub_devtools_cli.show.words import where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubsub_devtools.model import EventGraph, Unnamed

_TOP = 3


def coverage_lines(graph: EventGraph) -> Iterator[str]:
    """The coverage of a whole graph, before anything was selected from it."""
    seen = graph.coverage
    yield (
        f"{counted(seen.files, 'file')} found, {seen.files_read:,} read for events: {counted(seen.sites, 'site')} seen, "
        f"{seen.named:,} named, {seen.sites - seen.named:,} not named."
    )
    yield f"Frameworks: {_frameworks(graph)}."
    yield from _not_named(graph.unnamed)
    yield from _problems(graph)


def left_out_line(widest: EventGraph, shown: EventGraph) -> Iterator[str]:
    """What certainty, tests and built-ins leave out of the widest form of a selection, and the options that show it."""
    kept = {site.id for site in shown.sites}
    events = {event.id for event in shown.events}
    hidden = [site for site in widest.sites if site.id not in kept]
    code = Counter(site.certainty for site in hidden if not site.in_tests)
    tests = sum(site.in_tests for site in hidden)
    builtins = sum(event.origin == "builtin" for event in widest.events if event.id not in events)
    parts = [
        (code["likely"], f"{code['likely']:,} likely (--certainty likely)"),
        (code["guess"], f"{counted(code['guess'], 'guess')} (--certainty guess)"),
        (tests, f"{tests:,} in tests (--tests)"),
        (builtins, f"{counted(builtins, 'built-in event')} (--builtins)"),
    ]
    words = [text for number, text in parts if number]
    if words:
        yield f"Not shown: {', '.join(words)}."


def _frameworks(graph: EventGraph) -> str:
    found = Counter(site.dialect for site in graph.sites)
    found.update(site.dialect for site in graph.unnamed)
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{dialect} {number:,}" for dialect, number in ranked) or "none of those known was found"


def _not_named(unnamed: Iterable[Unnamed]) -> Iterator[str]:
    """The commonest reasons, each with its count, one place and what would help."""
    groups: dict[str, list[Unnamed]] = {}
    for site in unnamed:
        groups.setdefault(site.reason, []).append(site)
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    for reason, sites in ranked[:_TOP]:
        first = sites[0]
        yield f"Not named: {len(sites):,} ({reason}), as at {where(first.place)}: {first.hint}."
    if len(ranked) > _TOP:
        rest = sum(len(sites) for _, sites in ranked[_TOP:])
        yield f"Not named: {rest:,} for {counted(len(ranked) - _TOP, 'other reason')}; --json lists them all."


def _problems(graph: EventGraph) -> Iterator[str]:
    if graph.problems:
        files = counted(len({problem.path for problem in graph.problems}), "file")
        first = graph.problems[0]
        yield f"{files} not read whole, as {first.path}:{first.line} ({first.message})."
