"""What a check may ask: the graph, quick to ask, and the files behind it, read only when a check looks at them.

Tests do not count: `publishers`, `handlers` and `sites` leave them out. What a finding claims must rest on sure sites;
what speaks against it may be of any certainty.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pubsub_devtools.model import Event, EventGraph, Finding, Place, Related, Severity, Site
from pubsub_devtools_analysis.checks.balance import TASKS, Balance
from pubsub_devtools_analysis.checks.mentions import Mentions
from pubsub_devtools_analysis.checks.migrations import Migrations
from pubsub_devtools_analysis.checks.misspelt import Slips
from pubsub_devtools_analysis.checks.serializers import task_serializers
from pubsub_devtools_analysis.queries.index import GraphIndex, Reach
from pubsub_devtools_analysis.syntax.decode import decode, split_lines
from pubsub_devtools_analysis.syntax.read import read

if TYPE_CHECKING:
    import re

    from pubsub_devtools_analysis.facts import Call, FileFacts, Scope
    from pubsub_devtools_analysis.sources import Sources

__all__ = ["TASKS", "Context", "listed", "shown"]

_AT_HAND = 100


class Context:
    """One graph and its files. Everything is worked out once and kept for all checks."""

    def __init__(
        self, graph: EventGraph, sources: Sources, with_fields: Callable[[], EventGraph] | None = None
    ) -> None:
        self.graph = graph
        self.sources = sources
        self._with_fields = with_fields or (lambda: graph)
        self._lines: dict[str, list[str]] = {}
        self._facts: dict[str, FileFacts | None] = {}
        self._functions: dict[str, dict[tuple[int, int], int]] = {}
        self._trees: dict[str, ast.Module] = {}
        self._spoken: dict[re.Pattern[bytes], bool] = {}

    # -- the graph

    @cached_property
    def index(self) -> GraphIndex:
        """Look-ups over the graph."""
        return GraphIndex(self.graph)

    @cached_property
    def fields(self) -> GraphIndex:
        """Look-ups over the graph with fields, which are worked out when the first check asks for them."""
        return GraphIndex(self._with_fields())

    @cached_property
    def balance(self) -> Balance:
        """How much of each transport's traffic stays here."""
        return Balance(self)

    @cached_property
    def mentions(self) -> Mentions:
        """Uses of the words of events that lack a side which they should have here."""
        return Mentions(self, [event for event in self.events() if self._lacks_a_side(event)])

    def _lacks_a_side(self, event: Event) -> bool:
        is_sent, is_heard = self.index.publishers(event.id), self.index.handlers(event.id)
        if bool(is_sent) == bool(is_heard):
            return False
        return self.balance.expects(event, "handle" if is_sent else "publish")

    @cached_property
    def migrations(self) -> Migrations:
        """The migrations between versions of events."""
        return Migrations(self)

    @cached_property
    def task_serializers(self) -> frozenset[str]:
        """What Celery is told to write its tasks as."""
        return task_serializers(self)

    @cached_property
    def slips(self) -> Slips:
        """Events whose name is probably misspelt."""
        return Slips(self)

    def events(self) -> Iterator[Event]:
        """The events that this workspace answers for: named whole, not the framework's, not another repository's."""
        return (
            e for e in self.graph.events if e.origin == "workspace" and not e.pattern and _is_name(e.name)
        )

    def sites(self, event: str, kind: Literal["publish", "handle", "declare"]) -> list[Site]:
        """The sites that name this very event, outside tests."""
        return [site for site in self.index.sites_of(event, kind) if not site.in_tests]

    def publishers(self, event: str) -> list[Reach]:
        """Every publisher that reaches the event, also through links and in linked graphs."""
        return [reach for reach in self.index.publishers(event) if not reach.site.in_tests]

    def handlers(self, event: str) -> list[Reach]:
        """Every handler that hears the event, also through links and in linked graphs."""
        return [reach for reach in self.index.handlers(event) if not reach.site.in_tests]

    @cached_property
    def sure_handlers(self) -> list[Site]:
        """All sure handlers of this workspace, outside tests."""
        return [site for site in self._sure if site.kind == "handle"]

    @cached_property
    def sure_publishers(self) -> list[Site]:
        """All sure publishers of this workspace, outside tests."""
        return [site for site in self._sure if site.kind == "publish"]

    def with_fields(self, sites: Iterable[Site]) -> Iterator[Site]:
        """The same sites with the fields that they read or give."""
        known = self.fields.sites
        return (known.get(site.id, site) for site in sites)

    @property
    def _sure(self) -> Iterator[Site]:
        return (
            site
            for site in self.graph.sites
            if site.certainty == "sure"
            and not (site.in_tests or site.origin or site.place.path.startswith("."))
        )

    # -- the files

    def facts(self, path: str) -> FileFacts | None:
        """The facts of a file. Those looked at last are at hand: checks go through sites file by file."""
        if path not in self._facts:
            if len(self._facts) >= _AT_HAND:
                self._facts.pop(next(iter(self._facts)))
            self._facts[path] = self.sources.facts(path)
        return self._facts[path]

    def lines(self, path: str) -> list[str]:
        """The lines of a file."""
        if path not in self._lines:
            data = self.sources.text(path)
            self._lines[path] = [line.rstrip("\r\n") for line in split_lines(decode(data or b"")[0])]
        return self._lines[path]

    def tree(self, path: str) -> ast.Module:
        """A file as a tree, whatever stands in it. Costs more than facts: ask for it only where they say so."""
        if path not in self._trees:
            self._trees[path] = read(self.sources.text(path) or b"").tree
        return self._trees[path]

    def function(self, site: Site) -> tuple[FileFacts, int] | None:
        """The function that a handler is: the facts of its file and the scope's index."""
        facts = None if site.origin else self.facts(site.place.path)
        if facts is None:
            return None
        known = self._functions.get(site.place.path)
        if known is None:
            known = {(s.span[0], s.span[1]): i for i, s in enumerate(facts.scopes) if s.kind == "function"}
            self._functions[site.place.path] = known
        index = known.get((site.place.line, site.place.column))
        return None if index is None else (facts, index)

    def scope(self, site: Site) -> Scope | None:
        """The function that a handler is."""
        found = self.function(site)
        return found[0].scopes[found[1]] if found is not None else None

    def call(self, place: Place) -> tuple[FileFacts, Call] | None:
        """The call that stands exactly at a place."""
        facts = self.facts(place.path)
        span = (place.line, place.column, place.end_line, place.end_column)
        calls = facts.calls if facts is not None else ()
        found = next((call for call in calls if call.span == span), None)
        return None if facts is None or found is None else (facts, found)

    def node(self, place: Place) -> ast.expr | None:
        """The expression that stands exactly at a place."""
        lines = self.lines(place.path)
        found = (
            each
            for each in ast.walk(self.tree(place.path))
            if isinstance(each, ast.expr) and (each.lineno, each.end_lineno) == (place.line, place.end_line)
        )
        return next((each for each in found if self.place(place.path, each, lines) == place), None)

    def place(self, path: str, node: ast.expr, lines: Sequence[str] = ()) -> Place:
        """Where an expression stands: trees count bytes, places count code points."""
        lines = lines or self.lines(path)
        end = node.end_lineno or node.lineno
        columns = (
            _column(lines, node.lineno, node.col_offset),
            _column(lines, end, node.end_col_offset or 0),
        )
        return Place(path, node.lineno, columns[0], end, columns[1])

    def speaks_of(self, pattern: re.Pattern[bytes]) -> bool:
        """Whether any file of the workspace holds what a pattern looks for."""
        if pattern not in self._spoken:
            texts = (self.sources.text(path) or b"" for path in self.sources.paths)
            self._spoken[pattern] = any(pattern.search(text) for text in texts)
        return self._spoken[pattern]

    # -- findings

    def finding(
        self,
        code: str,
        message: str,
        site: Site,
        *related: tuple[Site, str],
        severity: Severity = "warning",
    ) -> Finding:
        """A finding at a site, with the sites on its other side."""
        others = tuple(Related(other.place, words, other.origin) for other, words in related)
        return Finding(code, severity, message, site.place, site.symbol, site.event, others)


def _is_name(name: str) -> bool:
    """Whether a name is one, and not everything (`*`) or the path of an expression that only running could tell."""
    return "()" not in name and any(char.isalnum() for char in name)


def _column(lines: Sequence[str], line: int, offset: int) -> int:
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return offset if text.isascii() else len(text.encode()[:offset].decode(errors="replace"))


def shown(name: str) -> str:
    """An event's name in a message."""
    return f"`{name}`"


def listed(names: Sequence[str]) -> str:
    """Several names in a message."""
    *first, last = map(shown, names)
    return f"{', '.join(first)} and {last}" if first else last
