"""Expressions of one function's body: what each stands for, and what it uses on the way."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from pubsub_devtools_analysis.extraction.tables import Tables
from pubsub_devtools_analysis.facts import Span
from pubsub_devtools_analysis.fields.body import (
    UNKNOWN,
    Body,
    Pass,
    Ref,
    Refs,
    Use,
    as_text,
    bare,
    elements,
    extend,
    held,
    union,
)
from pubsub_devtools_analysis.fields.written import called, written

Env = dict[str, Refs]
Inner = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Expressions:
    """Visits expressions. `visit` gives what one stands for; `use` says that its value itself is used."""

    def __init__(self, tables: Tables, env: Env, sticky: frozenset[str], calls: frozenset[Span]) -> None:
        self.span = tables.span
        self.env = env
        self.sticky = sticky
        self.calls = calls
        self.inner: list[tuple[Inner, Env]] = []
        self._uses: dict[Use, None] = {}
        self._passes: dict[Pass, None] = {}

    def found(self) -> Body:
        """All that was noted."""
        return Body(
            tuple(sorted(self._uses, key=lambda use: use.span)),
            tuple(sorted(self._passes, key=lambda passed: passed.span)),
        )

    def visit(self, node: ast.expr | None) -> Refs:
        """What an expression stands for."""
        if node is None:
            return ()
        visit = _EXPRESSIONS.get(type(node))
        if visit is not None:
            found: Refs = visit(self, node)
            return found
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.use(child)
        return ()

    def use(self, node: ast.expr | None) -> None:
        """A value that is used itself."""
        if node is not None:
            self.note(self.visit(node), node)

    def note(self, refs: Refs, node: ast.expr | ast.pattern, weak: bool = False) -> None:
        """Note the use of these values."""
        for ref in refs:
            self._uses[Use(ref.root, bare(ref), self.span(node), weak)] = None

    # -- names

    def name(self, node: ast.Name) -> Refs:
        return self.env.get(node.id, ())

    def attribute(self, node: ast.Attribute) -> Refs:
        held = self.env.get(written(node))
        if held is not None:
            return held
        base = self.visit(node.value)
        if node.attr.startswith("__"):
            return ()
        return extend(base, node.attr)

    def subscript(self, node: ast.Subscript) -> Refs:
        base = self.visit(node.value)
        key = node.slice
        if isinstance(key, ast.Slice):
            self.use(key)
            return base
        return extend(base, self.key(key))

    def key(self, key: ast.expr) -> str:
        """The step that a subscript or `.get` takes."""
        if isinstance(key, ast.UnaryOp) and isinstance(key.operand, ast.Constant):
            return "#-1"
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return key.value
        if isinstance(key, ast.Constant) and isinstance(key.value, int):
            return f"#{key.value}"
        self.use(key)
        constant = written(key)
        return f"={constant}" if constant and not self.visit(key) else UNKNOWN

    def walrus(self, node: ast.NamedExpr) -> Refs:
        refs = self.visit(node.value)
        self.bind(node.target.id, refs, node.value)
        return refs

    def bind(self, name: str, refs: Refs, node: ast.expr | ast.pattern) -> None:
        """Give values a name."""
        self.note(refs, node, weak=True)
        self.env[name] = union((Ref(name),), refs) if name in self.sticky else refs

    def assign(self, target: ast.expr, refs: Refs, node: ast.expr) -> None:
        """Give values to a target: names stand for them, anything else gets them handed on."""
        if isinstance(target, ast.Name):
            self.bind(target.id, refs, node)
        elif isinstance(target, ast.Tuple | ast.List):
            for index, item in enumerate(target.elts):
                self.assign(item, extend(refs, f"#{index}"), node)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, refs, node)
        elif isinstance(target, ast.Attribute):
            self.visit(target.value)
            self.note(refs, node)
            name = written(target)
            if name and name not in self.sticky:
                self.env[name] = refs
        elif isinstance(target, ast.Subscript):
            self.visit(target.value)
            self.use(target.slice)
            self.note(refs, node)

    # -- what is made of values

    def either(self, node: ast.BoolOp) -> Refs:
        *first, last = node.values
        found: list[Refs] = []
        for value in first:
            refs = self.visit(value)
            if isinstance(node.op, ast.And):
                self.note(refs, value)
            else:
                found.append(refs)
        return union(*found, self.visit(last))

    def choice(self, node: ast.IfExp) -> Refs:
        self.use(node.test)
        return union(self.visit(node.body), self.visit(node.orelse))

    def items(self, node: ast.List | ast.Tuple | ast.Set) -> Refs:
        return held(union(*(self.visit(item) for item in node.elts)))

    def dictionary(self, node: ast.Dict) -> Refs:
        found: list[Refs] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                found.append(self.visit(value))
            else:
                self.use(key)
                self.use(value)
        return union(*found)

    def compare(self, node: ast.Compare) -> Refs:
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            if isinstance(operator, ast.In | ast.NotIn):
                self.contained(left, right)
            else:
                self.use(left)
                self.use(right)
        return ()

    def contained(self, left: ast.expr, right: ast.expr) -> None:
        """`"key" in message` reads a key; `x in message.items` uses both."""
        refs = self.visit(right)
        if isinstance(left, ast.Constant) and isinstance(left.value, str):
            self.note(extend(refs, f"{left.value}?"), right)
        else:
            self.use(left)
            self.note(refs, right)

    def joined(self, node: ast.JoinedStr) -> Refs:
        return union(*(self.part(value) for value in node.values if isinstance(value, ast.FormattedValue)))

    def part(self, node: ast.expr) -> Refs:
        """A value that is put into a text."""
        if isinstance(node, ast.FormattedValue):
            self.visit(node.format_spec)
            return self.part(node.value)
        refs = self.visit(node)
        self.note(refs, node)
        return as_text(refs)

    def binary(self, node: ast.BinOp) -> Refs:
        left, right = self.visit(node.left), self.visit(node.right)
        self.note(left, node.left)
        self.note(right, node.right)
        if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant | ast.BinOp | ast.JoinedStr):
            return as_text(union(left, right))
        if isinstance(node.op, ast.Add):
            return tuple(r for r in union(left, right) if r.text)
        return ()

    def inside(self, node: ast.Await | ast.Starred) -> Refs:
        return self.visit(node.value)

    def handed(self, node: ast.Yield | ast.YieldFrom) -> Refs:
        self.use(node.value)
        return ()

    def lambda_(self, node: ast.Lambda) -> Refs:
        self.inner.append((node, dict(self.env)))
        return ()

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Refs:
        outer = dict(self.env)
        for each in node.generators:
            self.loop_over(each.target, each.iter)
            for test in each.ifs:
                self.use(test)
        if isinstance(node, ast.DictComp):
            self.use(node.key)
            self.use(node.value)
            found: Refs = ()
        else:
            found = self.visit(node.elt)
            self.note(found, node.elt, weak=True)
        self.env = outer
        return held(found)

    def loop_over(self, target: ast.expr, iterable: ast.expr) -> None:
        """Bind the variables of a loop to the elements."""
        name = called(iterable)
        if isinstance(iterable, ast.Call) and isinstance(target, ast.Tuple) and name in ("enumerate", "zip"):
            columns = [elements(self.visit(argument)) for argument in iterable.args]
            if name == "enumerate":
                columns = [(), *columns[:1]]
            for item, refs in zip(target.elts, columns, strict=False):
                self.assign(item, refs, iterable)
            return
        self.assign(target, elements(self.visit(iterable)), iterable)

    def call(self, node: ast.Call) -> Refs:
        """Visit a call, which is for the layer above."""
        raise NotImplementedError


def _call(visitor: Expressions, node: ast.Call) -> Refs:
    return visitor.call(node)


_EXPRESSIONS: dict[type[ast.expr], Callable[[Any, Any], Refs]] = {
    ast.Name: Expressions.name,
    ast.Attribute: Expressions.attribute,
    ast.Subscript: Expressions.subscript,
    ast.NamedExpr: Expressions.walrus,
    ast.BoolOp: Expressions.either,
    ast.IfExp: Expressions.choice,
    ast.List: Expressions.items,
    ast.Tuple: Expressions.items,
    ast.Set: Expressions.items,
    ast.Dict: Expressions.dictionary,
    ast.Compare: Expressions.compare,
    ast.JoinedStr: Expressions.joined,
    ast.BinOp: Expressions.binary,
    ast.Await: Expressions.inside,
    ast.Starred: Expressions.inside,
    ast.Yield: Expressions.handed,
    ast.YieldFrom: Expressions.handed,
    ast.Lambda: Expressions.lambda_,
    ast.ListComp: Expressions.comprehension,
    ast.SetComp: Expressions.comprehension,
    ast.GeneratorExp: Expressions.comprehension,
    ast.DictComp: Expressions.comprehension,
    ast.Call: _call,
}
