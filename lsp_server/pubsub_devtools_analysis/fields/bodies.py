"""The bodies of functions, read from the text of their files when they are asked for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from pubsub_devtools_analysis.extraction.tables import Tables
from pubsub_devtools_analysis.extraction.texts import split_lines
from pubsub_devtools_analysis.facts import Scope, Span
from pubsub_devtools_analysis.fields.body import Body, Ref
from pubsub_devtools_analysis.fields.expressions import Env
from pubsub_devtools_analysis.fields.statements import Statements
from pubsub_devtools_analysis.matching import Finder
from pubsub_devtools_analysis.syntax.read import read

TextOf = Callable[[str], bytes | None]
"""The bytes of a file as it is now."""

MOST_TREES = 8
_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
NOTHING = Body()


class Tree:
    """A parsed file, and its functions by where they stand.

    Lambdas are looked for when one is asked for, since they may stand in any expression, and most of a tree is expressions.
    """

    def __init__(self, module: ast.Module, tables: Tables) -> None:
        self.module = module
        self.tables = tables
        self._functions = self._placed(each for each in statements(module) if isinstance(each, _FUNCTIONS))
        self._lambdas: dict[Span, ast.AST] | None = None

    def at(self, scope: Scope) -> ast.AST | None:
        """The function or lambda that a scope is made of."""
        if scope.kind != "lambda":
            return self._functions.get(scope.span)
        if self._lambdas is None:
            self._lambdas = self._placed(
                each for each in ast.walk(self.module) if isinstance(each, ast.Lambda)
            )
        return self._lambdas.get(scope.span)

    def _placed(self, nodes: Iterable[ast.stmt | ast.expr]) -> dict[Span, ast.AST]:
        return {self.tables.span(node): node for node in nodes}


class Bodies:
    """Bodies by file and scope. Trees are heavy, so only those used lately are held."""

    def __init__(self, finder: Finder, text_of: TextOf) -> None:
        self._workspace = finder.workspace
        self._memo = finder.memo
        self._text_of = text_of
        self._trees: dict[str, Tree] = {}

    def of(self, path: str, key: str, seeds: tuple[str, ...] = (), calls: tuple[Span, ...] = ()) -> Body:
        """The body of a function; what `seeds` name and `calls` give counts as given to it too."""
        return self._memo.get(
            ("body", path, (key, seeds, calls)), lambda: self._read(path, key, seeds, calls), NOTHING
        )

    def module(self, path: str) -> ast.Module | None:
        """The tree of a file."""
        tree = self._tree(path)
        return None if tree is None else tree.module

    def forget(self) -> None:
        """Let go of all trees: a text has changed, or all is done."""
        self._trees = {}

    def _read(self, path: str, key: str, seeds: tuple[str, ...], calls: tuple[Span, ...]) -> Body:
        facts = self._workspace.facts(path)
        tree = None if facts is None else self._tree(path)
        if facts is None or tree is None:
            return NOTHING
        index = self._workspace.scope(path, key)
        node = tree.module if index == 0 else tree.at(facts.scopes[index])
        if node is None:
            return NOTHING
        names = given(facts.scopes[index], facts.scopes[max(facts.scopes[index].parent, 0)])
        env: Env = {name: (Ref(name),) for name in (*names, *seeds)}
        work = Statements(tree.tables, env, frozenset(seeds), frozenset(calls))
        work.function(node)
        return work.found()

    def _tree(self, path: str) -> Tree | None:
        found = self._trees.pop(path, None) or self._parsed(path)
        if found is not None:
            self._trees[path] = found
            if len(self._trees) > MOST_TREES:
                del self._trees[next(iter(self._trees))]
        return found

    def _parsed(self, path: str) -> Tree | None:
        content = self._text_of(path)
        if content is None:
            return None
        reading = read(content)
        return Tree(reading.tree, Tables(None if reading.text.isascii() else split_lines(reading.text)))


def statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """All statements below a node, inner ones included; expressions, in which none stand, are not looked into."""
    for block in _BLOCKS:
        for inner in getattr(tree, block, ()):
            if isinstance(inner, ast.stmt):
                yield inner
            yield from statements(inner)


def given(scope: Scope, parent: Scope) -> list[str]:
    """The parameters of a function, without the object that a method belongs to."""
    names = [param.name for param in scope.params]
    return (
        names[1:] if parent.kind == "class" and scope.kind == "function" and names[:1] == ["self"] else names
    )
