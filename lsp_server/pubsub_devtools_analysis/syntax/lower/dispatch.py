"""Which function lowers which class of expression.

The tables of the modules beside this one are joined in the package's `__init__`, so that each module may lower any
expression within its own without importing the others.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import libcst as cst

from .cursor import Cursor

Function = Callable[[Cursor, Any, ast.expr_context], ast.expr]
Table = dict[type[cst.CSTNode], Function]

TABLE: Table = {}

LOAD = ast.Load()
STORE = ast.Store()
DELETE = ast.Del()


def expression(to: Cursor, node: cst.BaseExpression, ctx: ast.expr_context = LOAD) -> ast.expr:
    """Any expression. Parentheses around it are no part of its position, except around a tuple or generator."""
    owns_brackets = isinstance(node, cst.Tuple | cst.GeneratorExp)
    start = to.next()
    for _ in node.lpar:
        start = to.next()
        to.token("(")
    if not (node.lpar and owns_brackets):
        start = to.next()
    made = TABLE[type(node)](to, node, ctx)
    end = to.end
    for count, _ in enumerate(node.rpar):
        to.token(")")
        if owns_brackets and count == 0:
            end = to.end
    return to.place(made, start, end)
