"""Type parameters and `type X = ...` (PEP 695, 696): in the classes that the running Python has for them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import libcst as cst

from .calls import starred
from .dispatch import STORE, expression
from .names import identifier

if TYPE_CHECKING:
    from .cursor import Cursor

_HAS_PARAMETERS = "type_params" in ast.FunctionDef._fields
_HAS_DEFAULTS = _HAS_PARAMETERS and "default_value" in getattr(ast, "TypeVar")._fields  # noqa: B009


def declared(to: Cursor, node: cst.TypeParameters | None) -> dict[str, Any]:
    """The `type_params` of a definition; an older Python has no such field, and they are passed over."""
    made = [] if node is None else _parameters(to, node)
    return {"type_params": made} if _HAS_PARAMETERS else {}


def type_alias(to: Cursor, node: cst.TypeAlias) -> ast.stmt:
    """An assignment where the running Python knows no type aliases."""
    to.note_newer("a type alias")
    to.token("type")
    name = expression(to, node.name, STORE)
    params = declared(to, node.type_parameters)
    to.token("=")
    value = expression(to, node.value)
    kind = getattr(ast, "TypeAlias", None)
    if kind is None:
        return ast.Assign(targets=[name], value=value)
    made: ast.stmt = kind(name=name, value=value, **params)
    return made


def _parameters(to: Cursor, node: cst.TypeParameters) -> list[Any]:
    to.note_newer("type parameters")
    to.token("[")
    made: list[Any] = []
    for param in node.params:
        made.append(_parameter(to, param))
        to.maybe(param.comma)
    to.token("]")
    return made


def _parameter(to: Cursor, node: cst.TypeParam) -> Any:
    start = to.next()
    param = node.param
    to.token(*_stars(param))
    fields: dict[str, Any] = {"name": identifier(to, param.name)}
    if isinstance(param, cst.TypeVar):
        fields["bound"] = _bound(to, param)
    if node.default is not None:
        to.token("=")
        default = starred(to, node.default, ast.Load()) if node.star else expression(to, node.default)
        fields |= {"default_value": default} if _HAS_DEFAULTS else {}
    kind = getattr(ast, type(param).__name__, None)
    return None if kind is None else to.place(kind(**fields), start)


def _stars(param: cst.TypeVar | cst.TypeVarTuple | cst.ParamSpec) -> tuple[str, ...]:
    if isinstance(param, cst.TypeVarTuple):
        return ("*",)
    return ("**",) if isinstance(param, cst.ParamSpec) else ()


def _bound(to: Cursor, param: cst.TypeVar) -> ast.expr | None:
    if param.bound is None:
        return None
    to.token(":")
    return expression(to, param.bound)
