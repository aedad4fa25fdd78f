"""One file's text -> what it says of events: the walk over its tree, and what is made of each node."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.evaluation import At
from pubsub_devtools_analysis.evaluation.at import LATE
from pubsub_devtools_analysis.extraction.tables import Tables
from pubsub_devtools_analysis.occurrences.by_file import FileView
from pubsub_devtools_analysis.occurrences.collecting import Collection, Word
from pubsub_devtools_analysis.occurrences.excerpt import excerpt
from pubsub_devtools_analysis.occurrences.fields import told_fields
from pubsub_devtools_analysis.occurrences.literals import longest, stretches
from pubsub_devtools_analysis.occurrences.parts import Parts
from pubsub_devtools_analysis.occurrences.quoted import in_code
from pubsub_devtools_analysis.occurrences.walking import Seen, Walk, header_of
from pubsub_devtools_analysis.syntax.decode import decode, with_unix_newlines
from pubsub_devtools_analysis.syntax.read import read
from pubsub_devtools_analysis.workspace import renames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pubsub_devtools_analysis.evaluation import Evaluator
    from pubsub_devtools_analysis.facts import FileFacts, Span
    from pubsub_devtools_analysis.occurrences.by_file import Region
    from pubsub_devtools_analysis.occurrences.meaning import Ids, Meaning, Meant
    from pubsub_devtools_analysis.occurrences.symbols import Symbols
    from pubsub_devtools_analysis.queries.occurrence import Form, Occurrence
    from pubsub_devtools_analysis.values import Values

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_DEFINES = re.compile(r"(?:async\s+)?(?:def|class)\s+")
_WRITTEN = ast.Name | ast.Attribute


class OneFile:
    """Reads one file. Names mean what the evaluator says they mean where they stand."""

    def __init__(
        self,
        path: str,
        data: bytes,
        facts: FileFacts,
        view: FileView,
        evaluator: Evaluator,
        symbols: Symbols,
        meaning: Meaning,
        words: set[str],
        names: Mapping[str, Ids],
    ) -> None:
        self._path, self._facts, self._view = path, facts, view
        self._evaluator, self._symbols, self._meaning = evaluator, symbols, meaning
        self._text = with_unix_newlines(decode(data).text)
        self._lines = self._text.split("\n")
        self._tables = Tables(None if self._text.isascii() else self._lines)
        self._names = names
        others = renames(facts, words).values()
        self._words = words.union(*others)
        self._parts = Parts(view.regions)
        self._found = Collection()
        self._written: list[Word] = []
        self._variables: dict[tuple[int, str], Ids] = {}
        hits = self._hits()
        self._hit = sorted(hits)
        tree = excerpt(self._lines, facts, self._hit)
        reading = read(data) if tree is None else None
        self._dropped = reading.dropped if reading is not None else ()
        self._walk = Walk(reading.tree if reading is not None else tree, facts, self._tables)
        self._module = evaluator.workspace.symbol(path, "")

    def occurrences(self) -> tuple[Occurrence, ...]:
        """All that the text says."""
        for seen in self._walk.touching(self._hit):
            if not self._is_dropped(seen.node):
                self._see(seen)
        self._see_variables()
        told_fields(self._view, self._written, self._found)
        in_code(self._lines, self._names, self._found)
        return self._found.all()

    # -- where to look

    def _hits(self) -> set[int]:
        """The lines in which one of the words stands, and those of sites, fields and schemas."""
        lines = set(self._lines_of_words())
        view = self._view
        places = [region.place for region in view.regions] + [used.use.place for used in view.fields]
        places += [shape.schema.place for shape in view.shapes]
        lines.update(
            n for place in places if place.path == self._path for n in range(place.line, place.end_line + 1)
        )
        lines.update(line for line, _ in view.handlers)
        return lines

    def _lines_of_words(self) -> Iterator[int]:
        line = start = 0
        for match in _IDENTIFIER.finditer(self._text) if self._words else ():
            if match[0] in self._words:
                line += self._text.count("\n", start, match.start())
                start = match.start()
                yield line + 1

    def _is_dropped(self, node: ast.AST) -> bool:
        line, end = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        return line == end and any(first <= line <= last for first, last in self._dropped)

    # -- what a node says

    def _see(self, seen: Seen) -> None:
        match seen.node:
            case ast.Name() | ast.Attribute():
                self._see_name(seen, seen.node)
            case ast.Constant(value=str()):
                self._see_string(seen, seen.node)
            case ast.JoinedStr() | ast.BinOp():
                self._see_joined(seen, seen.node)
            case ast.Call():
                self._see_call(seen, seen.node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._see_function(seen.node)
            case ast.ClassDef():
                self._see_class(seen, seen.node)
            case ast.Import() | ast.ImportFrom():
                self._see_import(seen, seen.node)
            case ast.Assign() if _is_exports(seen.node):
                self._see_exports(seen, seen.node)
            case ast.keyword(arg=str() as name):
                self._see_keyword(seen, seen.node, name)
            case ast.Dict(keys=keys):
                self._see_keys(seen, keys)
            case ast.Subscript(slice=ast.Constant() as key):
                self._see_keys(seen, [key])
            case ast.arg(arg=name):
                span = self._tables.span(seen.node)
                self._written.append(
                    Word("parameter", name, (span[0], span[1], span[0], span[1] + len(name)), seen.scope)
                )
            case _:
                pass

    def _see_name(self, seen: Seen, node: _WRITTEN) -> None:
        name = node.id if isinstance(node, ast.Name) else node.attr
        span = self._end_of(node, name)
        if span is None:
            return
        kind = "name" if isinstance(node, ast.Name) else "attribute"
        is_stored = isinstance(node.ctx, ast.Store)
        self._written.append(Word("stored" if is_stored else kind, name, span, seen.scope))
        whole = self._tables.span(node)
        self._see_method(whole, span)
        if is_stored:
            self._see_target(seen, node, span)
            return
        regions = self._parts.around(whole)
        if name not in self._words and not regions:
            return
        values = self._evaluator.eval(self._at(seen), self._walk.expr(node))
        self._tell(values, regions, span, name, seen)

    def _tell(self, values: Values, regions: list[Region], span: Span, name: str, seen: Seen) -> None:
        """Put down what a written name means: as part of the sites around it, else as a mention."""
        for region in regions:
            meant = self._meaning.among(values, (region.event,))
            if meant is not None:
                self._parts.named(region)
                if self._meaning.of(values) is None:
                    self._variables[seen.scope, name] = (
                        *self._variables.get((seen.scope, name), ()),
                        region.event,
                    )
                self._put(
                    span, self._form(meant, name), region.role, meant.events, region.site, sure=region.sure
                )
        meant = self._meaning.of(values)
        if meant is not None:
            self._put(span, self._form(meant, name), "mention", meant.events, "", sure=meant.sure)

    def _form(self, meant: Meant, name: str) -> Form:
        """A name that is another one than the definition's is an alias."""
        return (
            "alias" if meant.form != "constant" and name not in self._own_words(meant.events) else meant.form
        )

    def _own_words(self, events: Ids) -> set[str]:
        known = [self._symbols.events[each] for each in events if each in self._symbols.events]
        paths = [p for e in known for p in (e.name, *e.aliases, *(s.symbol for s in e.schemas))]
        functions = [name for (_, name), ids in self._symbols.functions.items() if set(ids) & set(events)]
        return {path.rpartition(".")[2] for path in (*paths, *functions)}

    def _see_target(self, seen: Seen, node: _WRITTEN, span: Span) -> None:
        """What is assigned to is declared here, where its path stands for an event."""
        scope = self._facts.scopes[seen.scope]
        name = node.id if isinstance(node, ast.Name) else ""
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in ("self", "cls")
        ):
            scope, name = self._facts.scopes[max(scope.parent, 0)], node.attr
        if not name or scope.kind not in ("module", "class"):
            return
        path = ".".join(part for part in (self._module, scope.qualname, name) if part)
        events = self._symbols.by_path.get(path, ())
        if events:
            self._put(span, "constant", "declare", events, self._declared(events))
            self._variables[seen.scope, name] = events

    def _declared(self, events: Ids) -> str:
        return next((r.site for r in self._view.regions if r.role == "declare" and r.event in events), "")

    def _see_method(self, whole: Span, span: Span) -> None:
        """A bare decorator registers by its name: `@app.task`."""
        for region in self._parts.at(whole):
            if region.role != "declare":
                self._put(span, "method", region.role, (region.event,), region.site, sure=region.sure)

    def _see_call(self, seen: Seen, node: ast.Call) -> None:
        span = self._tables.span(node)
        regions = self._parts.at(span)
        func = node.func
        if not regions:
            return
        if isinstance(func, _WRITTEN):
            name = func.id if isinstance(func, ast.Name) else func.attr
            where = self._end_of(func, name)
            for region in regions if where is not None else ():
                if region.role != "declare" and where is not None:
                    self._put(where, "method", region.role, (region.event,), region.site, sure=region.sure)
        self._narrow(seen, node, regions)

    def _narrow(self, seen: Seen, node: ast.Call, regions: list[Region]) -> None:
        """Where some arguments hold the name by themselves, the others are payload: a text there names nothing."""
        at = self._at(seen)
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(node.func, ast.Attribute):
            given.append(node.func.value)
        values = [(each, self._evaluator.eval(at, self._walk.expr(each))) for each in given]
        for region in regions:
            naming = [each for each, found in values if self._meaning.among(found, (region.event,))]
            self._parts.narrow(region, [self._tables.span(each) for each in naming])

    def _see_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        span = self._tables.span(node)
        regions = self._view.handlers.get((span[0], span[1]), [])
        name = self._defined(span, node.name)
        if not regions or name is None:
            return
        for region in regions:
            self._put(name, "handler", "handle", (region.event,), region.site, sure=region.sure)
            head = header_of(node, self._tables)
            (self._parts.limit if region in self._parts.at(span) else self._parts.add)(region, head)
        taken = self._view.parameters.get((span[0], span[1]), set())
        for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            if arg.arg in taken:
                line, column, *_ = self._tables.span(arg)
                events = tuple(region.event for region in regions)
                place = (line, column, line, column + len(arg.arg))
                self._put(place, "field", "declare", events, regions[0].site, field=arg.arg)

    def _see_class(self, seen: Seen, node: ast.ClassDef) -> None:
        qualname = self._facts.scopes[seen.scope].qualname
        path = ".".join(part for part in (self._module, qualname, node.name) if part)
        events = self._symbols.by_path.get(path, ())
        name = self._defined(self._tables.span(node), node.name)
        if events and name is not None:
            self._put(name, "class", "declare", events, self._declared(events))

    def _defined(self, span: Span, name: str) -> Span | None:
        """Where the name stands in a definition."""
        line = self._lines[span[0] - 1]
        start = _DEFINES.match(line, span[1])
        if start is None or not line.startswith(name, start.end()):
            return None
        return (span[0], start.end(), span[0], start.end() + len(name))

    def _see_import(self, seen: Seen, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            name = alias.asname or alias.name
            if isinstance(node, ast.Import) or not {alias.name, name} & self._words:
                continue
            values = self._evaluator.eval(
                At(self._path, self._facts, seen.scope, -1, LATE), self._walk.expr(ast.Name(name))
            )
            meant = self._meaning.of(values)
            if meant is None:
                continue
            line, column, end_line, end = self._tables.span(alias)  # pyright: ignore[reportArgumentType]
            self._put(
                (line, column, line, column + len(alias.name)),
                self._form(meant, alias.name),
                "mention",
                meant.events,
            )
            if alias.asname and end_line:
                self._put((end_line, end - len(name), end_line, end), "alias", "mention", meant.events)

    def _see_exports(self, seen: Seen, node: ast.Assign) -> None:
        for each in ast.walk(node.value):
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value in self._words:
                meant = self._meaning.of(
                    self._evaluator.eval(self._at(seen), self._walk.expr(ast.Name(each.value)))
                )
                for part in stretches(self._lines, self._tables.span(each)) if meant is not None else ():
                    if part.text == each.value and meant is not None:
                        span = (part.line, part.column, part.line, part.end_column)
                        self._put(
                            span, self._form(meant, part.text), "mention", meant.events, sure=meant.sure
                        )

    # -- texts

    def _see_string(self, seen: Seen, node: ast.Constant) -> None:
        span = self._tables.span(node)
        if seen.in_annotation and str(node.value) in self._words:
            values = self._evaluator.eval(self._at(seen), self._walk.expr(ast.Name(str(node.value))))
            for part in stretches(self._lines, span):
                self._tell(
                    values,
                    self._parts.around(span),
                    (part.line, part.column, part.line, part.end_column),
                    part.text,
                    seen,
                )
            return
        for region in self._parts.around(span):
            self._say(region, span, str(node.value))

    def _say(self, region: Region, span: Span, text: str) -> None:
        """A text of a site: the event's name, or, where nothing else of the site is, a part of it."""
        name = region.event.partition(":")[2]
        found = stretches(self._lines, span)
        if _is_name(text, name):
            self._parts.named(region)
            for part in found:
                self._put(
                    (part.line, part.column, part.line, part.end_column),
                    "string",
                    region.role,
                    (region.event,),
                    region.site,
                    sure=region.sure,
                )
        elif (tail := _tail(text, name)) and (part := longest(found)) is not None and part.text == text:
            self._parts.named(region)
            span = (part.line, part.end_column - tail, part.line, part.end_column)
            self._put(span, "string", region.role, (region.event,), region.site, sure=region.sure)
        elif _is_part(text, name) and (part := longest(found)) is not None:
            self._parts.perhaps(region, (part.line, part.column, part.line, part.end_column))

    def _see_joined(self, seen: Seen, node: ast.JoinedStr | ast.BinOp) -> None:
        span = self._tables.span(node)
        regions = self._parts.around(span)
        values = self._evaluator.eval(self._at(seen), self._walk.expr(node)) if regions else ()
        part = longest(stretches(self._lines, span))
        for region in regions if part is not None else ():
            if self._meaning.among(values, (region.event,)) and part is not None:
                self._parts.named(region)
                self._put(
                    (part.line, part.column, part.line, part.end_column),
                    "string",
                    region.role,
                    (region.event,),
                    region.site,
                    sure=region.sure,
                )

    def _see_keyword(self, seen: Seen, node: ast.keyword, name: str) -> None:
        """A keyword is a field, or the event itself: `subscribe(orders=on_order)`."""
        line, column, *_ = self._tables.span(node)  # pyright: ignore[reportArgumentType]
        span = (line, column, line, column + len(name))
        self._written.append(Word("keyword", name, span, seen.scope))
        for region in self._parts.around(span):
            if region.role == "handle" and name == region.event.partition(":")[2]:
                self._parts.named(region)
                self._put(span, "string", region.role, (region.event,), region.site, sure=region.sure)

    def _see_keys(self, seen: Seen, keys: list[ast.expr | None]) -> None:
        for key in keys:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                for part in stretches(self._lines, self._tables.span(key)):
                    if part.text == key.value:
                        self._written.append(
                            Word(
                                "key",
                                part.text,
                                (part.line, part.column, part.line, part.end_column),
                                seen.scope,
                            )
                        )

    def _see_variables(self) -> None:
        """The texts that variables of sites and declared constants were given; parts of names, where no whole one was."""
        for region, span in self._parts.left():
            self._put(span, "string", region.role, (region.event,), region.site, sure=region.sure)
        lines = {line: ids for line, ids in self._assigned()}
        for seen in self._walk.touching(lines) if lines else ():
            if isinstance(seen.node, ast.Constant) and isinstance(seen.node.value, str):
                span = self._tables.span(seen.node)
                for event in lines.get(span[0], ()):
                    if _is_name(seen.node.value, event.partition(":")[2]):
                        for part in stretches(self._lines, span):
                            place = (part.line, part.column, part.line, part.end_column)
                            role = (
                                "declare"
                                if self._facts.scopes[seen.scope].kind in ("module", "class")
                                else "mention"
                            )
                            self._put(place, "string", role, (event,), self._declared((event,)))

    def _assigned(self) -> Iterator[tuple[int, Ids]]:
        """The lines in which the variables were given their values."""
        for (scope, name), events in self._variables.items():
            index = scope
            while index >= 0:
                bindings = self._facts.scopes[index].names.get(name, ())
                for binding in bindings:
                    yield binding.line, events
                index = -1 if bindings else self._facts.scopes[index].parent

    # -- places

    def _at(self, seen: Seen) -> At:
        line = getattr(seen.node, "lineno", LATE)
        return At(self._path, self._facts, seen.scope, seen.block, line if self._is_local(seen) else LATE)

    def _is_local(self, seen: Seen) -> bool:
        return self._facts.scopes[seen.scope].kind in ("function", "lambda")

    def _end_of(self, node: _WRITTEN, name: str) -> Span | None:
        """Where the last name of an expression stands."""
        _, _, line, end = self._tables.span(node)
        if not self._lines[line - 1].startswith(name, end - len(name)):
            return None
        return (line, end - len(name), line, end)

    def _put(
        self,
        span: Span,
        form: Form,
        role: str,
        events: Ids,
        site: str = "",
        field: str = "",
        *,
        sure: bool = True,
    ) -> None:
        self._found.put(span, form, role, events, site, field, sure=sure)


def _is_exports(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)


_HOLE = re.compile(r"%[sdr]|\{[^{}]*\}")
_EDGE = frozenset("./:_-*>")


def _is_name(text: str, name: str) -> bool:
    """Whether a text is an event's name: with its holes as wildcards, or the exchange that the name tells of."""
    return bool(text) and (text == name or f"exchange:{text}" == name or _HOLE.sub("*", text) == name)


def _tail(text: str, name: str) -> int:
    """How long the name at the end of a path is: `projects/shop/topics/orders`."""
    return len(name) if text.endswith((f"/{name}", f":{name}")) else 0


def _is_part(text: str, name: str) -> bool:
    """Whether a text is the beginning or the end of a name, up to where a part of it ends."""
    if name.endswith(text) and len(text) < len(name):
        return bool(text) and (name[-len(text) - 1] in _EDGE or text[0] in _EDGE)
    return (
        bool(text)
        and name.startswith(text)
        and len(text) < len(name)
        and (name[len(text)] in _EDGE or text[-1] in _EDGE)
    )
