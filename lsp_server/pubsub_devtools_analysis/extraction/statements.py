"""Statements: what they bind, define, import, return and store."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, TypeAlias

from pubsub_devtools_analysis.extraction.assignments import Assignments
from pubsub_devtools_analysis.extraction.texts import doc_of, target_of
from pubsub_devtools_analysis.facts import (
    OPAQUE,
    Case,
    Decorator,
    Either,
    Element,
    Entered,
    Import,
    Loop,
    Name,
    ParamRef,
    ScopeRef,
    Seq,
    Star,
    Typed,
)

_Def: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


class Statements(Assignments):
    """Visits statements."""

    def module(self, tree: ast.Module) -> None:
        self.open("module", "", (1, 0, 1, 0))
        self.scopes[0].doc = doc_of(tree.body)
        self.scopes[0].body = self.statements(tree.body)

    def statements(self, body: list[ast.stmt]) -> list[tuple[int, int, int]]:
        """Visit the statements of a module or class. Gives their lines, and the scopes of classes among them."""
        found: list[tuple[int, int, int]] = []
        for node in body:
            before = len(self.scopes)
            self.body([node])
            first = min((d.lineno for d in getattr(node, "decorator_list", ())), default=node.lineno)
            scope = -1
            if isinstance(node, ast.ClassDef):
                scope = next(i for i in range(before, len(self.scopes)) if self._is_of(i, node))
            found.append((first, node.end_lineno or node.lineno, scope))
        return found

    def _is_of(self, index: int, node: ast.ClassDef) -> bool:
        scope = self.scopes[index]
        return scope.kind == "class" and scope.parent == self.scope and scope.name == node.name

    def body(self, body: list[ast.stmt]) -> None:
        for node in body:
            self.statement = node.lineno
            visit = _STATEMENTS.get(type(node))
            if visit is not None:
                visit(self, node)
            else:
                self.rest(node)

    def branch(self, body: list[ast.stmt]) -> None:
        outer = self.block
        self.blocks.append(outer)
        self.block = len(self.blocks) - 1
        self.body(body)
        self.block = outer

    def import_(self, node: ast.Import) -> None:
        for alias in node.names:
            self.imports.add(alias.name)
            if alias.asname:
                self.bind(alias.asname, Import(alias.name, "", 0), node.lineno)
            else:
                top = alias.name.partition(".")[0]
                self.bind(top, Import(top, "", 0), node.lineno)

    def import_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if not node.level:
            self.imports.add(module)
        for alias in node.names:
            if not node.level:
                self.imports.add(f"{module}.{alias.name}")
            if alias.name == "*":
                self.stars.append((module, node.level))
            else:
                self.bind(alias.asname or alias.name, Import(module, alias.name, node.level), node.lineno)

    def function(self, node: _Def) -> None:
        decorators = tuple(Decorator(self.expr(d), self.span(d)) for d in node.decorator_list)
        params = self.params(node.args)
        annotation = self.annotation(node.returns)
        outer, outer_block, line = self.scope, self.block, node.lineno
        self.bind(node.name, ScopeRef(len(self.scopes)), line)
        scope = self.scopes[self.open("function", node.name, self.span(node))]
        scope.is_async = isinstance(node, ast.AsyncFunctionDef)
        scope.params, scope.decorators, scope.annotation = params, decorators, annotation
        scope.doc = doc_of(node.body)
        for param in params:
            self.bind(param.name, ParamRef(param.name), line)
        self.branch(node.body)
        self.scope, self.block = outer, outer_block

    def class_(self, node: ast.ClassDef) -> None:
        decorators = tuple(Decorator(self.expr(d), self.span(d)) for d in node.decorator_list)
        bases = tuple(self.expr(base) for base in node.bases)
        keywords = tuple((k.arg or "**", self.expr(k.value)) for k in node.keywords)
        outer = self.scope
        self.bind(node.name, ScopeRef(len(self.scopes)), node.lineno)
        scope = self.scopes[self.open("class", node.name, self.span(node))]
        scope.decorators, scope.bases, scope.keywords = decorators, bases, keywords
        scope.doc = doc_of(node.body)
        scope.body = self.statements(node.body)
        self.scope = outer

    def assign(self, node: ast.Assign) -> None:
        line = node.lineno
        name = target_of(node.targets[0])
        value = self.value(node.value, name, line)
        if name == "__all__":
            self.export(node.value)
        for target in node.targets:
            self.assign_to(target, value, node)

    def annotated(self, node: ast.AnnAssign) -> None:
        value = self.value(node.value, target_of(node.target), node.lineno) if node.value else None
        annotation = self.annotation(node.annotation)
        typed = Typed(annotation, value) if annotation is not None else value or OPAQUE
        self.assign_to(node.target, typed, node)

    def augmented(self, node: ast.AugAssign) -> None:
        value = self.expr(node.value)
        if isinstance(node.target, ast.Name) and isinstance(node.op, ast.Add):
            if node.target.id == "__all__":
                self.export(node.value)
            self.bind(node.target.id, Seq((Star(Name(node.target.id)), Star(value))), node.lineno)
        elif isinstance(node.target, ast.Name) and isinstance(node.op, ast.BitOr):
            self.bind(node.target.id, Either((Name(node.target.id), value)), node.lineno)
        else:
            self.expr(node.target)

    def expression(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Yield):
            if node.value.value is not None:
                self.scopes[self.scope].returns.append(Seq((self.expr(node.value.value),)))
        elif not isinstance(node.value, ast.Constant):
            self.expr(node.value)

    def return_(self, node: ast.Return) -> None:
        if node.value is not None:
            value = self.expr(node.value)
            if value is not OPAQUE:
                self.scopes[self.scope].returns.append(value)

    def loop(self, node: ast.For | ast.AsyncFor) -> None:
        value = self.expr(node.iter)
        self.loops.append(Loop(value, self.scope, self.span(node)))
        self.assign_to(node.target, Element(value), node)
        self.branch(node.body)
        self.branch(node.orelse)

    def while_(self, node: ast.While) -> None:
        self.expr(node.test)
        self.branch(node.body)
        self.branch(node.orelse)

    def if_(self, node: ast.If) -> None:
        current: ast.If | None = node
        while current is not None:
            self.expr(current.test)
            self.branch(current.body)
            rest = current.orelse
            # An elif chain is nested in the tree; a loop keeps a thousand of them off the stack.
            current = rest[0] if len(rest) == 1 and isinstance(rest[0], ast.If) else None
            if current is None:
                self.branch(rest)

    def with_(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            target = target_of(item.optional_vars) if item.optional_vars is not None else ""
            value = self.value(item.context_expr, target, node.lineno)
            if item.optional_vars is not None:
                self.assign_to(item.optional_vars, Entered(value), node)
        self.body(node.body)

    def try_(self, node: ast.Try) -> None:
        # The try body shares the block: what it binds reaches the code after it.
        self.body(node.body)
        for handler in node.handlers:
            if handler.type is not None:
                self.expr(handler.type)
            self.branch(handler.body)
        self.branch(node.orelse)
        self.body(node.finalbody)

    def match(self, node: ast.Match) -> None:
        subject = self.expr(node.subject)
        for case in node.cases:
            for pattern in ast.walk(case.pattern):
                if isinstance(pattern, ast.MatchClass):
                    cls = self.expr(pattern.cls)
                    self.cases.append(Case(subject, cls, self.scope, self.span(pattern)))
                elif isinstance(pattern, ast.MatchAs) and pattern.name:
                    self.bind(pattern.name, subject, pattern.lineno)
            if case.guard is not None:
                self.expr(case.guard)
            self.branch(case.body)

    def global_(self, node: ast.Global) -> None:
        self.scopes[self.scope].outer.extend(node.names)

    def nothing(self, _: ast.stmt) -> None:
        """`pass`, `break`, `continue`: nothing in them."""

    def type_alias(self, node: ast.stmt) -> None:
        name, value = getattr(node, "name", None), getattr(node, "value", None)
        if isinstance(name, ast.Name) and isinstance(value, ast.expr):
            self.bind(name.id, self.expr(value), node.lineno)


_STATEMENTS: dict[type[ast.stmt], Callable[[Statements, Any], None]] = {
    ast.Import: Statements.import_,
    ast.ImportFrom: Statements.import_from,
    ast.FunctionDef: Statements.function,
    ast.AsyncFunctionDef: Statements.function,
    ast.ClassDef: Statements.class_,
    ast.Assign: Statements.assign,
    ast.AnnAssign: Statements.annotated,
    ast.AugAssign: Statements.augmented,
    ast.Expr: Statements.expression,
    ast.Return: Statements.return_,
    ast.For: Statements.loop,
    ast.AsyncFor: Statements.loop,
    ast.While: Statements.while_,
    ast.If: Statements.if_,
    ast.With: Statements.with_,
    ast.AsyncWith: Statements.with_,
    ast.Try: Statements.try_,
    ast.TryStar: Statements.try_,
    ast.Match: Statements.match,
    ast.Global: Statements.global_,
    ast.Pass: Statements.nothing,
    ast.Break: Statements.nothing,
    ast.Continue: Statements.nothing,
    ast.Nonlocal: Statements.nothing,
}
_TYPE_ALIAS: type[ast.stmt] | None = getattr(ast, "TypeAlias", None)
if _TYPE_ALIAS is not None:
    _STATEMENTS[_TYPE_ALIAS] = Statements.type_alias
