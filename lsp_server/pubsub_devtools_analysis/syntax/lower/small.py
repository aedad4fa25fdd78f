"""Statements of one line."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import libcst as cst

from .dispatch import DELETE, STORE, expression
from .names import alias_name, dotted, identifier
from .operators import AUGMENTED
from .typeparams import type_alias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .cursor import Cursor


def _expression_statement(to: Cursor, node: cst.Expr) -> ast.stmt:
    return ast.Expr(value=expression(to, node.value))


def _assign(to: Cursor, node: cst.Assign) -> ast.stmt:
    targets: list[ast.expr] = []
    for target in node.targets:
        targets.append(expression(to, target.target, STORE))
        to.token("=")
    return ast.Assign(targets=targets, value=expression(to, node.value))


def _annotated(to: Cursor, node: cst.AnnAssign) -> ast.stmt:
    simple = int(isinstance(node.target, cst.Name) and not node.target.lpar)
    target: Any = expression(to, node.target, STORE)
    to.token(":")
    declared_type = expression(to, node.annotation.annotation)
    value = None
    if node.value is not None:
        to.token("=")
        value = expression(to, node.value)
    return ast.AnnAssign(target=target, annotation=declared_type, value=value, simple=simple)


def _augmented(to: Cursor, node: cst.AugAssign) -> ast.stmt:
    target: Any = expression(to, node.target, STORE)
    kind, token = AUGMENTED[type(node.operator)]
    to.token(token)
    return ast.AugAssign(target=target, op=kind(), value=expression(to, node.value))


def _delete(to: Cursor, node: cst.Del) -> ast.stmt:
    to.token("del")
    targets = expression(to, node.target, DELETE)
    if isinstance(targets, ast.Tuple) and isinstance(node.target, cst.Tuple) and not node.target.lpar:
        return ast.Delete(targets=targets.elts)
    return ast.Delete(targets=[targets])


def _return(to: Cursor, node: cst.Return) -> ast.stmt:
    to.token("return")
    return ast.Return(value=None if node.value is None else expression(to, node.value))


def _raise(to: Cursor, node: cst.Raise) -> ast.stmt:
    to.token("raise")
    made = ast.Raise(exc=None if node.exc is None else expression(to, node.exc), cause=None)
    if node.cause is not None:
        to.token("from")
        made.cause = expression(to, node.cause.item)
    return made


def _assert(to: Cursor, node: cst.Assert) -> ast.stmt:
    to.token("assert")
    made = ast.Assert(test=expression(to, node.test), msg=None)
    if node.msg is not None:
        to.token(",")
        made.msg = expression(to, node.msg)
    return made


def _import(to: Cursor, node: Any) -> ast.stmt:
    _lazy(to, node)
    to.token("import")
    return ast.Import(names=[_alias(to, alias) for alias in node.names])


def _import_from(to: Cursor, node: Any) -> ast.stmt:
    _lazy(to, node)
    to.token("from", *("." for _ in node.relative))
    module = None if node.module is None else dotted(to, node.module)
    to.token("import")
    made = ast.ImportFrom(module=module, names=[], level=len(node.relative))
    if isinstance(node.names, cst.ImportStar):
        start = to.next()
        to.token("*")
        made.names = [to.place(ast.alias(name="*", asname=None), start)]
        return made
    bracketed = isinstance(node.lpar, cst.LeftParen)
    to.token(*("(" for _ in range(bracketed)))
    made.names = [_alias(to, alias) for alias in node.names]
    to.token(*(")" for _ in range(bracketed)))
    return made


def _lazy(to: Cursor, node: cst.CSTNode) -> None:
    if type(node).__name__.startswith("Lazy"):
        to.note_newer("a lazy import")
        to.token("lazy")


def _alias(to: Cursor, node: cst.ImportAlias) -> ast.alias:
    start = to.next()
    made = ast.alias(name=dotted(to, node.name), asname=None)
    if node.asname is not None:
        made.asname = alias_name(to, node.asname)
    to.place(made, start)
    to.maybe(node.comma)
    return made


def _names(to: Cursor, nodes: Sequence[cst.NameItem]) -> list[str]:
    made: list[str] = []
    for node in nodes:
        made.append(identifier(to, node.name))
        to.maybe(node.comma)
    return made


def _global(to: Cursor, node: cst.Global) -> ast.stmt:
    to.token("global")
    return ast.Global(names=_names(to, node.names))


def _nonlocal(to: Cursor, node: cst.Nonlocal) -> ast.stmt:
    to.token("nonlocal")
    return ast.Nonlocal(names=_names(to, node.names))


def _word(token: str, kind: type[ast.stmt]) -> Callable[[Cursor, Any], ast.stmt]:
    def lower(to: Cursor, _: Any) -> ast.stmt:
        to.token(token)
        return kind()

    return lower


SMALL: dict[type[cst.CSTNode], Callable[[Cursor, Any], ast.stmt]] = {
    cst.Expr: _expression_statement,
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.Del: _delete,
    cst.Return: _return,
    cst.Raise: _raise,
    cst.Assert: _assert,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.Global: _global,
    cst.Nonlocal: _nonlocal,
    cst.Pass: _word("pass", ast.Pass),
    cst.Break: _word("break", ast.Break),
    cst.Continue: _word("continue", ast.Continue),
    cst.TypeAlias: type_alias,
}
if hasattr(cst, "LazyImport"):  # older releases of libcst lack it
    SMALL.update({cst.LazyImport: _import, cst.LazyImportFrom: _import_from})
