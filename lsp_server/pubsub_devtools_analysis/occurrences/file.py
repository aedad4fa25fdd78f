"""One file's text -> what it says of events: the walk over its tree, and which look each node gets."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.occurrences.collecting import Word
from pubsub_devtools_analysis.occurrences.fields import told_fields
from pubsub_devtools_analysis.occurrences.ground import Written
from pubsub_devtools_analysis.occurrences.quoted import in_code
from pubsub_devtools_analysis.occurrences.texts import Texts

if TYPE_CHECKING:
    from pubsub_devtools_analysis.occurrences.by_file import Region
    from pubsub_devtools_analysis.occurrences.walking import Seen
    from pubsub_devtools_analysis.queries.occurrence import Occurrence


class OneFile(Texts):
    """Reads one file. Names mean what the evaluator says they mean where they stand."""

    def occurrences(self) -> tuple[Occurrence, ...]:
        """All that the text says."""
        for seen in self.walk.touching(self.hit):
            if not self.is_dropped(seen.node):
                self._see(seen)
        self.put_parts()
        self.put_assigned()
        told_fields(self.view, self.written, self.found)
        in_code(self.lines, self.known.quoted, self.found)
        return self.found.all()

    def _see(self, seen: Seen) -> None:
        match seen.node:
            case ast.Name() | ast.Attribute():
                self.see_name(seen, seen.node)
            case ast.Constant(value=str()):
                self.see_string(seen, seen.node)
            case ast.JoinedStr() | ast.BinOp():
                self.see_joined(seen, seen.node)
            case ast.Call():
                self._see_call(seen, seen.node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.see_function(seen, seen.node)
            case ast.ClassDef():
                self.see_class(seen, seen.node)
            case ast.ImportFrom():
                self.see_import(seen, seen.node)
            case ast.Assign() if _is_exports(seen.node):
                self.see_exports(seen, seen.node)
            case _:
                self._see_field(seen.node)

    def _see_field(self, node: ast.AST) -> None:
        """What may be a field's name, and nothing else."""
        match node:
            case ast.keyword(arg=str() as name):
                self.see_keyword(node, name)
            case ast.Dict(keys=keys):
                self.see_keys(keys)
            case ast.Subscript(slice=ast.Constant() as key):
                self.see_keys([key])
            case ast.Compare(left=ast.Constant() as key, ops=[ast.In() | ast.NotIn()]):
                self.see_keys([key])
            case ast.arg(arg=name):
                line, column, *_ = self.tables.span(node)
                self.written.append(Word("parameter", name, (line, column, line, column + len(name))))
            case _:
                pass

    def _see_call(self, seen: Seen, node: ast.Call) -> None:
        """A call: its method's name, and which of its arguments name the event. Its first argument may be a key."""
        regions = self.parts.at(self.tables.span(node))
        func = node.func
        if regions and isinstance(func, Written):
            span = self.end_of(func, func.id if isinstance(func, ast.Name) else func.attr)
            for region in regions if span is not None else ():
                if region.role != "declare" and span is not None:
                    self.put_site(span, "method", region)
        if regions:
            self._narrow(seen, node, regions)
        elif isinstance(func, ast.Attribute) and func.attr in ("get", "pop") and node.args:
            self.see_keys(node.args[:1])

    def _narrow(self, seen: Seen, node: ast.Call, regions: list[Region]) -> None:
        """Where some arguments hold the name by themselves, the others are payload: a text there names nothing."""
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(node.func, ast.Attribute):
            given.append(node.func.value)
        values = [(each, self.values(seen, each)) for each in given]
        for region in regions:
            naming = [each for each, found in values if self.known.meaning.among(found, (region.event,))]
            literal = [each for each in naming if isinstance(each, ast.Constant)]
            meant = [each for each in naming if each not in literal[1:]]  # the others only say the same word
            self.parts.narrow(region, [self.tables.span(each) for each in meant])


def _is_exports(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
