"""Statements of one function's body: which names stand for what, on every way through it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from pubsub_devtools_analysis.fields.body import Refs, extend, union
from pubsub_devtools_analysis.fields.calling import Calling
from pubsub_devtools_analysis.fields.expressions import Env

_Loop = ast.For | ast.AsyncFor
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_MOST_INNER = 400


class Statements(Calling):
    """Visits statements in their order; where ways meet, a name stands for all that it can be."""

    def function(self, node: ast.AST) -> None:
        """Visit the body of a function, lambda or module, then of the functions inside it."""
        self.of_inner(node)
        final, direct = self.env, len(self.inner)
        for count, (inner, env) in enumerate(self.inner):
            if count < _MOST_INNER:
                self.env = joined(env, final) if count < direct else env
                for name in parameters(inner.args):
                    self.env.pop(name, None)
                self.of_inner(inner)

    def of_inner(self, node: ast.AST) -> None:
        """Visit one body, without the functions inside it."""
        if isinstance(node, ast.Lambda):
            self.use(node.body)
        else:
            self.body(getattr(node, "body", ()))

    def body(self, statements: Iterable[ast.stmt]) -> bool:
        """Visit statements. Gives whether their end is reached."""
        for node in statements:
            visit = _STATEMENTS.get(type(node))
            if visit is None:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self.use(child)
            elif visit(self, node) is False:
                return False
            if isinstance(node, _ENDS):
                return False
        return True

    def branches(self, *bodies: Iterable[ast.stmt]) -> bool:
        """Visit statements of which one way is taken."""
        before = self.env
        after: list[Env] = []
        for body in bodies:
            self.env = dict(before)
            if self.body(body):
                after.append(self.env)
        self.env = joined(*after) if after else before
        return bool(after)

    # -- names

    def assignment(self, node: ast.Assign) -> None:
        for target in node.targets:
            self.pairwise(target, node.value)

    def pairwise(self, target: ast.expr, value: ast.expr) -> None:
        """`a, b = x, y` gives each its own."""
        if (
            isinstance(target, ast.Tuple | ast.List)
            and isinstance(value, ast.Tuple | ast.List)
            and len(target.elts) == len(value.elts)
            and not any(isinstance(item, ast.Starred) for item in (*target.elts, *value.elts))
        ):
            given = [
                (item, self.visit(part), part) for item, part in zip(target.elts, value.elts, strict=True)
            ]
            for item, refs, part in given:
                self.assign(item, refs, part)
        else:
            self.assign(target, self.visit(value), value)

    def annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.assign(node.target, self.visit(node.value), node.value)

    def augmented(self, node: ast.AugAssign) -> None:
        self.use(node.target)
        self.use(node.value)

    def deletion(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.env.pop(target.id, None)
            elif isinstance(target, ast.Subscript):
                self.visit(target.value)
                self.use(target.slice)

    # -- ways

    def condition(self, node: ast.If) -> bool:
        self.use(node.test)
        return self.branches(node.body, node.orelse)

    def loop(self, node: _Loop) -> None:
        before = dict(self.env)
        for _ in range(2):
            self.loop_over(node.target, node.iter)
            self.body(node.body)
            self.env = joined(before, self.env)
        self.body(node.orelse)

    def while_(self, node: ast.While) -> None:
        before = dict(self.env)
        for _ in range(2):
            self.use(node.test)
            self.body(node.body)
            self.env = joined(before, self.env)
        self.body(node.orelse)

    def with_(self, node: ast.With | ast.AsyncWith) -> bool:
        for item in node.items:
            refs = self.visit(item.context_expr)
            self.note(refs, item.context_expr, weak=True)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, refs, item.context_expr)
        return self.body(node.body)

    def attempt(self, node: ast.Try) -> bool:
        before = dict(self.env)
        reached = self.body([*node.body, *node.orelse])
        tried = self.env
        ways = [tried] if reached else []
        for handler in node.handlers:
            self.env = joined(before, tried)
            self.use(handler.type)
            if self.body(handler.body):
                ways.append(self.env)
        self.env = joined(*ways) if ways else joined(before, tried)
        return self.body(node.finalbody) and bool(ways)

    def match(self, node: ast.Match) -> None:
        subject = self.visit(node.subject)
        before, after = self.env, [dict(self.env)]
        for case in node.cases:
            self.env = dict(before)
            self.pattern(case.pattern, subject, node.subject)
            self.use(case.guard)
            if self.body(case.body):
                after.append(self.env)
        self.env = joined(*after)

    def pattern(self, pattern: ast.pattern, refs: Refs, subject: ast.expr) -> None:
        """Bind what a pattern captures; a part that it only compares is used."""
        match pattern:
            case ast.MatchValue(value=value):
                self.note(refs, pattern)
                self.use(value)
            case ast.MatchSingleton():
                self.note(refs, pattern)
            case ast.MatchAs(pattern=inner, name=name):
                if inner is not None:
                    self.pattern(inner, refs, subject)
                if name is not None:
                    self.bind(name, refs, pattern)
            case ast.MatchOr(patterns=patterns):
                for each in patterns:
                    self.pattern(each, refs, subject)
            case ast.MatchClass(patterns=patterns, kwd_attrs=names, kwd_patterns=named):
                self.note(refs, pattern)
                for index, each in enumerate(patterns):
                    self.entry(each, extend(refs, f"#{index}"), subject)
                for name, each in zip(names, named, strict=True):
                    self.entry(each, extend(refs, name), subject)
            case ast.MatchMapping(keys=keys, patterns=patterns, rest=rest):
                for key, each in zip(keys, patterns, strict=True):
                    self.entry(each, extend(refs, self.key(key)), subject)
                if rest is not None:
                    self.bind(rest, refs, pattern)
            case ast.MatchSequence(patterns=patterns):
                for index, each in enumerate(patterns):
                    self.pattern(each, extend(refs, f"#{index}"), subject)
            case ast.MatchStar(name=name) if name is not None:
                self.bind(name, refs, pattern)
            case _:
                pass

    def entry(self, pattern: ast.pattern, refs: Refs, subject: ast.expr) -> None:
        """What stands under a key that a pattern names: the key is read, whatever is done with it."""
        self.note(refs, pattern, weak=True)
        self.pattern(pattern, refs, subject)

    # -- scopes inside

    def definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for each in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            self.use(each)
        self.env.pop(node.name, None)
        self.inner.append((node, dict(self.env)))

    def class_(self, node: ast.ClassDef) -> None:
        self.body(node.body)

    def expression(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.use(node.value)


def joined(*ways: Env) -> Env:
    """The names where ways meet."""
    first, *others = ways
    if not others:
        return first
    names = dict.fromkeys(name for way in ways for name in way)
    return {name: union(*(way.get(name, ()) for way in ways)) for name in names}


def parameters(args: ast.arguments) -> list[str]:
    """The names of all parameters."""
    found = [arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
    return found + [arg.arg for arg in (args.vararg, args.kwarg) if arg is not None]


_STATEMENTS: dict[type[ast.stmt], Callable[[Any, Any], bool | None]] = {
    ast.Assign: Statements.assignment,
    ast.AnnAssign: Statements.annotated,
    ast.AugAssign: Statements.augmented,
    ast.Delete: Statements.deletion,
    ast.If: Statements.condition,
    ast.For: Statements.loop,
    ast.AsyncFor: Statements.loop,
    ast.While: Statements.while_,
    ast.With: Statements.with_,
    ast.AsyncWith: Statements.with_,
    ast.Try: Statements.attempt,
    ast.TryStar: Statements.attempt,
    ast.Match: Statements.match,
    ast.FunctionDef: Statements.definition,
    ast.AsyncFunctionDef: Statements.definition,
    ast.ClassDef: Statements.class_,
    ast.Expr: Statements.expression,
}
