"""One file's tree -> its facts. Pure: no other file is looked at, no framework is known.

Every scope, binding, call, stored attribute, `isinstance` and loop is kept in symbolic form; arithmetic, comparisons
and long texts become `Opaque`, but the calls inside them are still found. What nothing can be learnt from
(logging, `len`, ...) is left out, which halves the facts.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from pubsub_devtools_analysis.facts import (
    OPAQUE,
    AnyExpr,
    Attr,
    Binding,
    Call,
    CallRef,
    Case,
    Decorator,
    Either,
    Element,
    Entered,
    FileFacts,
    Import,
    Item,
    Lit,
    Loop,
    Map,
    Member,
    Name,
    Param,
    ParamRef,
    Scope,
    ScopeRef,
    Seq,
    Span,
    Star,
    Store,
    Sub,
    Text,
    Typed,
)

LONGEST_TEXT = 300
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

_ScopeKind: TypeAlias = Literal["module", "class", "function", "lambda", "comp"]
_Def: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_WRAPPERS = (ast.Await, ast.YieldFrom)


def extract(
    tree: ast.Module,
    text: str,
    problems: tuple[tuple[int, str, str], ...] = (),
    dropped: tuple[tuple[int, int], ...] = (),
) -> FileFacts:
    """The facts of a parsed file.

    Args:
        tree: the parsed module, with positions of `text`.
        text: the file's text, for columns in code points.
        problems: what reading the file found wrong: line, code, message.
        dropped: line ranges (first, last) that reading had to give up; facts in them are not trusted.

    Returns:
        All facts, also of a file with problems.
    """
    work = _Extractor(text)
    work.module(tree)
    return FileFacts(
        scopes=work.scopes,
        calls=work.calls,
        stores=work.stores,
        cases=work.cases,
        loops=work.loops,
        blocks=work.blocks,
        stars=work.stars,
        exports=work.exports,
        imports=tuple(sorted(work.imports)),
        problems=problems,
        dropped=dropped,
        called=_by_name(work.calls),
    )


class _Extractor:
    def __init__(self, text: str) -> None:
        self.lines: list[str] | None = None if text.isascii() else _split(text)
        self.scopes: list[Scope] = []
        self.calls: list[Call] = []
        self.stores: list[Store] = []
        self.cases: list[Case] = []
        self.loops: list[Loop] = []
        self.blocks: list[int] = [-1]
        self.stars: list[tuple[str, int]] = []
        self.exports: tuple[str, ...] | None = None
        self.imports: set[str] = set()
        self.scope = 0
        self.block = 0
        self.depth = 0
        self.statement = 1
        self.keys: dict[str, int] = {}

    # -- places

    def span(self, node: ast.expr | ast.stmt | ast.arg | ast.pattern) -> Span:
        end_line = node.end_lineno or node.lineno
        end = node.end_col_offset or node.col_offset
        if self.lines is None:
            return (node.lineno, node.col_offset, end_line, end)
        return (node.lineno, self.column(node.lineno, node.col_offset), end_line, self.column(end_line, end))

    def column(self, line: int, offset: int) -> int:
        lines = self.lines
        if lines is None or line > len(lines) or lines[line - 1].isascii():
            return offset
        return len(lines[line - 1].encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "replace"))

    # -- scopes and names

    def open(self, kind: _ScopeKind, name: str, span: Span) -> int:
        parent = self.scope if self.scopes else -1
        qualname = ""
        if parent >= 0:
            outer = self.scopes[parent].qualname
            qualname = outer if kind == "comp" else f"{outer}.{name}" if outer else name
        count = self.keys[qualname] = self.keys.get(qualname, 0) + 1
        scope = Scope(
            kind=kind,
            name=name,
            qualname=qualname,
            key=qualname if count == 1 else f"{qualname}#{count}",
            parent=parent,
            span=span,
            block=self.block,
            is_async=False,
            params=(),
            decorators=(),
            bases=(),
            keywords=(),
            returns=[],
            annotation=None,
            doc="",
            names={},
            attrs={},
            outer=[],
        )
        self.scopes.append(scope)
        self.scope = len(self.scopes) - 1
        return self.scope

    def bind(self, name: str, value: AnyExpr, line: int) -> None:
        scope = self.scopes[self.scope]
        if name in scope.outer:
            scope = self.scopes[0]
        scope.names.setdefault(name, []).append(Binding(value, line, self.block))

    def branch(self, body: list[ast.stmt]) -> None:
        outer = self.block
        self.blocks.append(outer)
        self.block = len(self.blocks) - 1
        self.body(body)
        self.block = outer

    # -- statements

    def module(self, tree: ast.Module) -> None:
        self.open("module", "", (1, 0, 1, 0))
        self.scopes[0].doc = _doc(tree.body)
        self.body(tree.body)

    def body(self, body: list[ast.stmt]) -> None:
        for node in body:
            self.statement = node.lineno
            visit = _STATEMENTS.get(type(node))
            if visit is not None:
                visit(self, node)
            else:
                self.rest(node)

    def rest(self, node: ast.AST) -> None:
        """Any other node: only the calls in it matter."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.expr(child)
            elif isinstance(child, ast.stmt):
                self.body([child])
            else:
                self.rest(child)

    def import_(self, node: ast.Import) -> None:
        for alias in node.names:
            self.imports.add(alias.name)
            if alias.asname:
                self.bind(alias.asname, Import(alias.name, "", 0), node.lineno)
            else:
                top = alias.name.partition(".")[0]
                self.bind(top, Import(top, "", 0), node.lineno)

    def import_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if not node.level:
            self.imports.add(module)
        for alias in node.names:
            if not node.level:
                self.imports.add(f"{module}.{alias.name}")
            if alias.name == "*":
                self.stars.append((module, node.level))
            else:
                self.bind(alias.asname or alias.name, Import(module, alias.name, node.level), node.lineno)

    def function(self, node: _Def) -> None:
        decorators = tuple(Decorator(self.expr(d), self.span(d)) for d in node.decorator_list)
        params = self.params(node.args)
        annotation = self.annotation(node.returns)
        outer, outer_block, line = self.scope, self.block, node.lineno
        self.bind(node.name, ScopeRef(len(self.scopes)), line)
        scope = self.scopes[self.open("function", node.name, self.span(node))]
        scope.is_async = isinstance(node, ast.AsyncFunctionDef)
        scope.params, scope.decorators, scope.annotation = params, decorators, annotation
        scope.doc = _doc(node.body)
        for param in params:
            self.bind(param.name, ParamRef(param.name), line)
        self.branch(node.body)
        self.scope, self.block = outer, outer_block

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

    def class_(self, node: ast.ClassDef) -> None:
        decorators = tuple(Decorator(self.expr(d), self.span(d)) for d in node.decorator_list)
        bases = tuple(self.expr(base) for base in node.bases)
        keywords = tuple((k.arg or "**", self.expr(k.value)) for k in node.keywords)
        outer = self.scope
        self.bind(node.name, ScopeRef(len(self.scopes)), node.lineno)
        scope = self.scopes[self.open("class", node.name, self.span(node))]
        scope.decorators, scope.bases, scope.keywords = decorators, bases, keywords
        scope.doc = _doc(node.body)
        self.body(node.body)
        self.scope = outer

    def assign(self, node: ast.Assign) -> None:
        line = node.lineno
        name = _target(node.targets[0])
        value = self.value(node.value, name, line)
        if name == "__all__":
            self.export(node.value)
        for target in node.targets:
            self.assign_to(target, value, node)

    def annotated(self, node: ast.AnnAssign) -> None:
        value = self.value(node.value, _target(node.target), node.lineno) if node.value else None
        annotation = self.annotation(node.annotation)
        typed = Typed(annotation, value) if annotation is not None else value or OPAQUE
        self.assign_to(node.target, typed, node)

    def augmented(self, node: ast.AugAssign) -> None:
        value = self.expr(node.value)
        if isinstance(node.target, ast.Name) and isinstance(node.op, ast.Add):
            if node.target.id == "__all__":
                self.export(node.value)
            self.bind(node.target.id, Seq((Star(Name(node.target.id)), Star(value))), node.lineno)
        else:
            self.expr(node.target)

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
                _whole(e.value) for e in node.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)
            )
            self.exports = (self.exports or ()) + names

    def expression(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Yield):
            if node.value.value is not None:
                self.scopes[self.scope].returns.append(Seq((self.expr(node.value.value),)))
        elif not isinstance(node.value, ast.Constant):
            self.expr(node.value)

    def return_(self, node: ast.Return) -> None:
        if node.value is not None:
            value = self.expr(node.value)
            if value is not OPAQUE:
                self.scopes[self.scope].returns.append(value)

    def loop(self, node: ast.For | ast.AsyncFor) -> None:
        value = self.expr(node.iter)
        self.loops.append(Loop(value, self.scope, self.span(node)))
        self.assign_to(node.target, Element(value), node)
        self.branch(node.body)
        self.branch(node.orelse)

    def while_(self, node: ast.While) -> None:
        self.expr(node.test)
        self.branch(node.body)
        self.branch(node.orelse)

    def if_(self, node: ast.If) -> None:
        current: ast.If | None = node
        while current is not None:
            self.expr(current.test)
            self.branch(current.body)
            rest = current.orelse
            # An elif chain is nested in the tree; a loop keeps a thousand of them off the stack.
            current = rest[0] if len(rest) == 1 and isinstance(rest[0], ast.If) else None
            if current is None:
                self.branch(rest)

    def with_(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            target = _target(item.optional_vars) if item.optional_vars is not None else ""
            value = self.value(item.context_expr, target, node.lineno)
            if item.optional_vars is not None:
                self.assign_to(item.optional_vars, Entered(value), node)
        self.body(node.body)

    def try_(self, node: ast.Try) -> None:
        # The try body shares the block: what it binds reaches the code after it.
        self.body(node.body)
        for handler in node.handlers:
            if handler.type is not None:
                self.expr(handler.type)
            self.branch(handler.body)
        self.branch(node.orelse)
        self.body(node.finalbody)

    def match(self, node: ast.Match) -> None:
        subject = self.expr(node.subject)
        for case in node.cases:
            for pattern in ast.walk(case.pattern):
                if isinstance(pattern, ast.MatchClass):
                    cls = self.expr(pattern.cls)
                    self.cases.append(Case(subject, cls, self.scope, self.span(pattern)))
                elif isinstance(pattern, ast.MatchAs) and pattern.name:
                    self.bind(pattern.name, subject, pattern.lineno)
            if case.guard is not None:
                self.expr(case.guard)
            self.branch(case.body)

    def global_(self, node: ast.Global) -> None:
        self.scopes[self.scope].outer.extend(node.names)

    def nothing(self, _: ast.stmt) -> None:
        """`pass`, `break`, `continue`: nothing in them."""

    def type_alias(self, node: ast.stmt) -> None:
        name, value = getattr(node, "name", None), getattr(node, "value", None)
        if isinstance(name, ast.Name) and isinstance(value, ast.expr):
            self.bind(name.id, self.expr(value), node.lineno)

    # -- expressions

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

    def name(self, node: ast.Name) -> AnyExpr:
        return Name(node.id)

    def attribute(self, node: ast.Attribute) -> AnyExpr:
        return Attr(self.expr(node.value), node.attr)

    def constant(self, node: ast.Constant) -> AnyExpr:
        value = node.value
        if isinstance(value, str):
            return Lit(_whole(value)) if len(value) <= LONGEST_TEXT else OPAQUE
        return (
            Lit(value)
            if value is None or (isinstance(value, bool | int | float) and _small(value))
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
            return _percent(left.value, right)
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
        return Map(keys, values, lines) if len(keys) <= LONGEST_DISPLAY else OPAQUE

    def subscript(self, node: ast.Subscript) -> AnyExpr:
        base = self.expr(node.value)
        if isinstance(node.slice, ast.Slice):
            # A text cut to a length keeps its beginning, which is what a name is known by.
            return base if node.slice.lower is None or _is_zero(node.slice.lower) else OPAQUE
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
        if name in _SILENT and not (name == "startswith" and _is_beginning(args)):
            return OPAQUE
        if name == "isinstance" and len(args) == 2:
            self.cases.append(Case(args[0], args[1], self.scope, self.span(node)))
            return OPAQUE
        if name == "format" and isinstance(func, Attr) and isinstance(func.base, Lit):
            return _format(func.base.value, args, dict(keywords))
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

    def annotation(self, node: ast.expr | None) -> AnyExpr | None:
        if node is None:
            return None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                return self.expr(ast.parse(node.value.strip(), mode="eval").body)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return OPAQUE
        return self.expr(node)


_STATEMENTS: dict[type[ast.stmt], Callable[[_Extractor, Any], None]] = {
    ast.Import: _Extractor.import_,
    ast.ImportFrom: _Extractor.import_from,
    ast.FunctionDef: _Extractor.function,
    ast.AsyncFunctionDef: _Extractor.function,
    ast.ClassDef: _Extractor.class_,
    ast.Assign: _Extractor.assign,
    ast.AnnAssign: _Extractor.annotated,
    ast.AugAssign: _Extractor.augmented,
    ast.Expr: _Extractor.expression,
    ast.Return: _Extractor.return_,
    ast.For: _Extractor.loop,
    ast.AsyncFor: _Extractor.loop,
    ast.While: _Extractor.while_,
    ast.If: _Extractor.if_,
    ast.With: _Extractor.with_,
    ast.AsyncWith: _Extractor.with_,
    ast.Try: _Extractor.try_,
    ast.TryStar: _Extractor.try_,
    ast.Match: _Extractor.match,
    ast.Global: _Extractor.global_,
    ast.Pass: _Extractor.nothing,
    ast.Break: _Extractor.nothing,
    ast.Continue: _Extractor.nothing,
    ast.Nonlocal: _Extractor.nothing,
}
_TYPE_ALIAS: type[ast.stmt] | None = getattr(ast, "TypeAlias", None)
if _TYPE_ALIAS is not None:
    _STATEMENTS[_TYPE_ALIAS] = _Extractor.type_alias

_EXPRESSIONS: dict[type[ast.expr], Callable[[_Extractor, Any], AnyExpr]] = {
    ast.Name: _Extractor.name,
    ast.Attribute: _Extractor.attribute,
    ast.Constant: _Extractor.constant,
    ast.JoinedStr: _Extractor.joined,
    ast.BinOp: _Extractor.binary,
    ast.BoolOp: _Extractor.boolean,
    ast.IfExp: _Extractor.choice,
    ast.List: _Extractor.sequence,
    ast.Tuple: _Extractor.sequence,
    ast.Set: _Extractor.sequence,
    ast.Dict: _Extractor.dictionary,
    ast.Subscript: _Extractor.subscript,
    ast.Starred: _Extractor.starred,
    ast.Await: _Extractor.unwrap,
    ast.YieldFrom: _Extractor.unwrap,
    ast.Yield: _Extractor.yielded,
    ast.NamedExpr: _Extractor.walrus,
    ast.Lambda: _Extractor.lambda_,
    ast.ListComp: _Extractor.comprehension,
    ast.SetComp: _Extractor.comprehension,
    ast.GeneratorExp: _Extractor.comprehension,
    ast.DictComp: _Extractor.dict_comprehension,
    ast.Call: _Extractor.call,
}


def _split(text: str) -> list[str]:
    """Lines as Python counts them: form feeds and other separators do not end one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _by_name(calls: list[Call]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, call in enumerate(calls):
        name = call.name
        if name:
            found.setdefault(name, []).append(index)
    return found


def _whole(text: str) -> str:
    """A text without halves of characters (`"\\ud800"`), which no encoding has."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _doc(body: list[ast.stmt]) -> str:
    first = body[0] if body else None
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        return _whole(first.value.value.strip().split("\n", 1)[0].strip()[:LONGEST_TEXT])
    return ""


def _target(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = _target(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def _is_beginning(args: tuple[AnyExpr, ...]) -> bool:
    """Whether these ask for the beginning of a name, as of a handler's: `startswith("on_event_")`."""
    prefix = args[0].value if len(args) == 1 and isinstance(args[0], Lit) else None
    return isinstance(prefix, str) and prefix.endswith("_") and prefix.isidentifier()


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0


def _small(value: float) -> bool:
    return isinstance(value, float) or -(2**63) <= value < 2**63


def _percent(template: str, right: AnyExpr) -> AnyExpr:
    """`"a.%s" % x` as parts."""
    pieces = template.replace("%%", "%").split("%s")
    values = right.items if isinstance(right, Seq) else (right,)
    if len(pieces) - 1 != len(values) or any("%" in piece for piece in pieces):
        pieces, values = _cut(template, "%"), ()
    return _interleave(pieces, values)


def _format(template: object, args: tuple[AnyExpr, ...], keywords: dict[str, AnyExpr]) -> AnyExpr:
    """`"a.{}".format(x)` as parts."""
    if not isinstance(template, str):
        return OPAQUE
    parts: list[AnyExpr] = []
    count = 0
    rest = template
    while "{" in rest:
        before, _, after = rest.partition("{")
        field, closed, rest = after.partition("}")
        if not closed:
            return OPAQUE
        name = field.partition("!")[0].partition(":")[0]
        if before:
            parts.append(Lit(before))
        index = count if not name else int(name) if name.isdigit() else -1
        count += not name
        parts.append(args[index] if 0 <= index < len(args) else keywords.get(name, OPAQUE))
    if rest:
        parts.append(Lit(rest))
    return Text(tuple(parts))


def _cut(template: str, mark: str) -> list[str]:
    head, _, _ = template.partition(mark)
    return [head, ""]


def _interleave(pieces: list[str], values: tuple[AnyExpr, ...]) -> AnyExpr:
    parts: list[AnyExpr] = []
    for index, piece in enumerate(pieces):
        if piece:
            parts.append(Lit(piece))
        if index < len(pieces) - 1:
            parts.append(values[index] if index < len(values) else OPAQUE)
    return Text(tuple(parts))
