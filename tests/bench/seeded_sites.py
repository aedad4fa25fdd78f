"""Event sites of Home Assistant and wagtail by plain reading, so that answers there can be judged exactly.

This shares no code with the analysis. It reads the standard library's trees, follows a name through assignments and
imports of the same text, and gives up at anything else. An event that something unread may belong to is left out.
"""

from __future__ import annotations

import ast
import functools
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench.positions import Asked, Place

SENDS = frozenset(["async_dispatcher_send", "dispatcher_send"])
CONNECTS = frozenset(["async_dispatcher_connect", "dispatcher_connect"])
_TESTS = re.compile(r"(^|/)(tests?|testing)(/|$)|(^|/)(test_\w*|conftest)\.py$")
_DEPTH = 8


class Module(NamedTuple):
    """A file: what its names are bound to at the top level, if only once, and what stands around each node."""

    path: str
    tree: ast.Module
    bound: dict[str, ast.AST]
    above: dict[ast.AST, ast.AST]


class Site(NamedTuple):
    """A call that sends or connects: which event, where it is named and declared, where its method stands, its handler."""

    event: str
    kind: str
    at: Place
    name: ast.expr
    method: tuple[int, int, str]
    handler: Place | None
    declared: Place | None


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
        if isinstance(node, ast.Call) and _last(node.func) == "SignalType" and node.args:
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
        if isinstance(node, ast.Attribute) and _last(node.value) == "self":
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


def _last(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


# -- the sites of both trees


class Sites(NamedTuple):
    """What is read, and patterns of what may belong to events that cannot be told."""

    read: list[Site]
    unread: list[re.Pattern[str]]


def is_judged(path: str) -> bool:
    """Whether answers in a file are looked at: tests fake what they test."""
    return not _TESTS.search(path)


def dispatched(root: Path) -> Sites:
    """Home Assistant: what its dispatcher sends and connects."""
    reader, sites = Reader(root), Sites([], [])
    for module, call in _calls(reader, "dispatcher_"):
        method = _last(call.func)
        if (
            method not in SENDS | CONNECTS
            or len(call.args) < 2
            or module.path.endswith("helpers/dispatcher.py")
        ):
            continue
        event, kind = reader.text(module, call.args[1]), "send" if method in SENDS else "connect"
        handler = reader.handler(module, call.args[2], call) if kind == "connect" and call.args[2:] else None
        _add(sites, module, call, (event, kind, call.args[1], handler), reader.declared(module, call.args[1]))
    return sites


def signalled(root: Path) -> Sites:
    """Wagtail: its own Django signals, which all stand in one file."""
    reader, sites = Reader(root), Sites([], [])
    own = reader.module("wagtail/signals.py")
    for module, call in _calls(reader, "signals"):
        name = (
            call.args[0]
            if _last(call.func) == "receiver" and call.args
            else getattr(call.func, "value", None)
        )
        there = reader.origin(module, name.id) if isinstance(name, ast.Name) else None
        if not isinstance(name, ast.Name) or there is None or there[0] is not own:
            continue
        method = _last(call.func)
        kind = {"send": "send", "send_robust": "send", "connect": "connect", "receiver": "connect"}.get(
            method
        )
        handler = None
        if method == "receiver":
            decorated = module.above[call]
            handler = (module.path, getattr(decorated, "lineno", 0))
        elif kind == "connect" and call.args:
            handler = reader.handler(module, call.args[0], call)
        if kind:
            _add(
                sites,
                module,
                call,
                (f"wagtail.signals.{name.id}", kind, name, handler),
                reader.declared(module, name),
            )
    return sites


def _calls(reader: Reader, word: str) -> Iterator[tuple[Module, ast.Call]]:
    for file in sorted(reader.root.rglob("*.py")):
        path = file.relative_to(reader.root).as_posix()
        if is_judged(path) and word in file.read_text("utf-8"):
            module = reader.module(path)
            for node in ast.walk(module.tree) if module else ():
                if isinstance(node, ast.Call):
                    yield module, node  # type: ignore[misc]  # there are nodes of a module alone


def _add(
    sites: Sites,
    module: Module,
    call: ast.Call,
    found: tuple[str | None, str, ast.expr, Place | None],
    declared: Place | None,
) -> None:
    event, kind, name, handler = found
    if event is None or (kind == "connect" and handler is None):
        sites.unread.append(re.compile(re.escape(event) if event else _pattern(name)))
    else:
        end = call.func.end_lineno or 0, call.func.end_col_offset or 0
        method = _last(call.func)
        at = module.path, call.lineno
        sites.read.append(
            Site(event, kind, at, name, (end[0], end[1] - len(method), method), handler, declared)
        )


def _pattern(name: ast.expr) -> str:
    """What an unread name may be: any text between the parts of a joined one that say something; else nothing known.

    A name that is wholly open is a wrapper's parameter or a stored one, whose events the tree's own text leaves out.
    """
    fixed = [
        part.value
        for part in ast.walk(name)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    return ".*".join(["", *map(re.escape, fixed), ""]) if any(len(part) > 3 for part in fixed) else r"(?!)"


def seeded(repo: str, root: Path, sites: Sites, *, is_text: bool) -> Iterator[Asked]:
    """The questions of a tree: at every name and every sending method of an event that is wholly read."""
    events: defaultdict[str, list[Site]] = defaultdict(list)
    for site in sites.read:
        events[site.event].append(site)
    for event, its in events.items():
        if any(pattern.fullmatch(event) for pattern in sites.unread):
            continue
        sent = frozenset(site.at for site in its if site.kind == "send")
        handlers = frozenset(site.handler for site in its if site.handler)
        declared = frozenset(site.declared for site in its if site.declared)
        if not sent or not handlers:
            continue
        # A class or a signal is declared where it is bound; of a text's constant nobody says that it must be told.
        must = sent | handlers | (frozenset() if is_text else declared)
        for site in its:
            path = site.at[0]
            start = site.name.lineno, site.name.col_offset + isinstance(site.name, ast.Constant)
            text = ast.get_source_segment((root / path).read_text("utf-8"), site.name) or ""
            yield Asked(repo, "implementation", path, *start, text, handlers, handlers)
            yield Asked(repo, "references", path, *start, text, must, must | declared)
            if site.kind == "send":
                yield Asked(repo, "definition", path, *site.method, handlers, handlers)
