"""Names, numbers, operators and the other expressions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import libcst as cst

from .calls import starred
from .dispatch import LOAD, STORE, Function, Table, expression
from .names import identifier, in_normal_form
from .operators import BINARY, BOOLEAN, COMPARING, UNARY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .cursor import Cursor

_CONSTANTS = {"True": True, "False": False, "None": None}


def _name(to: Cursor, node: cst.Name, ctx: ast.expr_context) -> ast.expr:
    to.token(node.value)
    if node.value in _CONSTANTS:
        return ast.Constant(value=_CONSTANTS[node.value])
    return ast.Name(id=in_normal_form(node.value), ctx=ctx)


def _number(read: Callable[[str], complex]) -> Function:
    def lower(to: Cursor, node: cst.Integer | cst.Float | cst.Imaginary, _: ast.expr_context) -> ast.expr:
        to.token(node.value)
        return ast.Constant(value=read(node.value))

    return lower


def _ellipsis(to: Cursor, _node: cst.Ellipsis, _: ast.expr_context) -> ast.expr:
    to.token("...")
    return ast.Constant(value=...)


def _attribute(to: Cursor, node: cst.Attribute, ctx: ast.expr_context) -> ast.expr:
    value = expression(to, node.value)
    to.token(".")
    return ast.Attribute(value=value, attr=identifier(to, node.attr), ctx=ctx)


def _subscript(to: Cursor, node: cst.Subscript, ctx: ast.expr_context) -> ast.expr:
    value = expression(to, node.value)
    to.token("[")
    inside = _index(to, node.slice)
    to.token("]")
    return ast.Subscript(value=value, slice=inside, ctx=ctx)


def _index(to: Cursor, nodes: Sequence[cst.SubscriptElement]) -> ast.expr:
    start = to.next()
    made: list[ast.expr] = []
    for node in nodes:
        made.append(_slice(to, node.slice))
        to.maybe(node.comma)
    single = len(nodes) == 1 and not isinstance(nodes[0].comma, cst.Comma)
    if single and not isinstance(made[0], ast.Starred):
        return made[0]
    return to.place(ast.Tuple(elts=made, ctx=LOAD), start)


def _slice(to: Cursor, node: cst.BaseSlice) -> ast.expr:
    if isinstance(node, cst.Index):
        return starred(to, node.value, LOAD) if node.star else expression(to, node.value)
    assert isinstance(node, cst.Slice)
    start = to.next()
    lower = None if node.lower is None else expression(to, node.lower)
    to.token(":")
    upper = None if node.upper is None else expression(to, node.upper)
    if isinstance(node.second_colon, cst.Colon):
        to.token(":")
    step = None if node.step is None else expression(to, node.step)
    return to.place(ast.Slice(lower=lower, upper=upper, step=step), start)


def _unary(to: Cursor, node: cst.UnaryOperation, _: ast.expr_context) -> ast.expr:
    kind, token = UNARY[type(node.operator)]
    to.token(token)
    return ast.UnaryOp(op=kind(), operand=expression(to, node.expression))


def _binary(to: Cursor, node: cst.BinaryOperation, _: ast.expr_context) -> ast.expr:
    left = expression(to, node.left)
    kind, token = BINARY[type(node.operator)]
    to.token(token)
    return ast.BinOp(left=left, op=kind(), right=expression(to, node.right))


def _boolean(to: Cursor, node: cst.BooleanOperation, _: ast.expr_context) -> ast.expr:
    """libcst pairs `a and b and c` to the left, `ast` has one list of values."""
    kind, token = BOOLEAN[type(node.operator)]
    rights = [node.right]
    left = node.left
    while (
        isinstance(left, cst.BooleanOperation)
        and not left.lpar
        and type(left.operator) is type(node.operator)
    ):
        rights.append(left.right)
        left = left.left
    values = [expression(to, left)]
    for right in reversed(rights):
        to.token(token)
        values.append(expression(to, right))
    return ast.BoolOp(op=kind(), values=values)


def _comparison(to: Cursor, node: cst.Comparison, _: ast.expr_context) -> ast.expr:
    made = ast.Compare(left=expression(to, node.left), ops=[], comparators=[])
    for target in node.comparisons:
        kind, tokens = COMPARING[type(target.operator)]
        to.token(*tokens)
        made.ops.append(kind())
        made.comparators.append(expression(to, target.comparator))
    return made


def _conditional(to: Cursor, node: cst.IfExp, _: ast.expr_context) -> ast.expr:
    body = expression(to, node.body)
    to.token("if")
    test = expression(to, node.test)
    to.token("else")
    return ast.IfExp(test=test, body=body, orelse=expression(to, node.orelse))


def _named(to: Cursor, node: cst.NamedExpr, _: ast.expr_context) -> ast.expr:
    target: Any = expression(to, node.target, STORE)
    to.token(":=")
    return ast.NamedExpr(target=target, value=expression(to, node.value))


def _await(to: Cursor, node: cst.Await, _: ast.expr_context) -> ast.expr:
    to.token("await")
    return ast.Await(value=expression(to, node.expression))


def _yield(to: Cursor, node: cst.Yield, _: ast.expr_context) -> ast.expr:
    to.token("yield")
    if isinstance(node.value, cst.From):
        to.token("from")
        return ast.YieldFrom(value=expression(to, node.value.item))
    return ast.Yield(value=None if node.value is None else expression(to, node.value))


EXPRESSIONS: Table = {
    cst.Name: _name,
    cst.Integer: _number(lambda text: int(text, 0)),
    cst.Float: _number(float),
    cst.Imaginary: _number(lambda text: complex(0.0, float(text[:-1]))),
    cst.Ellipsis: _ellipsis,
    cst.Attribute: _attribute,
    cst.Subscript: _subscript,
    cst.UnaryOperation: _unary,
    cst.BinaryOperation: _binary,
    cst.BooleanOperation: _boolean,
    cst.Comparison: _comparison,
    cst.IfExp: _conditional,
    cst.NamedExpr: _named,
    cst.Await: _await,
    cst.Yield: _yield,
}
