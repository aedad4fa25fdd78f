"""Assignments: which name, attribute or entry gets which value."""

from __future__ import annotations

import ast

from pubsub_devtools_analysis.extraction.expressions import Expressions
from pubsub_devtools_analysis.extraction.texts import whole
from pubsub_devtools_analysis.facts import (
    OPAQUE,
    AnyExpr,
    Item,
    Member,
    Name,
    Scope,
    Seq,
    Store,
)


class Assignments(Expressions):
    """Visits the targets of assignments."""

    def assign_to(self, target: ast.expr, value: AnyExpr, node: ast.stmt) -> None:
        if isinstance(target, ast.Name):
            self.bind(target.id, value, node.lineno)
        elif isinstance(target, ast.Tuple | ast.List):
            for index, item in enumerate(target.elts):
                inner = (
                    value.items[index]
                    if isinstance(value, Seq) and index < len(value.items)
                    else Item(value, index)
                )
                self.assign_to(item, inner, node)
        elif isinstance(target, ast.Starred):
            self.assign_to(target.value, OPAQUE, node)
        elif isinstance(target, ast.Attribute):
            self.assign_attribute(target, value, node)
        elif isinstance(target, ast.Subscript):
            base, key = self.expr(target.value), self.expr(target.slice)
            self.stores.append(Store(base, "", key, value, self.scope, self.span(node)))

    def assign_attribute(self, target: ast.Attribute, value: AnyExpr, node: ast.stmt) -> None:
        base = self.expr(target.value)
        owner = self.owner(base)
        if owner is not None:
            owner.attrs.setdefault(target.attr, []).append(Member(value, self.scope, self.block, node.lineno))
        else:
            self.stores.append(Store(base, target.attr, None, value, self.scope, self.span(node)))

    def owner(self, base: AnyExpr) -> Scope | None:
        """The class whose instance (or itself, in a class method) `base` is: the first parameter of a method."""
        if not isinstance(base, Name):
            return None
        index = self.scope
        while index >= 0:
            scope = self.scopes[index]
            parent = self.scopes[scope.parent] if scope.parent >= 0 else None
            if scope.kind == "function" and parent is not None and parent.kind == "class":
                return parent if scope.params and scope.params[0].name == base.id else None
            index = scope.parent
        return None

    def export(self, node: ast.expr) -> None:
        if isinstance(node, ast.List | ast.Tuple):
            names = tuple(
                whole(e.value) for e in node.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)
            )
            self.exports = (self.exports or ()) + names
