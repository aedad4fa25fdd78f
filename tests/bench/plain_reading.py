"""Names of a tree's files, read plainly: what text they are bound to, across imports, and which function they mean.

This shares no code with the analysis, whose answers are judged by it. It gives up at whatever it does not know.
"""

from __future__ import annotations

import ast
import functools
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench.positions import Place

_DEPTH = 8


class Module(NamedTuple):
    """A file: what its names are bound to at the top level, if only once, and what stands around each node."""

    path: str
    tree: ast.Module
    bound: dict[str, ast.AST]
    above: dict[ast.AST, ast.AST]


class Reader:
    """Reads the files of one tree."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @functools.cache  # noqa: B019 (one reader lives as long as a run)
    def module(self, path: str) -> Module | None:
        """A file by its path; nothing where there is none."""
        file = self.root / path
        if not file.is_file():
            return None
        tree = ast.parse(file.read_text("utf-8"))
        above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        return Module(path, tree, dict(_bindings(tree)), above)

    def origin(self, module: Module, name: str, depth: int = _DEPTH) -> tuple[Module, ast.AST] | None:
        """Where a name of a module's top level is bound by anything else than an import."""
        node = module.bound.get(name)
        if not isinstance(node, ast.ImportFrom):
            return None if node is None else (module, node)
        there = self._imported(module, node)
        original = next(alias.name for alias in node.names if name in (alias.asname, alias.name))
        return None if there is None or not depth else self.origin(there, original, depth - 1)

    def _imported(self, module: Module, node: ast.ImportFrom) -> Module | None:
        """The file that an import names; below a package its own file."""
        folder = Path(module.path).parents[node.level - 1] if node.level else Path()
        base = folder.joinpath(*(node.module or "").split(".")).as_posix()
        return self.module(f"{base}.py") or self.module(f"{base}/__init__.py")

    def text(self, module: Module, node: ast.AST | None, depth: int = _DEPTH) -> str | None:
        """What text an expression is: itself, joined of such, or a name that is bound to such."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Call) and last_name(node.func) == "SignalType" and node.args:
            return self.text(module, node.args[0], depth)
        if isinstance(node, ast.JoinedStr) and depth:
            parts = [
                self.text(module, part.value if isinstance(part, ast.FormattedValue) else part, depth - 1)
                for part in node.values
            ]
            return None if None in parts else "".join(part or "" for part in parts)
        if isinstance(node, ast.Name) and depth and not _is_local(module, node):
            found = self.origin(module, node.id)
            return self.text(*found, depth - 1) if found else None
        return None

    def declared(self, module: Module, node: ast.expr) -> Place | None:
        """Where the name of an event is bound."""
        found = self.origin(module, node.id) if isinstance(node, ast.Name) else None
        return (found[0].path, getattr(found[1], "lineno", 0)) if found else None

    def handler(self, module: Module, node: ast.expr, call: ast.Call) -> Place | None:
        """Where the function that an expression names is defined: its `def`; a lambda's is the call that connects it."""
        if isinstance(node, ast.Lambda):
            return module.path, call.lineno
        around = list(_around(module, call))
        if isinstance(node, ast.Attribute) and last_name(node.value) == "self":
            owner = next((each for each in around if isinstance(each, ast.ClassDef)), None)
            return _defined(module, owner, node.attr)
        if isinstance(node, ast.Name):
            for scope in around:
                if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
                    if inner := _defined(module, scope, node.id):
                        return inner
                    if node.id in _assigned(scope):
                        return None
            there = self.origin(module, node.id)
            if there and isinstance(there[1], ast.FunctionDef | ast.AsyncFunctionDef):
                return there[0].path, there[1].lineno
        return None


def _bindings(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    found: defaultdict[str, list[ast.AST]] = defaultdict(list)
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name].append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found[name].append(value)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found[name].append(node)
            case ast.ImportFrom(names=names):
                for alias in names:
                    found[alias.asname or alias.name].append(node)
            case _:
                pass
    return ((name, nodes[0]) for name, nodes in found.items() if len(nodes) == 1)


def _around(module: Module, node: ast.AST) -> Iterator[ast.AST]:
    while above := module.above.get(node):
        yield above
        node = above


def _assigned(scope: ast.AST) -> set[str]:
    """What a function binds, its parameters included."""
    stored = {n.id for n in ast.walk(scope) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stored | {n.arg for n in ast.walk(scope) if isinstance(n, ast.arg)}


def _is_local(module: Module, node: ast.Name) -> bool:
    return any(
        node.id in _assigned(scope)
        for scope in _around(module, node)
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    )


def _defined(module: Module, scope: ast.AST | None, name: str) -> Place | None:
    """The only definition of a function right below a class or anywhere in a function."""
    nodes = ast.walk(scope) if scope and not isinstance(scope, ast.ClassDef) else getattr(scope, "body", ())
    found = [n for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name == name]
    return (module.path, found[0].lineno) if len(found) == 1 else None


def last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
