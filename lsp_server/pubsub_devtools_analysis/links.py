"""Edges between events: a wildcard subscription hears many names, a queue hears the exchange it is bound to.

Names that are known in part lead to those that they may be.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from pubsub_devtools.model import Certainty, Evidence, Link, Place, Site
from pubsub_devtools_analysis.dialect import EventSpec
from pubsub_devtools_analysis.known import Known
from pubsub_devtools_analysis.matching import Finder, Given, shaped
from pubsub_devtools_analysis.values import Made, Method, Str, Values
from pubsub_devtools_analysis.wildcards import Language, is_pattern, matches

_PLAIN = re.compile(r"[\w:/-]*(?=[\w:/-])")
"""The beginning of a pattern that stands for itself; the last sign before a wildcard may belong to it."""


class Name(NamedTuple):
    """An event as links see it: its first site, the sides that it has, and whether its name is known in part alone."""

    name: str
    site: Site
    kinds: frozenset[str]
    is_partial: bool


class Links:
    """The links of a graph, kept up to date event by event."""

    def __init__(self, known: Known) -> None:
        self.all: tuple[Link, ...] = ()
        self._known = known
        self._names: defaultdict[str, dict[str, Name]] = defaultdict(dict)
        self._patterns: defaultdict[str, dict[str, dict[str, tuple[Link, ...]]]] = defaultdict(dict)
        """By transport and name of a pattern: its links by the other name."""
        self._bound: dict[str, tuple[Link, ...]] = {}

    def update(self, events: Mapping[str, Name | None], bound: Mapping[str, tuple[Link, ...]]) -> None:
        """Take in the events that are others, or gone, and the bindings of files."""
        is_same = all(links == self._bound.get(path, ()) for path, links in bound.items())
        self._bound.update(bound)
        for event, new in events.items():
            transport, _, name = event.partition(":")
            old = self._names[transport].pop(name, None)
            if new is not None:
                self._names[transport][name] = new
            is_same = not self._renew(transport, name, old, new) and is_same
        if not is_same:
            self.all = self._together()

    def _renew(self, transport: str, name: str, old: Name | None, new: Name | None) -> bool:
        """Match a name with all patterns, and with all names if it is a pattern. Gives whether there are other links."""
        is_other = False
        patterns, names = self._patterns[transport], self._names[transport]
        if (old and old.kinds) != (new and new.kinds):
            for pattern, links in patterns.items():
                found = self._matching(names[pattern], new) if new is not None and pattern in names else ()
                is_other = is_other or found != links.get(name, ())
                links.pop(name, None)
                if found:
                    links[name] = found
        before = patterns.pop(name, {})
        if new is not None and self._is_pattern(new):
            start = _PLAIN.match(new.name)
            near = new.name[: start.end()] if start is not None else ""
            alike = ((other, each) for other, each in names.items() if other.startswith(near))
            matched = ((other, self._matching(new, each)) for other, each in alike)
            patterns[name] = {other: found for other, found in matched if found}
        return is_other or before != patterns.get(name, {})

    def _together(self) -> tuple[Link, ...]:
        """All links, each once: a binding before a match, and the match of the pattern that comes first."""
        found = {
            (link.source, link.target): link for path in sorted(self._bound) for link in self._bound[path]
        }
        for transport, patterns in self._patterns.items():
            names = self._names[transport]
            for name in sorted(patterns, key=lambda each: (names[each].site.place, names[each].site.id)):
                for links in patterns[name].values():
                    for link in links:
                        found.setdefault((link.source, link.target), link)
        return tuple(sorted(found.values(), key=lambda each: (each.source, each.target)))

    def _is_pattern(self, own: Name) -> bool:
        """Whether a name stands for others: those that match it, or those that it may be."""
        if own.is_partial:
            return bool(own.name.strip("*.:/_-"))
        return "handle" in own.kinds and is_pattern(own.name, self._language(own))

    def _language(self, own: Name) -> Language:
        dialect = self._known.dialects.get(own.site.dialect)
        return "" if own.is_partial or dialect is None else dialect.wildcards

    def _matching(self, own: Name, other: Name) -> tuple[Link, ...]:
        """The links between a pattern and another name."""
        if other.name == own.name or not matches(own.name, other.name, self._language(own)):
            return ()
        certainty: Certainty = "likely" if own.is_partial else "sure"
        note = "the name is known in part" if own.is_partial else "the subscription is a pattern"
        evidence = (Evidence(note, own.site.place),)
        transport = own.site.event.partition(":")[0]
        ends = (f"{transport}:{other.name}", f"{transport}:{own.name}")
        found: list[Link] = []
        if "handle" in own.kinds and "publish" in other.kinds:
            found.append(Link(*ends, "wildcard", certainty, evidence))
        if own.is_partial and "publish" in own.kinds and "handle" in other.kinds:
            found.append(Link(ends[1], ends[0], "wildcard", certainty, evidence))
        return tuple(found)


def bindings(finder: Finder, path: str) -> list[Link]:
    """Links made by a file's calls that bind a queue to an exchange or a subscription to a topic."""
    methods = frozenset(key[2] for key in finder.known.bindings)
    none: list[Link] = []
    if methods.isdisjoint(finder.workspace.call_names(path)):
        return none
    return finder.memo.get(("binds", path, ""), partial(_bindings_of, finder, path, methods), none)


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
