"""Edges between events: a wildcard subscription hears many names, a queue hears the exchange it is bound to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import partial

from pubsub_devtools.model import Certainty, Evidence, Link, Place, Site
from pubsub_devtools_analysis.dialect import EventSpec
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.matching import Finder, Given, shaped
from pubsub_devtools_analysis.values import Made, Method, Str, Values
from pubsub_devtools_analysis.wildcards import Language, is_pattern, matches

_PLAIN = re.compile(r"[\w:/-]*(?=[\w:/-])")
"""The beginning of a pattern that stands for itself; the last sign before a wildcard may belong to it."""


def links(
    finder: Finder, known: Known, sites: Iterable[Site], partial: set[str], files: Iterable[str]
) -> list[Link]:
    """All links of a graph.

    Args:
        finder: evaluates binding calls.
        known: the active dialects, for their wildcard languages.
        sites: all named sites.
        partial: ids of events whose name is known only in part.
        files: the files to look for bindings in.
    """
    found = {(link.source, link.target): link for link in bindings(finder, files)}
    for link in wildcards(known, sites, partial):
        found.setdefault((link.source, link.target), link)
    return sorted(found.values(), key=lambda each: (each.source, each.target))


def wildcards(known: Known, sites: Iterable[Site], partial: set[str]) -> list[Link]:
    """Links from each event to the wildcard events that hear it, and from names known in part to those they may be."""
    names: dict[str, dict[str, tuple[Site, set[str]]]] = defaultdict(dict)
    for site in sites:
        transport, _, name = site.event.partition(":")
        entry = names[transport].setdefault(name, (site, set()))
        entry[1].add(site.kind)
    found: list[Link] = []
    for transport, group in names.items():
        for name, (site, kinds) in group.items():
            language: Language = (
                known.dialects[site.dialect].wildcards if site.dialect in known.dialects else ""
            )
            guessed = f"{transport}:{name}" in partial
            if not guessed and not ("handle" in kinds and is_pattern(name, language)):
                continue
            if guessed and not name.strip("*.:/_-"):
                continue
            found.extend(_matching(transport, name, group, "" if guessed else language, guessed, site))
    return found


def _matching(
    transport: str,
    name: str,
    group: dict[str, tuple[Site, set[str]]],
    language: Language,
    guessed: bool,
    site: Site,
) -> list[Link]:
    certainty: Certainty = "likely" if guessed else "sure"
    note = "the name is known in part" if guessed else "the subscription is a pattern"
    evidence = (Evidence(note, site.place),)
    found: list[Link] = []
    _, own = group[name]
    start = _PLAIN.match(name)
    head = start[0] if start is not None else ""
    for other, (_, kinds) in group.items():
        if not other.startswith(head) or other == name or not matches(name, other, language):
            continue
        if "handle" in own and kinds & {"publish"}:
            found.append(Link(f"{transport}:{other}", f"{transport}:{name}", "wildcard", certainty, evidence))
        if guessed and "publish" in own and kinds & {"handle"}:
            found.append(Link(f"{transport}:{name}", f"{transport}:{other}", "wildcard", certainty, evidence))
    return found


def bindings(finder: Finder, files: Iterable[str]) -> list[Link]:
    """Links made by calls that bind a queue to an exchange or a subscription to a topic."""
    methods = frozenset(key[2] for key in finder.known.bindings)
    found: list[Link] = []
    for path in files:
        if not methods.isdisjoint(finder.workspace.call_names(path)):
            none: list[Link] = []
            found.extend(
                finder.memo.get(("binds", path, ""), partial(_bindings_of, finder, path, methods), none)
            )
    return found


def _bindings_of(finder: Finder, path: str, methods: frozenset[str]) -> list[Link]:
    found: list[Link] = []
    facts = finder.workspace.facts(path)
    if facts is None:
        return found
    for method in sorted(methods & facts.called.keys()):
        for index in facts.called[method]:
            call = facts.calls[index]
            for callee in finder.received(path, facts, call, finder.evaluator.callees(path, facts, call)):
                if isinstance(callee, Method) and isinstance(callee.owner, Made):
                    given = finder.given(path, facts, index, callee)
                    found.extend(_bound(finder, callee.owner, method, given))
    return found


def _bound(finder: Finder, owner: Made, method: str, given: Given) -> list[Link]:
    found: list[Link] = []
    transport = finder.known.dialects[owner.dialect].carrier
    evidence = (Evidence("bound here", Place(given.path, *given.span)),)
    for _, binding in finder.known.bindings.get((owner.dialect, owner.type, method), ()):
        sources = _names(finder, given, binding.source, binding.source_template)
        targets = _names(finder, given, binding.target, "") if binding.target else owner.names
        found.extend(
            Link(f"{transport}:{s.text}", f"{transport}:{t.text}", "binding", "sure", evidence)
            for s in sources
            for t in targets
            if isinstance(s, Str) and isinstance(t, Str) and s.text and t.text and s.text != t.text
        )
    return found


def _names(finder: Finder, given: Given, places: tuple[str | int, ...], template: str) -> Values:
    expr = finder.argument(given, places)
    form = EventSpec(template=template)
    found: Values = ()
    for value in finder.evaluator.eval(given.at, expr) if expr is not None else ():
        names = finder.name_of(value, form, given)
        found += tuple(shaped(n, form) for n in names) if isinstance(value, Str) else names
    return found
