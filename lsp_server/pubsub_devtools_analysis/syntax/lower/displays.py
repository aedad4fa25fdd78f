"""Tuples, lists, sets, dictionaries, and the comprehensions that make them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import libcst as cst

from .dispatch import LOAD, STORE, Table, expression

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .cursor import Cursor


def _elements(to: Cursor, nodes: Sequence[cst.BaseElement], ctx: ast.expr_context) -> list[ast.expr]:
    """What stands in a tuple, list or set, with its commas."""
    made: list[ast.expr] = []
    for node in nodes:
        made.append(_element(to, node, ctx))
        to.maybe(node.comma)
    return made


def _element(to: Cursor, node: cst.BaseElement | cst.BaseExpression, ctx: ast.expr_context) -> ast.expr:
    if isinstance(node, cst.Element):
        return expression(to, node.value, ctx)
    assert isinstance(node, cst.BaseExpression)
    return expression(to, node, ctx)


def _tuple(to: Cursor, node: cst.Tuple, ctx: ast.expr_context) -> ast.expr:
    return ast.Tuple(elts=_elements(to, node.elements, ctx), ctx=ctx)


def _list(to: Cursor, node: cst.List, ctx: ast.expr_context) -> ast.expr:
    to.token("[")
    made = _elements(to, node.elements, ctx)
    to.token("]")
    return ast.List(elts=made, ctx=ctx)


def _set(to: Cursor, node: cst.Set, ctx: ast.expr_context) -> ast.expr:
    to.token("{")
    made = _elements(to, node.elements, ctx)
    to.token("}")
    return ast.Set(elts=made)


def _dict(to: Cursor, node: cst.Dict, _: ast.expr_context) -> ast.expr:
    made = ast.Dict(keys=[], values=[])
    to.token("{")
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            made.keys.append(expression(to, element.key))
            to.token(":")
        else:
            made.keys.append(None)
            to.token("**")
        made.values.append(expression(to, element.value))
        to.maybe(element.comma)
    to.token("}")
    return made


def _generator(to: Cursor, node: cst.GeneratorExp, _: ast.expr_context) -> ast.expr:
    elt = _comprehended(to, node.elt)
    return ast.GeneratorExp(elt=elt, generators=_comprehensions(to, node.for_in))


def _list_comprehension(to: Cursor, node: cst.ListComp, _: ast.expr_context) -> ast.expr:
    to.token("[")
    elt = _comprehended(to, node.elt)
    made = ast.ListComp(elt=elt, generators=_comprehensions(to, node.for_in))
    to.token("]")
    return made


def _set_comprehension(to: Cursor, node: cst.SetComp, _: ast.expr_context) -> ast.expr:
    to.token("{")
    elt = _comprehended(to, node.elt)
    made = ast.SetComp(elt=elt, generators=_comprehensions(to, node.for_in))
    to.token("}")
    return made


def _dict_comprehension(to: Cursor, node: cst.DictComp, _: ast.expr_context) -> ast.expr:
    to.token("{")
    key = expression(to, node.key)
    to.token(":")
    value = expression(to, node.value)
    made = ast.DictComp(key=key, value=value, generators=_comprehensions(to, node.for_in))
    to.token("}")
    return made


def _merged_dicts(to: Cursor, node: Any, _: ast.expr_context) -> ast.expr:
    """PEP 798 `{**x for x in y}`: no older class has a place for it; a set of what is merged keeps every call."""
    to.note_newer("unpacking in a comprehension")
    to.token("{", "**")
    made = ast.SetComp(elt=expression(to, node.value), generators=_comprehensions(to, node.for_in))
    to.token("}")
    return made


def _comprehended(to: Cursor, node: cst.BaseExpression) -> ast.expr:
    if isinstance(node, cst.StarredElement):
        to.note_newer("unpacking in a comprehension")
    return _element(to, node, LOAD)


def _comprehensions(to: Cursor, node: cst.CompFor | None) -> list[ast.comprehension]:
    made: list[ast.comprehension] = []
    while node is not None:
        if node.asynchronous:
            to.token("async")
        to.token("for")
        target = expression(to, node.target, STORE)
        to.token("in")
        step = ast.comprehension(
            target=target, iter=expression(to, node.iter), ifs=[], is_async=int(bool(node.asynchronous))
        )
        for condition in node.ifs:
            to.token("if")
            step.ifs.append(expression(to, condition.test))
        made.append(step)
        node = node.inner_for_in
    return made


DISPLAYS: Table = {
    cst.Tuple: _tuple,
    cst.List: _list,
    cst.Set: _set,
    cst.Dict: _dict,
    cst.GeneratorExp: _generator,
    cst.ListComp: _list_comprehension,
    cst.SetComp: _set_comprehension,
    cst.DictComp: _dict_comprehension,
}
if hasattr(cst, "StarredDictComp"):  # older releases of libcst lack it
    DISPLAYS[cst.StarredDictComp] = _merged_dicts
