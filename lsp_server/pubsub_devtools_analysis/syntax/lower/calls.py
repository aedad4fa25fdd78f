"""Calls, and the parameters that they meet."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst

from .dispatch import LOAD, Table, expression
from .names import identifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .cursor import Cursor


def arguments(to: Cursor, params: cst.Parameters) -> ast.arguments:
    """The parameters of a function or lambda."""
    made = ast.arguments(
        posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[]
    )
    made.posonlyargs = [_positional(to, param, made) for param in params.posonly_params]
    if isinstance(params.posonly_ind, cst.ParamSlash):
        to.token("/")
        to.maybe(params.posonly_ind.comma)
    made.args = [_positional(to, param, made) for param in params.params]
    if isinstance(params.star_arg, cst.Param):
        made.vararg, _ = _param(to, params.star_arg)
    elif isinstance(params.star_arg, cst.ParamStar):
        to.token("*")
        to.maybe(params.star_arg.comma)
    for param in params.kwonly_params:
        arg, default = _param(to, param)
        made.kwonlyargs.append(arg)
        made.kw_defaults.append(default)
    if params.star_kwarg is not None:
        made.kwarg, _ = _param(to, params.star_kwarg)
    return made


def call_arguments(to: Cursor, args: Sequence[cst.Arg]) -> tuple[list[ast.expr], list[ast.keyword]]:
    """Positional and keyword arguments of a call or the bases of a class."""
    positional: list[ast.expr] = []
    keywords: list[ast.keyword] = []
    for arg in args:
        start = to.next()
        if arg.star == "**":
            to.token("**")
            keywords.append(to.place(ast.keyword(arg=None, value=expression(to, arg.value)), start))
        elif arg.keyword is not None:
            name = identifier(to, arg.keyword)
            to.token("=")
            keywords.append(to.place(ast.keyword(arg=name, value=expression(to, arg.value)), start))
        else:
            positional.append(starred(to, arg.value, LOAD) if arg.star else expression(to, arg.value))
        to.maybe(arg.comma)
    return positional, keywords


def starred(to: Cursor, value: cst.BaseExpression, ctx: ast.expr_context) -> ast.Starred:
    """`*value`."""
    start = to.next()
    to.token("*")
    return to.place(ast.Starred(value=expression(to, value, ctx), ctx=ctx), start)


def annotation(to: Cursor, node: cst.Annotation | None, token: str) -> ast.expr | None:
    """`: X` or `-> X`."""
    if node is None:
        return None
    to.token(token)
    return expression(to, node.annotation)


def _positional(to: Cursor, param: cst.Param, made: ast.arguments) -> ast.arg:
    arg, default = _param(to, param)
    if default is not None:
        made.defaults.append(default)
    return arg


def _param(to: Cursor, param: cst.Param) -> tuple[ast.arg, ast.expr | None]:
    if isinstance(param.star, str) and param.star:
        to.token(param.star)
    start = to.next()
    made = ast.arg(arg=identifier(to, param.name), annotation=annotation(to, param.annotation, ":"))
    to.place(made, start)
    default = None
    if param.default is not None:
        to.token("=")
        default = expression(to, param.default)
    to.maybe(param.comma)
    return made, default


def _call(to: Cursor, node: cst.Call, _: ast.expr_context) -> ast.expr:
    func = expression(to, node.func)
    start = to.next()
    to.token("(")
    args, keywords = call_arguments(to, node.args)
    to.token(")")
    if (
        len(node.args) == 1
        and isinstance(node.args[0].value, cst.GeneratorExp)
        and not node.args[0].value.lpar
    ):
        to.place(args[0], start)  # a generator that is the only argument owns the brackets of the call
    return ast.Call(func=func, args=args, keywords=keywords)


def _lambda(to: Cursor, node: cst.Lambda, _: ast.expr_context) -> ast.expr:
    to.token("lambda")
    args = arguments(to, node.params)
    to.token(":")
    return ast.Lambda(args=args, body=expression(to, node.body))


CALLS: Table = {
    cst.Call: _call,
    cst.Lambda: _lambda,
    cst.StarredElement: lambda to, node, ctx: starred(to, node.value, ctx),
}
