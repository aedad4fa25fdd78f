"""The texts of a file: names of events in string literals, whole, put together, or in part; and keys, which may be fields."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.occurrences.collecting import Word
from pubsub_devtools_analysis.occurrences.ground import span_of
from pubsub_devtools_analysis.occurrences.literals import longest, stretches
from pubsub_devtools_analysis.occurrences.naming import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubsub_devtools_analysis.facts import Span
    from pubsub_devtools_analysis.occurrences.by_file import Region
    from pubsub_devtools_analysis.occurrences.meaning import Ids
    from pubsub_devtools_analysis.occurrences.walking import Seen
    from pubsub_devtools_analysis.queries.occurrence import Role

_HOLE = re.compile(r"%[sdr]|\{[^{}]*\}")
_EDGE = frozenset("./:_-*>")


class Texts(Names):
    """Looks at texts."""

    def see_string(self, seen: Seen, node: ast.Constant) -> None:
        """A string literal, which may be an annotation."""
        span, text = self.tables.span(node), str(node.value)
        regions = self.parts.around(span)
        if seen.in_annotation and text in self.words:
            for part in stretches(self.lines, span):
                self.tell(self.named(seen, text), regions, span_of(part), part.text, seen.scope)
            return
        for region in regions:
            self._say(region, span, text)

    def _say(self, region: Region, span: Span, text: str) -> None:
        """A text of a site: the event's name, or, where nothing else of the site is, a part of it."""
        name = region.event.partition(":")[2]
        found = stretches(self.lines, span)
        best = longest(found)
        if is_name(text, name):
            self.parts.named(region)
            for part in found:
                self.put_site(span_of(part), "string", region)
        elif best is None:
            return
        elif best.text == text and text.endswith((f"/{name}", f":{name}")):  # projects/shop/topics/orders
            self.parts.named(region)
            tail = (best.line, best.end_column - len(name), best.line, best.end_column)
            self.put_site(tail, "string", region)
        elif _is_part(text, name):
            self.parts.perhaps(region, span_of(best))

    def see_joined(self, seen: Seen, node: ast.JoinedStr | ast.BinOp) -> None:
        """An f-string or a concatenation that is the name of a site's event."""
        span = self.tables.span(node)
        regions = self.parts.around(span)
        part = longest(stretches(self.lines, span)) if regions else None
        values = self.values(seen, node) if part is not None else ()
        for region in regions if part is not None else ():
            if part is not None and self.known.meaning.among(values, (region.event,)):
                self.parts.named(region)
                self.put_site(span_of(part), "string", region)

    def see_keyword(self, node: ast.keyword, name: str) -> None:
        """A keyword is a field, or the event itself: `subscribe(orders=on_order)`."""
        line, column, *_ = self.tables.span(node)
        span = (line, column, line, column + len(name))
        self.written.append(Word("keyword", name, span))
        for region in self.parts.around(span):
            if region.role == "handle" and name == region.event.partition(":")[2]:
                self.parts.named(region)
                self.put_site(span, "string", region)

    def see_keys(self, keys: Iterable[ast.expr | None]) -> None:
        """Keys of dicts and subscripts, which may be fields."""
        for key in keys:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                for part in stretches(self.lines, self.tables.span(key)):
                    if part.text == key.value:
                        self.written.append(Word("key", part.text, span_of(part)))

    # -- what follows from all that was seen

    def put_parts(self) -> None:
        """Parts of names, where no whole one was found."""
        for region, span in self.parts.left():
            self.put_site(span, "string", region)

    def put_assigned(self) -> None:
        """The texts that variables of sites, and constants, were given."""
        lines = dict(self._assigned())
        for seen in self.walk.touching(lines) if lines else ():
            if isinstance(seen.node, ast.Constant) and isinstance(seen.node.value, str):
                span = self.tables.span(seen.node)
                is_constant = self.facts.scopes[seen.scope].kind in ("module", "class")
                role: Role = "declare" if is_constant else "mention"
                for event in lines.get(span[0], ()):
                    if is_name(seen.node.value, event.partition(":")[2]):
                        for part in stretches(self.lines, span):
                            self.found.put(span_of(part), "string", role, (event,), self.declared((event,)))

    def _assigned(self) -> Iterator[tuple[int, Ids]]:
        """The lines in which the variables were given their values."""
        for (scope, name), events in self.variables.items():
            index = scope
            while index >= 0:
                bindings = self.facts.scopes[index].names.get(name, ())
                for binding in bindings:
                    yield binding.line, events
                index = -1 if bindings else self.facts.scopes[index].parent


def is_name(text: str, name: str) -> bool:
    """Whether a text is an event's name: with its holes as wildcards, or the exchange that the name tells of."""
    return bool(text) and (name in (text, f"exchange:{text}") or _HOLE.sub("*", text) == name)


def _is_part(text: str, name: str) -> bool:
    """Whether a text is the beginning or the end of a name, up to where a part of it ends."""
    if not text or len(text) >= len(name):
        return False
    if name.endswith(text):
        return name[-len(text) - 1] in _EDGE or text[0] in _EDGE
    return name.startswith(text) and (name[len(text)] in _EDGE or text[-1] in _EDGE)
