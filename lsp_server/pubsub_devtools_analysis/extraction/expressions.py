"""Expressions as facts keep them: symbolic, and each call of them in the table of calls."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from pubsub_devtools_analysis.extraction.tables import Tables
from pubsub_devtools_analysis.extraction.texts import (
    LONGEST_TEXT,
    formatted,
    is_small,
    is_zero,
    percent,
    whole,
)
from pubsub_devtools_analysis.facts import (
    OPAQUE,
    AnyExpr,
    Attr,
    Call,
    CallRef,
    Case,
    Either,
    Element,
    Item,
    Lit,
    Map,
    Name,
    Param,
    ParamRef,
    ScopeRef,
    Seq,
    Star,
    Sub,
    Text,
    Typed,
)

LONGEST_DISPLAY = 2000
DEEPEST = 120

# Calls that never carry an event and return nothing that does.
_SILENT = frozenset(
    [
        "debug",
        "info",
        "warning",
        "warn",
        "error",
        "exception",
        "critical",
        "len",
        "str",
        "int",
        "float",
        "bool",
        "repr",
        "abs",
        "min",
        "max",
        "sum",
        "print",
        "sorted",
        "any",
        "all",
        "round",
        "hasattr",
        "id",
        "hash",
        "ord",
        "chr",
        "strip",
        "lower",
        "upper",
        "startswith",
        "endswith",
        "encode",
        "decode",
        "isdigit",
        "replace",
    ]
)

_RECORDS = frozenset({"SimpleNamespace", "Namespace", "dict"})


class Expressions(Tables):
    """Visits expressions."""

    def value(self, node: ast.expr, target: str, line: int) -> AnyExpr:
        """An assigned value: the call that makes it knows the name it is assigned to."""
        while isinstance(node, ast.Await):
            node = node.value
        return self.call(node, target, line) if isinstance(node, ast.Call) else self.expr(node)

    def expr(self, node: ast.expr) -> AnyExpr:
        visit = _EXPRESSIONS.get(type(node))
        if visit is None or self.depth > DEEPEST:
            if self.depth <= DEEPEST:
                self.depth += 1
                self.rest(node)
                self.depth -= 1
            return OPAQUE
        self.depth += 1
        found = visit(self, node)
        self.depth -= 1
        return found

    def rest(self, node: ast.AST) -> None:
        """Any other node: only the calls in it matter."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.expr(child)
            elif isinstance(child, ast.stmt):
                self.body([child])
            else:
                self.rest(child)

    def name(self, node: ast.Name) -> AnyExpr:
        return Name(node.id)

    def attribute(self, node: ast.Attribute) -> AnyExpr:
        return Attr(self.expr(node.value), node.attr)

    def constant(self, node: ast.Constant) -> AnyExpr:
        value = node.value
        if isinstance(value, str):
            return Lit(whole(value)) if len(value) <= LONGEST_TEXT else OPAQUE
        return (
            Lit(value)
            if value is None or (isinstance(value, bool | int | float) and is_small(value))
            else OPAQUE
        )

    def joined(self, node: ast.JoinedStr) -> AnyExpr:
        return Text(tuple(self.part(part) for part in node.values))

    def part(self, node: ast.expr) -> AnyExpr:
        return self.expr(node.value if isinstance(node, ast.FormattedValue) else node)

    def binary(self, node: ast.BinOp) -> AnyExpr:
        left = self.expr(node.left)
        if isinstance(node.op, ast.Mod) and isinstance(left, Lit) and isinstance(left.value, str):
            right = self.expr(node.right)
            return percent(left.value, right)
        right = self.expr(node.right)
        if isinstance(node.op, ast.Add):
            if isinstance(left, Seq | Map) or isinstance(right, Seq | Map):
                return Seq((Star(left), Star(right)))
            return OPAQUE if left is OPAQUE and right is OPAQUE else Text((left, right))
        if isinstance(node.op, ast.BitOr):
            return Either((left, right))
        return OPAQUE

    def boolean(self, node: ast.BoolOp) -> AnyExpr:
        options = tuple(self.expr(value) for value in node.values)
        return Either(options) if isinstance(node.op, ast.Or) else options[-1]

    def choice(self, node: ast.IfExp) -> AnyExpr:
        self.expr(node.test)
        return Either((self.expr(node.body), self.expr(node.orelse)))

    def sequence(self, node: ast.List | ast.Tuple | ast.Set) -> AnyExpr:
        items = tuple(self.expr(item) for item in node.elts)
        if len(items) > LONGEST_DISPLAY or (all(item is OPAQUE for item in items) and len(items) > 8):
            return OPAQUE
        return Seq(items)

    def dictionary(self, node: ast.Dict) -> AnyExpr:
        keys = tuple(self.expr(key) if key is not None else None for key in node.keys)
        values = tuple(self.value(v, "", v.lineno) for v in node.values)
        lines = tuple((key or value).lineno for key, value in zip(node.keys, node.values, strict=True))
        if len(keys) > LONGEST_DISPLAY:
            return OPAQUE
        self.displays.append(lines)
        return Map(keys, values, len(self.displays) - 1)

    def subscript(self, node: ast.Subscript) -> AnyExpr:
        base = self.expr(node.value)
        if isinstance(node.slice, ast.Slice):
            # A text cut to a length keeps its beginning, which is what a name is known by.
            return base if node.slice.lower is None or is_zero(node.slice.lower) else OPAQUE
        return Sub(base, self.expr(node.slice))

    def starred(self, node: ast.Starred) -> AnyExpr:
        return Star(self.expr(node.value))

    def unwrap(self, node: ast.Await | ast.YieldFrom) -> AnyExpr:
        return self.expr(node.value)

    def yielded(self, node: ast.Yield) -> AnyExpr:
        return self.expr(node.value) if node.value is not None else OPAQUE

    def walrus(self, node: ast.NamedExpr) -> AnyExpr:
        value = self.value(node.value, node.target.id, node.lineno)
        self.bind(node.target.id, value, node.lineno)
        return value

    def lambda_(self, node: ast.Lambda) -> AnyExpr:
        params = self.params(node.args)
        outer, outer_block = self.scope, self.block
        index = self.open("lambda", "<lambda>", self.span(node))
        self.scopes[index].params = params
        for param in params:
            self.bind(param.name, ParamRef(param.name), node.lineno)
        self.scopes[index].returns.append(self.expr(node.body))
        self.scope, self.block = outer, outer_block
        return ScopeRef(index)

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> AnyExpr:
        outer = self.comp(node, node.generators)
        element = self.expr(node.elt)
        index, self.scope = self.scope, outer
        self.scopes[index].returns.append(element)
        return Seq((ScopeRef(index),))

    def dict_comprehension(self, node: ast.DictComp) -> AnyExpr:
        outer = self.comp(node, node.generators)
        self.expr(node.key)
        self.expr(node.value)
        self.scope = outer
        return OPAQUE

    def comp(self, node: ast.expr, generators: list[ast.comprehension]) -> int:
        """Open a comprehension's scope and bind its loop variables; gives the scope outside."""
        outer = self.scope
        first = self.expr(generators[0].iter)
        self.open("comp", "<comp>", self.span(node))
        for index, generator in enumerate(generators):
            value = first if index == 0 else self.expr(generator.iter)
            self.comp_target(generator.target, Element(value))
            for test in generator.ifs:
                self.expr(test)
        return outer

    def comp_target(self, target: ast.expr, value: AnyExpr) -> None:
        if isinstance(target, ast.Name):
            self.bind(target.id, value, target.lineno)
        elif isinstance(target, ast.Tuple | ast.List):
            for index, item in enumerate(target.elts):
                self.comp_target(item, Item(value, index))

    def call(self, node: ast.Call, target: str = "", line: int = 0) -> AnyExpr:
        func = self.expr(node.func)
        name = func.name if isinstance(func, Attr) else func.id if isinstance(func, Name) else ""
        args = tuple(self.value(arg, "", node.lineno) for arg in node.args)
        keywords = tuple((k.arg or "**", self.value(k.value, "", node.lineno)) for k in node.keywords)
        if name == "encode" and isinstance(func, Attr) and all(isinstance(arg, Lit) for arg in args):
            # A text as bytes is still that text; `encoder.encode(message)` is a call like any other.
            return func.base
        if name in _SILENT and not _says(name, args, keywords):
            return OPAQUE
        if name == "isinstance" and len(args) == 2:
            self.cases.append(Case(args[0], args[1], self.scope, self.span(node)))
            return OPAQUE
        if name == "format" and isinstance(func, Attr) and isinstance(func.base, Lit):
            return formatted(func.base.value, args, dict(keywords))
        if name == "cast" and len(args) == 2:
            return Typed(args[0], args[1])
        lines = tuple(k.value.lineno for k in node.keywords) if name in _RECORDS else ()
        made = Call(
            func,
            args,
            keywords,
            self.scope,
            self.block,
            self.span(node),
            target,
            line or self.statement,
            lines,
        )
        self.calls.append(made)
        return CallRef(len(self.calls) - 1)

    def params(self, args: ast.arguments) -> tuple[Param, ...]:
        found: list[Param] = []
        positional = [*args.posonlyargs, *args.args]
        missing = len(positional) - len(args.defaults)
        for index, arg in enumerate(positional):
            default = self.expr(args.defaults[index - missing]) if index >= missing else None
            found.append(Param(arg.arg, "p", self.annotation(arg.annotation), default))
        if args.vararg:
            found.append(Param(args.vararg.arg, "*", self.annotation(args.vararg.annotation), None))
        for arg, value in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            found.append(
                Param(arg.arg, "k", self.annotation(arg.annotation), self.expr(value) if value else None)
            )
        if args.kwarg:
            found.append(Param(args.kwarg.arg, "**", self.annotation(args.kwarg.annotation), None))
        return tuple(found)

    def annotation(self, node: ast.expr | None) -> AnyExpr | None:
        if node is None:
            return None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                return self.expr(ast.parse(node.value.strip(), mode="eval").body)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return OPAQUE
        return self.expr(node)


_EXPRESSIONS: dict[type[ast.expr], Callable[[Expressions, Any], AnyExpr]] = {
    ast.Name: Expressions.name,
    ast.Attribute: Expressions.attribute,
    ast.Constant: Expressions.constant,
    ast.JoinedStr: Expressions.joined,
    ast.BinOp: Expressions.binary,
    ast.BoolOp: Expressions.boolean,
    ast.IfExp: Expressions.choice,
    ast.List: Expressions.sequence,
    ast.Tuple: Expressions.sequence,
    ast.Set: Expressions.sequence,
    ast.Dict: Expressions.dictionary,
    ast.Subscript: Expressions.subscript,
    ast.Starred: Expressions.starred,
    ast.Await: Expressions.unwrap,
    ast.YieldFrom: Expressions.unwrap,
    ast.Yield: Expressions.yielded,
    ast.NamedExpr: Expressions.walrus,
    ast.Lambda: Expressions.lambda_,
    ast.ListComp: Expressions.comprehension,
    ast.SetComp: Expressions.comprehension,
    ast.GeneratorExp: Expressions.comprehension,
    ast.DictComp: Expressions.dict_comprehension,
    ast.Call: Expressions.call,
}


def _says(name: str, args: tuple[AnyExpr, ...], keywords: tuple[tuple[str, AnyExpr], ...]) -> bool:
    """Whether a call of this name matters after all.

    It asks for the beginning of a name, encodes what it is given, or gives an object with other fields.
    """
    return (
        (name == "startswith" and _is_beginning(args))
        or (name == "encode" and bool(args))
        or (name == "replace" and bool(args) and bool(keywords))
    )


def _is_beginning(args: tuple[AnyExpr, ...]) -> bool:
    """Whether these ask for the beginning of a name, as of a handler's: `startswith("on_event_")`."""
    prefix = args[0].value if len(args) == 1 and isinstance(args[0], Lit) else None
    return isinstance(prefix, str) and prefix.endswith("_") and prefix.isidentifier()
