"""The names of a file: of classes, constants, signals and tasks, where they are used, imported and defined."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.occurrences.collecting import Word, WordKind
from pubsub_devtools_analysis.occurrences.ground import Ground, Written, span_of
from pubsub_devtools_analysis.occurrences.literals import stretches
from pubsub_devtools_analysis.occurrences.walking import header_of

if TYPE_CHECKING:
    from pubsub_devtools_analysis.facts import Span
    from pubsub_devtools_analysis.occurrences.by_file import Region
    from pubsub_devtools_analysis.occurrences.meaning import Ids
    from pubsub_devtools_analysis.occurrences.walking import Seen
    from pubsub_devtools_analysis.values import Values


class Names(Ground):
    """Looks at names."""

    def see_name(self, seen: Seen, node: Written) -> None:
        """`name` or `base.name`, used or assigned to."""
        name = node.id if isinstance(node, ast.Name) else node.attr
        span = self.end_of(node, name)
        if span is None:
            return
        kind: WordKind = "name" if isinstance(node, ast.Name) else "attribute"
        is_stored = isinstance(node.ctx, ast.Store)
        self.written.append(Word("stored" if is_stored else kind, name, span))
        if is_stored:
            self._see_target(seen, node, span)
            return
        whole = self.tables.span(node)
        for region in self.parts.at(whole):
            if region.role != "declare":  # a bare decorator registers by its name: `@app.task`
                self.put_site(span, "method", region)
        regions = self.parts.around(whole)
        if name in self.words or regions:
            self.tell(self.values(seen, node), regions, span, name, seen.scope)

    def tell(self, values: Values, regions: list[Region], span: Span, name: str, scope: int) -> None:
        """Put down what a written name means: as part of the sites around it, else as a mention."""
        meaning = self.known.meaning
        meant = meaning.of(values)
        for region in regions:
            here = meaning.among(values, (region.event,))
            if here is None:
                continue
            self.parts.named(region)
            if meant is None:  # a bare text: then the text that the variable got says the name too
                events = self.variables.get((scope, name), ())
                self.variables[scope, name] = (*events, region.event)
            self.put_meant(span, name, here._replace(sure=region.sure), region.role, region.site)
        if meant is not None:
            self.put_meant(span, name, meant)

    def _see_target(self, seen: Seen, node: Written, span: Span) -> None:
        """What is assigned to is declared here, where its path stands for an event."""
        scope = self.facts.scopes[seen.scope]
        name = node.id if isinstance(node, ast.Name) else ""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id not in ("self", "cls"):
                return
            scope, name = self.facts.scopes[max(scope.parent, 0)], node.attr
        if not name or scope.kind not in ("module", "class"):
            return
        path = _dotted(self.module, scope.qualname, name)
        events = self.known.symbols.by_path.get(path, ()) or self._made(seen, span[0], name)
        if events:
            self.found.put(span, "constant", "declare", events, self.declared(events), symbol=path)
            self.variables[seen.scope, name] = events

    def _made(self, seen: Seen, line: int, name: str) -> Ids:
        """The events whose object is made and assigned here: `orders = app.topic("orders")`."""
        here = [r for r in self.view.regions if r.role == "declare" and r.place.line == line]
        meant = self.known.meaning.of(self.named(seen, name)) if here else None
        return meant.events if meant is not None else ()

    def see_class(self, seen: Seen, node: ast.ClassDef) -> None:
        """The class of an event."""
        path = _dotted(self.module, self.facts.scopes[seen.scope].qualname, node.name)
        symbols = self.known.symbols
        events = symbols.by_path.get(path, ())
        name = self.defined(self.tables.span(node), node.name)
        if events and name is not None:
            self.found.put(name, "class", "declare", events, self.declared(events), symbol=path)

    def see_function(self, seen: Seen, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """A handler: its name, the fields among its parameters; its decorators and annotations are part of the site."""
        span = self.tables.span(node)
        regions = self.view.handlers.get(span[:2], [])
        name = self.defined(span, node.name)
        if not regions or name is None:
            return
        path = _dotted(self.module, self.facts.scopes[seen.scope].qualname, node.name)
        for region in regions:
            self.put_site(name, "handler", region, path)
            head = header_of(node, self.tables)
            (self.parts.limit if region in self.parts.at(span) else self.parts.add)(region, head)
        taken = self.view.parameters.get(span[:2], set())
        events = tuple(region.event for region in regions)
        for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            if arg.arg in taken:
                line, column, *_ = self.tables.span(arg)
                place = (line, column, line, column + len(arg.arg))
                self.found.put(place, "field", "declare", events, regions[0].site, arg.arg)

    def see_import(self, seen: Seen, node: ast.ImportFrom) -> None:
        """`from module import name as other`."""
        for alias in node.names:
            name = alias.asname or alias.name
            if not {alias.name, name} & self.words:
                continue
            meant = self.known.meaning.of(self.named(seen, name))
            if meant is None:
                continue
            line, column, end_line, end = self.tables.span(alias)
            self.put_meant((line, column, line, column + len(alias.name)), alias.name, meant)
            if alias.asname:
                span = (end_line, end - len(name), end_line, end)
                self.found.put(span, "alias", "mention", meant.events, symbol=meant.symbol)

    def see_exports(self, seen: Seen, node: ast.Assign) -> None:
        """The texts of `__all__` are names."""
        for each in ast.walk(node.value):
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value in self.words:
                meant = self.known.meaning.of(self.named(seen, each.value))
                for part in stretches(self.lines, self.tables.span(each)) if meant is not None else ():
                    if part.text == each.value and meant is not None:
                        self.put_meant(span_of(part), part.text, meant)


def _dotted(*parts: str) -> str:
    return ".".join(part for part in parts if part)
