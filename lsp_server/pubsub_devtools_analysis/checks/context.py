"""What a check may ask: the graph, quick to ask, and the files behind it, read only when a check looks at them.

Tests do not count: `publishers`, `handlers` and `sites` leave them out. What a finding claims must rest on sure sites;
what speaks against it may be of any certainty.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pubsub_devtools.model import Event, EventGraph, Finding, Kind, Place, Related, Severity, Site
from pubsub_devtools_analysis.asked import AskedModules
from pubsub_devtools_analysis.checks.balance import Balance
from pubsub_devtools_analysis.checks.file import File
from pubsub_devtools_analysis.checks.holding import Holding
from pubsub_devtools_analysis.checks.mentions import Mentions
from pubsub_devtools_analysis.checks.migrations import Migrations
from pubsub_devtools_analysis.checks.misspelt import Slips
from pubsub_devtools_analysis.checks.namesakes import Namesakes
from pubsub_devtools_analysis.checks.watched import Watched
from pubsub_devtools_analysis.memo import Memo

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from pubsub_devtools_analysis.facts import Call, FileFacts, Scope
    from pubsub_devtools_analysis.queries.index import Reach
    from pubsub_devtools_analysis.sources import Sources

__all__ = ["Context", "listed", "shown"]

_AT_HAND = 12
"""Files that are at hand: their trees are the most that checks hold."""


class Context:
    """The graph and the files of now. What is asked is noted, so that a change has only those asked again whom it concerns."""

    def __init__(self, sources: Sources, with_fields: Callable[[], EventGraph]) -> None:
        self.sources = sources
        self.memo = Memo()
        self.index = Watched("graph", self.memo)
        self.holding = Holding(sources, self.memo)
        self.modules = AskedModules(sources.modules, self.memo.uses)
        self.namesakes = Namesakes(self.memo)
        self.balance = Balance(self)
        self.mentions = Mentions(self)
        self.migrations = Migrations(self)
        self.slips = Slips(self)
        self._with_fields = with_fields
        self._fields = Watched("fields", self.memo)
        self._has_fields = False
        self._files: dict[str, File] = {}

    def take(self, graph: EventGraph, paths: set[str], is_other_tree: bool) -> set[str]:
        """Have this graph from now on, and what these files hold. Gives all whose answers are worked out anew.

        Args:
            graph: the graph without fields.
            paths: the files that are new, gone or others.
            is_other_tree: whether some are new or gone.
        """
        for path in paths:
            self._files.pop(path, None)
        changed: set[Hashable] = {*paths, *self.holding.changed(paths)}
        changed |= self.index.take(graph) | self.namesakes.take(graph.events)
        if is_other_tree:
            changed |= self.modules.changed()
        if self._has_fields:
            changed |= self._fields.take(self._with_fields())
        return self.memo.forget(changed, ())

    def rest(self) -> None:
        """Let the files go that are at hand: what was found in them is remembered."""
        self._files.clear()

    # -- the graph

    @property
    def fields(self) -> Watched:
        """Look-ups over the graph with fields, which are worked out when the first check asks for them."""
        if not self._has_fields:
            self._has_fields = True
            self._fields.take(self._with_fields())
        return self._fields

    def answers_for(self, event: Event) -> bool:
        """Whether this workspace answers for an event: named whole, not the framework's, not another repository's."""
        return event.origin == "workspace" and not event.pattern and _is_name(event.name)

    def sites(self, event: str, kind: Kind) -> list[Site]:
        """The sites that name this very event, outside tests."""
        return [site for site in self.index.sites_of(event, kind) if not site.in_tests]

    def sure_sites(self, event: str, kind: Kind) -> list[Site]:
        """The sure ones of this workspace among them."""
        return [site for site in self.index.sites_of(event, kind) if _is_sure(site)]

    def publishers(self, event: str) -> list[Reach]:
        """Every publisher that reaches the event, also through links and in linked graphs."""
        return [reach for reach in self.all_publishers(event) if not reach.site.in_tests]

    def handlers(self, event: str) -> list[Reach]:
        """Every handler that hears the event, also through links and in linked graphs."""
        return [reach for reach in self.all_handlers(event) if not reach.site.in_tests]

    def all_publishers(self, event: str) -> tuple[Reach, ...]:
        """The same, those in tests included."""
        return self.memo.get(("publishers", f"event {event}", ""), lambda: self.index.publishers(event), ())

    def all_handlers(self, event: str) -> tuple[Reach, ...]:
        """The same, those in tests included."""
        return self.memo.get(("handlers", f"event {event}", ""), lambda: self.index.handlers(event), ())

    def sure_handlers(self, path: str) -> list[Site]:
        """All sure handlers of a file, unless it is a test."""
        return [s for s in self.index.by_file.get(path, ()) if s.kind == "handle" and _is_sure(s)]

    def sure_publishers(self, path: str) -> list[Site]:
        """All sure publishers of a file, unless it is a test."""
        return [s for s in self.index.by_file.get(path, ()) if s.kind == "publish" and _is_sure(s)]

    def with_fields(self, sites: Iterable[Site]) -> Iterator[Site]:
        """The same sites with the fields that they read or give."""
        known = self.fields.sites
        return (known.get(site.id, site) for site in sites)

    # -- the files

    def file(self, path: str) -> File:
        """A file. Those looked at last are at hand: checks go through sites file by file."""
        self.memo.uses(path)
        found = self._files.get(path)
        if found is None:
            if len(self._files) >= _AT_HAND:
                self._files.pop(next(iter(self._files)))
            found = self._files[path] = File(self.sources, path)
        return found

    def text(self, path: str) -> bytes:
        """What a file holds."""
        return self.file(path).text

    def facts(self, path: str) -> FileFacts | None:
        """The facts of a file."""
        return self.file(path).facts

    def lines(self, path: str) -> list[str]:
        """The lines of a file."""
        return self.file(path).lines

    def tree(self, path: str) -> ast.Module:
        """A file as a tree, whatever stands in it. Costs more than facts: ask for it only where they say so."""
        return self.file(path).tree

    def function(self, site: Site) -> tuple[FileFacts, int] | None:
        """The function that a handler is: the facts of its file and the scope's index."""
        file = self.file(site.place.path)
        if site.origin or file.facts is None:
            return None
        index = file.functions.get((site.place.line, site.place.column))
        return None if index is None else (file.facts, index)

    def scope(self, site: Site) -> Scope | None:
        """The function that a handler is."""
        place = site.place
        if site.origin:
            return None
        return self.memo.get(("scope", place.path, place), lambda: self._scope(site), None)

    def _scope(self, site: Site) -> Scope | None:
        found = self.function(site)
        return found[0].scopes[found[1]] if found is not None else None

    def call(self, place: Place) -> Call | None:
        """The call that stands exactly at a place."""
        span = (place.line, place.column, place.end_line, place.end_column)
        return self.memo.get(("call", place.path, span), lambda: self.file(place.path).calls.get(span), None)

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
        return bool(self.holding.files(pattern))

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


def _is_sure(site: Site) -> bool:
    return site.certainty == "sure" and not (site.in_tests or site.origin or site.place.path.startswith("."))


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
