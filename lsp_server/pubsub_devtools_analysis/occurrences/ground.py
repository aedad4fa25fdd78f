"""What all that looks at one file shares: its text and tree, what is known of it, and what was found so far."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import NamedTuple

from pubsub_devtools_analysis.evaluation import At, Evaluator
from pubsub_devtools_analysis.evaluation.at import LATE
from pubsub_devtools_analysis.extraction.tables import Tables
from pubsub_devtools_analysis.facts import FileFacts, Span
from pubsub_devtools_analysis.occurrences.by_file import FileView, Region
from pubsub_devtools_analysis.occurrences.collecting import Collection, Word
from pubsub_devtools_analysis.occurrences.excerpt import excerpt
from pubsub_devtools_analysis.occurrences.literals import Stretch
from pubsub_devtools_analysis.occurrences.meaning import Ids, Meaning, Meant
from pubsub_devtools_analysis.occurrences.parts import Parts
from pubsub_devtools_analysis.occurrences.symbols import Symbols
from pubsub_devtools_analysis.occurrences.walking import Seen, Walk
from pubsub_devtools_analysis.queries.occurrence import Form, Role
from pubsub_devtools_analysis.syntax.decode import decode, with_unix_newlines
from pubsub_devtools_analysis.syntax.read import read
from pubsub_devtools_analysis.values import Values

Written = ast.Name | ast.Attribute
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_DEFINES = re.compile(r"(?:async\s+)?(?:def|class)\s+")


class Known(NamedTuple):
    """What is known of events, and how names are looked up."""

    evaluator: Evaluator
    symbols: Symbols
    meaning: Meaning
    quoted: Mapping[str, Ids]
    """Names that hardly mean anything else where they stand in quotes."""


class Ground:
    """One file.

    Args:
        path: the file.
        data: its bytes.
        facts: what extraction found in them.
        view: what the graph says of it.
        words: the words that may stand for events in it.
        known: what is known of events.
    """

    def __init__(
        self, path: str, data: bytes, facts: FileFacts, view: FileView, words: set[str], known: Known
    ) -> None:
        self.path, self.facts, self.view, self.known = path, facts, view, known
        self.text = with_unix_newlines(decode(data).text)
        self.lines = self.text.split("\n")
        self.words = words.union(*(also for name, also in facts.summary.renamed.items() if name in words))
        self.module = known.evaluator.workspace.symbol(path, "")
        self.parts = Parts(view.regions)
        self.found = Collection()
        self.written: list[Word] = []
        self.variables: dict[tuple[int, str], Ids] = {}
        """By scope and name the variables that hold the names of events."""
        tables = self.tables = Tables(None if self.text.isascii() else self.lines)
        self.hit = self._hit()
        tree = excerpt(self.lines, facts, self.hit)
        reading = read(data) if tree is None else None
        self.dropped = reading.dropped if reading is not None else ()
        self.walk = Walk(tree or (reading.tree if reading is not None else ast.Module([], [])), facts, tables)

    def _hit(self) -> list[int]:
        """The lines in which one of the words stands, and those of sites, fields and schemas."""
        view = self.view
        places = [region.place for region in view.regions] + [used.use.place for used in view.fields]
        places += [shape.schema.place for shape in view.shapes]
        own = [place for place in places if place.path == self.path]
        lines = {line for place in own for line in range(place.line, place.end_line + 1)}
        return sorted({*lines, *(line for line, _ in view.handlers), *self._lines_of_words()})

    def _lines_of_words(self) -> set[int]:
        found: set[int] = set()
        line, start = 1, 0
        for match in _IDENTIFIER.finditer(self.text) if self.words else ():
            if match[0] in self.words:
                line += self.text.count("\n", start, match.start())
                start = match.start()
                found.add(line)
        return found

    # -- what is meant

    def at(self, seen: Seen) -> At:
        """Where a node stands: inside functions the line decides which binding is meant."""
        is_local = self.facts.scopes[seen.scope].kind in ("function", "lambda")
        line = getattr(seen.node, "lineno", LATE) if is_local else LATE
        return At(self.path, self.facts, seen.scope, seen.block, line)

    def values(self, seen: Seen, node: ast.expr) -> Values:
        """What an expression can be."""
        return self.known.evaluator.eval(self.at(seen), self.walk.expr(node))

    def named(self, seen: Seen, name: str) -> Values:
        """What a name that stands in a text can be."""
        return self.known.evaluator.eval(self.at(seen), self.walk.expr(ast.Name(name)))

    def declared(self, events: Ids) -> str:
        """The site in this file that declares one of these events."""
        return next((r.site for r in self.view.regions if r.role == "declare" and r.event in events), "")

    # -- where things stand

    def end_of(self, node: Written, name: str) -> Span | None:
        """Where the last name of an expression stands."""
        _, _, line, end = self.tables.span(node)
        if not self.lines[line - 1].startswith(name, max(end - len(name), 0)):
            return None
        return (line, end - len(name), line, end)

    def defined(self, span: Span, name: str) -> Span | None:
        """Where the name stands in a definition."""
        line = self.lines[span[0] - 1]
        start = _DEFINES.match(line, span[1])
        if start is None or not line.startswith(name, start.end()):
            return None
        return (span[0], start.end(), span[0], start.end() + len(name))

    def is_dropped(self, node: ast.AST) -> bool:
        """Whether a node stands on a line that was mended: then its place is none of the text's."""
        line, end = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        return line == end and any(first <= line <= last for first, last in self.dropped)

    # -- what is found

    def put_site(self, span: Span, form: Form, region: Region, symbol: str = "") -> None:
        """Put down a part of a site."""
        self.found.put(span, form, region.role, (region.event,), region.site, sure=region.sure, symbol=symbol)

    def put_meant(self, span: Span, name: str, meant: Meant, role: Role = "mention", site: str = "") -> None:
        """Put down a name that stands for events by itself: another one than its definition's is an alias."""
        is_own = not meant.symbol or meant.symbol.rpartition(".")[2] == name
        form = meant.form if is_own or meant.form == "constant" else "alias"
        self.found.put(span, form, role, meant.events, site, sure=meant.sure, symbol=meant.symbol)


def span_of(stretch: Stretch) -> Span:
    """A stretch as facts write it."""
    return (stretch.line, stretch.column, stretch.line, stretch.end_column)
