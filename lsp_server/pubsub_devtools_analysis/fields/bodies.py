"""The bodies of functions, read from the text of their files when they are asked for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from pubsub_devtools_analysis.extraction.tables import Tables
from pubsub_devtools_analysis.facts import Scope, Span
from pubsub_devtools_analysis.fields.body import Body, Ref
from pubsub_devtools_analysis.fields.expressions import Env
from pubsub_devtools_analysis.fields.statements import Statements
from pubsub_devtools_analysis.matching import Finder
from pubsub_devtools_analysis.syntax.decode import decode, split_lines, with_unix_newlines
from pubsub_devtools_analysis.syntax.limits import parse
from pubsub_devtools_analysis.syntax.read import read

TextOf = Callable[[str], bytes | None]
"""The bytes of a file as it is now."""

MOST_TEXTS = 8
_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
NOTHING = Body()


class Text:
    """A file's text, and what is parsed of it: one function where that is enough, else the whole.

    Lambdas are looked for when one is asked for, since they may stand in any expression, and most of a tree is expressions.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        text = with_unix_newlines(decode(content).text)
        self._lines = split_lines(text)
        self.tables = Tables(None if text.isascii() else self._lines)

    @cached_property
    def module(self) -> ast.Module:
        """The tree of the file."""
        return read(self._content).tree

    @cached_property
    def _functions(self) -> dict[Span, ast.AST]:
        return self._placed(each for each in statements(self.module) if isinstance(each, _FUNCTIONS))

    @cached_property
    def _lambdas(self) -> dict[Span, ast.AST]:
        return self._placed(each for each in ast.walk(self.module) if isinstance(each, ast.Lambda))

    def _placed(self, nodes: Iterable[ast.stmt | ast.expr]) -> dict[Span, ast.AST]:
        return {self.tables.span(node): node for node in nodes}

    def at(self, scope: Scope) -> ast.AST | None:
        """The function or lambda that a scope is made of."""
        if scope.kind == "lambda":
            return self._lambdas.get(scope.span)
        return self._alone(scope.span) or self._functions.get(scope.span)

    def _alone(self, span: Span) -> ast.AST | None:
        """The function, parsed without what is around it; nothing where its lines are no statement by themselves."""
        lines = self._lines[span[0] - 1 : span[2]]
        head = ["if 1:"] if span[1] and lines and not lines[0][: span[1]].strip() else []
        parsed = parse("\n".join((*head, *lines, "")))
        found: list[ast.stmt] = parsed.body if isinstance(parsed, ast.Module) else []
        if head and found and isinstance(found[0], ast.If):
            found = found[0].body
        node = found[0] if found else None
        if not isinstance(node, _FUNCTIONS):
            return None
        ast.increment_lineno(node, span[0] - (2 if head else 1))
        return node if self.tables.span(node) == span else None


class Bodies:
    """Bodies by file and scope, kept for as long as the file holds the same. Texts are heavy: only those used lately are held."""

    def __init__(self, finder: Finder, text_of: TextOf) -> None:
        self._workspace = finder.workspace
        self._memo = finder.memo
        self._text_of = text_of
        self._texts: dict[str, Text] = {}

    def of(self, path: str, key: str, seeds: tuple[str, ...] = (), calls: tuple[Span, ...] = ()) -> Body:
        """The body of a function; what `seeds` name and `calls` give counts as given to it too."""
        return self._memo.get(
            ("body", path, (key, seeds, calls)), lambda: self._read(path, key, seeds, calls), NOTHING
        )

    def module(self, path: str) -> ast.Module | None:
        """The tree of a file."""
        text = self._text(path)
        return None if text is None else text.module

    def forget(self) -> None:
        """Let go of all texts: one has changed, or all is done."""
        self._texts = {}

    def _read(self, path: str, key: str, seeds: tuple[str, ...], calls: tuple[Span, ...]) -> Body:
        facts = self._workspace.facts(path)
        text = None if facts is None else self._text(path)
        if facts is None or text is None:
            return NOTHING
        index = self._workspace.scope(path, key)
        node = text.module if index == 0 else text.at(facts.scopes[index])
        if node is None:
            return NOTHING
        names = given(facts.scopes[index], facts.scopes[max(facts.scopes[index].parent, 0)])
        env: Env = {name: (Ref(name),) for name in (*names, *seeds)}
        work = Statements(text.tables, env, frozenset(seeds), frozenset(calls))
        work.function(node)
        return work.found()

    def _text(self, path: str) -> Text | None:
        found = self._texts.pop(path, None)
        if found is None:
            content = self._text_of(path)
            found = None if content is None else Text(content)
        if found is not None:
            self._texts[path] = found
            if len(self._texts) > MOST_TEXTS:
                del self._texts[next(iter(self._texts))]
        return found


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
