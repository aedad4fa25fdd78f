"""Expressions: each libcst class has one function, found by its type."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import libcst as cst

from .names import identifier, in_normal_form
from .operators import BINARY, BOOLEAN, COMPARING, UNARY
from .strings import concatenated, formatted, simple, templated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .cursor import Cursor

LOAD = ast.Load()
STORE = ast.Store()
DELETE = ast.Del()

_CONSTANTS = {"True": True, "False": False, "None": None}


def expression(to: Cursor, node: cst.BaseExpression, ctx: ast.expr_context = LOAD) -> ast.expr:
    """Any expression. Parentheses around it are no part of its position, except around a tuple or generator."""
    owns_brackets = isinstance(node, cst.Tuple | cst.GeneratorExp)
    start = to.next()
    for _ in node.lpar:
        start = to.next()
        to.token("(")
    if not (node.lpar and owns_brackets):
        start = to.next()
    made = _EXPRESSIONS[type(node)](to, node, ctx)
    end = to.end
    for count, _ in enumerate(node.rpar):
        to.token(")")
        if owns_brackets and count == 0:
            end = to.end
    return to.place(made, start, end)


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


def elements(to: Cursor, nodes: Sequence[cst.BaseElement], ctx: ast.expr_context) -> list[ast.expr]:
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


def _name(to: Cursor, node: cst.Name, ctx: ast.expr_context) -> ast.expr:
    to.token(node.value)
    if node.value in _CONSTANTS:
        return ast.Constant(value=_CONSTANTS[node.value])
    return ast.Name(id=in_normal_form(node.value), ctx=ctx)


def _number(read: Callable[[str], complex]) -> Callable[[Cursor, Any, ast.expr_context], ast.expr]:
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


def _lambda(to: Cursor, node: cst.Lambda, _: ast.expr_context) -> ast.expr:
    to.token("lambda")
    args = arguments(to, node.params)
    to.token(":")
    return ast.Lambda(args=args, body=expression(to, node.body))


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


def _tuple(to: Cursor, node: cst.Tuple, ctx: ast.expr_context) -> ast.expr:
    return ast.Tuple(elts=elements(to, node.elements, ctx), ctx=ctx)


def _list(to: Cursor, node: cst.List, ctx: ast.expr_context) -> ast.expr:
    to.token("[")
    made = elements(to, node.elements, ctx)
    to.token("]")
    return ast.List(elts=made, ctx=ctx)


def _set(to: Cursor, node: cst.Set, ctx: ast.expr_context) -> ast.expr:
    to.token("{")
    made = elements(to, node.elements, ctx)
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


_EXPRESSIONS: dict[type[cst.CSTNode], Callable[[Cursor, Any, ast.expr_context], ast.expr]] = {
    cst.Name: _name,
    cst.Integer: _number(lambda text: int(text, 0)),
    cst.Float: _number(float),
    cst.Imaginary: _number(lambda text: complex(0.0, float(text[:-1]))),
    cst.Ellipsis: _ellipsis,
    cst.SimpleString: lambda to, node, _: simple(to, node),
    cst.ConcatenatedString: lambda to, node, _: concatenated(to, node, expression),
    cst.FormattedString: lambda to, node, _: formatted(to, node, expression),
    cst.StarredElement: lambda to, node, ctx: starred(to, node.value, ctx),
    cst.Attribute: _attribute,
    cst.Subscript: _subscript,
    cst.Call: _call,
    cst.UnaryOperation: _unary,
    cst.BinaryOperation: _binary,
    cst.BooleanOperation: _boolean,
    cst.Comparison: _comparison,
    cst.Lambda: _lambda,
    cst.IfExp: _conditional,
    cst.NamedExpr: _named,
    cst.Await: _await,
    cst.Yield: _yield,
    cst.Tuple: _tuple,
    cst.List: _list,
    cst.Set: _set,
    cst.Dict: _dict,
    cst.GeneratorExp: _generator,
    cst.ListComp: _list_comprehension,
    cst.SetComp: _set_comprehension,
    cst.DictComp: _dict_comprehension,
}
# Classes that older releases of libcst lack.
if hasattr(cst, "TemplatedString"):
    _EXPRESSIONS[cst.TemplatedString] = lambda to, node, _: templated(to, node, expression)
if hasattr(cst, "StarredDictComp"):
    _EXPRESSIONS[cst.StarredDictComp] = _merged_dicts
