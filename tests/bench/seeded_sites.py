"""Event sites of Home Assistant and wagtail by plain reading, so that answers there can be judged exactly.

This shares no code with the analysis. An event that something unread may belong to is left out.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench.plain_reading import Module, Reader, last_name
from tests.bench.positions import Asked, Place

SENDS = frozenset(["async_dispatcher_send", "dispatcher_send"])
CONNECTS = frozenset(["async_dispatcher_connect", "dispatcher_connect"])
_TESTS = re.compile(r"(^|/)(tests?|testing)(/|$)|(^|/)(test_\w*|conftest)\.py$")


class Site(NamedTuple):
    """A call that sends or connects: which event, where it is named and declared, where its method stands, its handler."""

    event: str
    kind: str
    at: Place
    name: ast.expr
    method: tuple[int, int, str]
    handler: Place | None
    declared: Place | None


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
        method = last_name(call.func)
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
            if last_name(call.func) == "receiver" and call.args
            else getattr(call.func, "value", None)
        )
        there = reader.origin(module, name.id) if isinstance(name, ast.Name) else None
        if not isinstance(name, ast.Name) or there is None or there[0] is not own:
            continue
        method = last_name(call.func)
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
        is_read = is_judged(path) and word in file.read_text("utf-8")
        module = reader.module(path) if is_read else None
        nodes = ast.walk(module.tree) if module else ()
        yield from ((module, node) for node in nodes if module and isinstance(node, ast.Call))


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
        method = last_name(call.func)
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
