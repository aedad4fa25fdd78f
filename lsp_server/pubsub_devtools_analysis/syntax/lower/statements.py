"""Rows of statements, and those that have a body."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import libcst as cst

from .calls import annotation, arguments, call_arguments
from .dispatch import STORE, expression
from .names import alias_name, identifier
from .patterns import pattern
from .small import SMALL
from .typeparams import declared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .cursor import Cursor


def statements(to: Cursor, nodes: Iterable[cst.BaseStatement | cst.BaseSmallStatement]) -> list[ast.stmt]:
    """A row of statements; a line with semicolons is several."""
    made: list[ast.stmt] = []
    for node in nodes:
        small = node.body if isinstance(node, cst.SimpleStatementLine) else [node]
        for one in small:
            made.append(_statement(to, one))
            to.maybe(getattr(one, "semicolon", None))
    return made


def _statement(to: Cursor, node: cst.CSTNode) -> ast.stmt:
    if isinstance(node, cst.FunctionDef | cst.ClassDef):
        return _decorated(to, node)
    start = to.next()
    return to.place(_STATEMENTS[type(node)](to, node), start)


def _decorated(to: Cursor, node: cst.FunctionDef | cst.ClassDef) -> ast.stmt:
    """A definition starts after its decorators."""
    decorators = [_decorator(to, decorator) for decorator in node.decorators]
    start = to.next()
    made = _function(to, node) if isinstance(node, cst.FunctionDef) else _class(to, node)
    made.decorator_list = decorators
    return to.place(made, start)


def _suite(to: Cursor, node: cst.BaseSuite) -> list[ast.stmt]:
    to.token(":")
    return statements(to, node.body)


def _else(to: Cursor, node: cst.Else | cst.Finally | None) -> list[ast.stmt]:
    if node is None:
        return []
    to.token("else" if isinstance(node, cst.Else) else "finally")
    return _suite(to, node.body)


def _decorator(to: Cursor, node: cst.Decorator) -> ast.expr:
    to.token("@")
    return expression(to, node.decorator)


def _function(to: Cursor, node: cst.FunctionDef) -> ast.FunctionDef | ast.AsyncFunctionDef:
    to.token(*_async(node), "def")
    name = identifier(to, node.name)
    params = declared(to, node.type_parameters)
    to.token("(")
    args = arguments(to, node.params)
    to.token(")")
    returns = annotation(to, node.returns, "->")
    kind = ast.AsyncFunctionDef if node.asynchronous else ast.FunctionDef
    body = _suite(to, node.body)
    return kind(name=name, args=args, body=body, decorator_list=[], returns=returns, **params)


def _class(to: Cursor, node: cst.ClassDef) -> ast.ClassDef:
    to.token("class")
    name = identifier(to, node.name)
    params = declared(to, node.type_parameters)
    bracketed = isinstance(node.lpar, cst.LeftParen)
    to.token(*("(" for _ in range(bracketed)))
    bases, keywords = _bases(to, node)
    to.token(*(")" for _ in range(bracketed)))
    body = _suite(to, node.body)
    return ast.ClassDef(name=name, bases=bases, keywords=keywords, body=body, decorator_list=[], **params)


def _bases(to: Cursor, node: cst.ClassDef) -> tuple[list[ast.expr], list[ast.keyword]]:
    return call_arguments(to, [*node.bases, *node.keywords])


def _if(to: Cursor, node: cst.If) -> ast.stmt:
    """A chain of `elif` nests in the tree; it is walked here, since long ones would exhaust the stack."""
    first = ast.If(test=_test(to, "if", node), body=_suite(to, node.body), orelse=[])
    chain = [first]
    starts = [0]
    orelse = node.orelse
    while isinstance(orelse, cst.If):
        starts.append(to.next())
        inner = ast.If(test=_test(to, "elif", orelse), body=_suite(to, orelse.body), orelse=[])
        chain[-1].orelse = [inner]
        chain.append(inner)
        orelse = orelse.orelse
    chain[-1].orelse = _else(to, orelse)
    for inner, start in zip(chain[1:], starts[1:], strict=True):
        to.place(inner, start)
    return first


def _test(to: Cursor, token: str, node: cst.If | cst.While) -> ast.expr:
    to.token(token)
    return expression(to, node.test)


def _while(to: Cursor, node: cst.While) -> ast.stmt:
    test = _test(to, "while", node)
    body = _suite(to, node.body)
    return ast.While(test=test, body=body, orelse=_else(to, node.orelse))


def _for(to: Cursor, node: cst.For) -> ast.stmt:
    to.token(*_async(node), "for")
    target = expression(to, node.target, STORE)
    to.token("in")
    source = expression(to, node.iter)
    body = _suite(to, node.body)
    kind = ast.AsyncFor if node.asynchronous else ast.For
    return kind(target=target, iter=source, body=body, orelse=_else(to, node.orelse))


def _with(to: Cursor, node: cst.With) -> ast.stmt:
    to.token(*_async(node), "with")
    bracketed = isinstance(node.lpar, cst.LeftParen)
    to.token(*("(" for _ in range(bracketed)))
    items = [_with_item(to, item) for item in node.items]
    to.token(*(")" for _ in range(bracketed)))
    kind = ast.AsyncWith if node.asynchronous else ast.With
    return kind(items=items, body=_suite(to, node.body))


def _with_item(to: Cursor, node: cst.WithItem) -> ast.withitem:
    made = ast.withitem(context_expr=expression(to, node.item), optional_vars=None)
    if node.asname is not None:
        to.token("as")
        made.optional_vars = expression(to, node.asname.name, STORE)
    to.maybe(node.comma)
    return made


def _async(node: cst.FunctionDef | cst.For | cst.With) -> tuple[str, ...]:
    return ("async",) if node.asynchronous else ()


def _try(to: Cursor, node: cst.Try | cst.TryStar) -> ast.stmt:
    to.token("try")
    body = _suite(to, node.body)
    handlers = [_handler(to, handler) for handler in node.handlers]
    orelse = _else(to, node.orelse)
    kind = ast.TryStar if isinstance(node, cst.TryStar) else ast.Try
    return kind(body=body, handlers=handlers, orelse=orelse, finalbody=_else(to, node.finalbody))


def _handler(to: Cursor, node: cst.ExceptHandler | cst.ExceptStarHandler) -> ast.ExceptHandler:
    start = to.next()
    to.token("except")
    if isinstance(node, cst.ExceptStarHandler):
        to.token("*")
    if isinstance(node.type, cst.Tuple) and not node.type.lpar:
        to.note_newer("several exceptions without parentheses")
    kind = None if node.type is None else expression(to, node.type)
    name = None if node.name is None else alias_name(to, node.name)
    return to.place(ast.ExceptHandler(type=kind, name=name, body=_suite(to, node.body)), start)


def _match(to: Cursor, node: cst.Match) -> ast.stmt:
    to.token("match")
    subject = expression(to, node.subject)
    to.token(":")
    return ast.Match(subject=subject, cases=[_case(to, case) for case in node.cases])


def _case(to: Cursor, node: cst.MatchCase) -> ast.match_case:
    to.token("case")
    shape = pattern(to, node.pattern)
    guard = None
    if node.guard is not None:
        to.token("if")
        guard = expression(to, node.guard)
    return ast.match_case(pattern=shape, guard=guard, body=_suite(to, node.body))


_STATEMENTS: dict[type[cst.CSTNode], Callable[[Cursor, Any], ast.stmt]] = {
    **SMALL,
    cst.If: _if,
    cst.While: _while,
    cst.For: _for,
    cst.With: _with,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.Match: _match,
}
