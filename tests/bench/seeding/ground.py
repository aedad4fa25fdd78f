"""A repository to plant defects in: what the analysis knows of it, and what the checks tell, before and after."""

from __future__ import annotations

import ast
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pubsub_devtools.model import Event, Finding, Kind, Place, Site
from pubsub_devtools_analysis.checking import Checking
from pubsub_devtools_analysis.checks.context import Context
from pubsub_devtools_analysis.host import AnalysisHost
from pubsub_devtools_analysis.layout import is_aside, is_test
from tests.bench.seeding.text import Edit, Function, Span, columns, edited, moved, parsed

Told = tuple[str, str, str, str, str]
_CHOSEN = re.compile(rb"(?i)task_serializer\W+[\w-]*(pickle|yaml|msgpack)|register_type|set_encoder")
_LINE = re.compile(r"\bline \d+")


@dataclass(frozen=True)
class Seed:
    """One defect: a file's content with it, and the line that must be told.

    `soil` is the content that the defect was put into where the repository itself lacks what it takes: with it alone
    nothing may be told. `told` is the file of the finding where that is another one.
    """

    code: str
    repo: str
    path: str
    line: int
    what: str
    content: bytes
    soil: bytes | None = None
    told: str = ""

    @property
    def at(self) -> tuple[str, int]:
        """Where the finding must stand."""
        return self.told or self.path, self.line


class Ground:
    """One repository, open."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.name = root.name.replace("+", "/")
        self.host = AnalysisHost.open(root)
        self.chance = chance
        self._texts: dict[str, str | None] = {}
        self.context = Context(self.host.sources(), self.host.with_fields)
        self.context.take(self.host.snapshot(), set(), is_other_tree=False)
        self._checking = Checking(self.host)

    def close(self) -> None:
        """Let the repository go."""
        self.host.close()

    # -- what the checks tell

    def found(self) -> list[Finding]:
        """All that `check` tells by default."""
        found = self._checking.update().findings
        return [each for path in sorted(found) for each in found[path]]

    def after(self, path: str, content: bytes) -> list[Finding]:
        """What is told with one file changed."""
        before = self.host.sources().text(path)
        self.host.update(path, content)
        try:
            return self.found()
        finally:
            self.host.update(path, before)

    # -- what it is made of

    def publishers(self, *dialects: str) -> Iterator[Site]:
        """Sure publishers in an order by chance."""
        return self._sites(self.sure("publish"), dialects)

    def handlers(self, *dialects: str) -> Iterator[Site]:
        """Sure handlers that are functions, in an order by chance."""
        return self._sites((s for s in self.sure("handle") if self.function(s)), dialects)

    def sure(self, kind: Kind) -> list[Site]:
        """All sure sites of a kind, outside tests."""
        index = self.context.index
        sure = {site.id for event in index.ids() for site in self.context.sure_sites(event, kind)}
        return [site for site in index.graph.sites if site.id in sure]

    def events(self) -> Iterator[Event]:
        """The events that the repository answers for."""
        return filter(self.context.answers_for, self.context.index.graph.events)

    def _sites(self, sites: Iterable[Site], dialects: tuple[str, ...]) -> Iterator[Site]:
        chosen = [s for s in sites if (not dialects or s.dialect in dialects) and self.is_open(s.place.path)]
        return iter(self.chance.sample(chosen, len(chosen)))

    def is_open(self, path: str) -> bool:
        """Whether findings in a file count: it is Python, no test, no example."""
        is_code = path.endswith(".py") and not is_test(path) and not is_aside(path)
        return is_code and self.text(path) is not None

    def text(self, path: str) -> str | None:
        """A file's text; nothing where it is not UTF-8 or no Python that this Python reads."""
        if path not in self._texts:
            self._texts[path] = _python(self.host.sources().text(path) or b"")
        return self._texts[path]

    def tree(self, path: str) -> ast.Module:
        """A file's tree."""
        return self.context.tree(path)

    def files(self) -> Iterator[str]:
        """Files with sites in an order by chance."""
        sites = (*self.sure("publish"), *self.sure("handle"))
        paths = sorted({site.place.path for site in sites if self.is_open(site.place.path)})
        return iter(self.chance.sample(paths, len(paths)))

    def function(self, site: Site) -> Function | None:
        """The function that a handler is."""
        if not self.is_open(site.place.path):
            return None
        at = site.place
        nodes = (n for n in ast.walk(self.tree(at.path)) if isinstance(n, Function))
        return next((n for n in nodes if (n.lineno, n.col_offset) == (at.line, at.column)), None)

    @cached_property
    def sends_by_text(self) -> bool:
        """Whether a file imports by a text what it may send: then no publisher is surely the last."""
        texts = (self.host.sources().text(path) or b"" for path in self.host.sources().names)
        return any(b"import_string(" in text and b".send" in text for text in texts)

    @cached_property
    def chooses_serializer(self) -> bool:
        """Whether a file speaks of another serializer of tasks than JSON."""
        texts = (self.host.sources().text(path) or b"" for path in self.host.sources().names)
        return any(_CHOSEN.search(text) for text in texts)

    def call(self, place: Place) -> ast.Call | None:
        """The call that stands at a place."""
        node = self.context.node(place)
        return node if isinstance(node, ast.Call) else None

    def statement(self, place: Place) -> ast.Expr | None:
        """The statement that is nothing but the call at a place, awaited or not."""
        call = self.call(place)
        for node in ast.walk(self.tree(place.path)) if call is not None else ():
            inner = node.value if isinstance(node, ast.Expr) else None
            if inner is call or (isinstance(inner, ast.Await) and inner.value is call):
                assert isinstance(node, ast.Expr)
                return node
        return None

    def span(self, path: str, node: ast.AST) -> Span:
        """Where a node stands."""
        return columns(self.text(path) or "", node)

    def indent(self, path: str, line: int) -> str:
        """The white space at the beginning of a line."""
        text = (self.text(path) or "").split("\n")[line - 1]
        return text[: len(text) - len(text.lstrip())]

    def lines(self, path: str, first: int, last: int) -> str:
        """Whole lines of a file."""
        return "\n".join((self.text(path) or "").split("\n")[first - 1 : last]) + "\n"

    # -- what is put into it

    def seed(
        self, code: str, path: str, line: int, what: str, edits: list[Edit], *, after: int = 0
    ) -> Iterator[Seed]:
        """A seed, if the file is Python with it: its line is that of the text before, or one `after` the edits."""
        text = self.text(path) or ""
        new = edited(text, edits)
        if parsed(new) is not None and new != text:
            yield Seed(code, self.name, path, after or moved(line, edits), what, new.encode())

    def across(self, code: str, path: str, told: Place, what: str, edits: list[Edit]) -> Iterator[Seed]:
        """A seed whose finding stands at a place that may be in another file than the edit."""
        line = moved(told.line, edits) if told.path == path else told.line
        for seed in self.seed(code, path, line, what, edits, after=line):
            yield replace(seed, told=told.path)

    def planted(self, code: str, path: str, what: str, soil: str, defect: str, marked: str) -> Iterator[Seed]:
        """A seed in code that is put below a file: as it should be, and with its defect, told on the marked line."""
        text = (self.text(path) or "").rstrip("\n") + "\n\n\n"
        lines = (text + defect).split("\n")
        at = next((n for n, each in enumerate(lines, 1) if each.strip() == marked), 0)
        if at and soil != defect and parsed(text + defect) is not None:
            new = (text + defect).encode()
            yield Seed(code, self.name, path, at, what, new, (text + soil).encode())


def _python(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return text if parsed(text) is not None and "\f" not in text else None


def told(findings: Iterable[Finding]) -> Counter[Told]:
    """Findings by what stays the same when lines move."""
    return Counter((f.code, f.place.path, f.event, f.symbol, _LINE.sub("", f.message)) for f in findings)
