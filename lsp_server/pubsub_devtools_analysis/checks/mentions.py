"""Whether code speaks of an event in a way that the graph does not show: then a missing side is not sure to be missing.

The graph has the sites that could be followed. A signal handed to a function, kept in an attribute or looked up in a
table may be sent or connected there too. So before a check says that a side is missing, it looks at every use of the
words that the event goes by.
"""

from __future__ import annotations

import ast
import re
from functools import partial
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks.balance import VARIABLES
from pubsub_devtools_analysis.facts import AnyExpr, Attr, Name
from pubsub_devtools_analysis.layout import is_test

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Event, Kind, Place
    from pubsub_devtools_analysis.checks.context import Context

Use = tuple[int, int, int, int]
"""Where an expression begins and ends."""

_UNDOING = frozenset({"disconnect", "unsubscribe", "off", "remove_listener"})
_HARMLESS: dict[Kind, frozenset[str]] = {
    "publish": _UNDOING | {"connect", "connect_via", "subscribe", "on"},
    "handle": _UNDOING | {"send", "send_robust", "asend", "asend_robust", "emit"},
}
"""By the side that is missing: methods of an event that are plainly of the other side, or take something back."""

_SENT_BY_TEXT = re.compile(rb"\bimport_string\([\s\S]{0,400}?\.a?send(_robust)?\b")
"""A signal that is imported by a text, which a template or a setting holds: it may be any."""


class Mentions:
    """The uses of events' words in files that are no tests."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of(self, event: Event, missing: Kind) -> bool:
        """Whether a use of one of the event's words remains that is none of its sites and may be the missing side."""
        if missing == "publish" and event.transport in VARIABLES and self._context.speaks_of(_SENT_BY_TEXT):
            return True
        places = _places(self._context, event)
        words = _words(self._context, event, places)
        files = {path for word in words for path in self._context.holding.files(word) if not is_test(path)}
        own = {(place.path, place) for place in places}
        return any(
            not any(path == file and _is_in(use, place) for file, place in own)
            for path in sorted(files)
            for use in self._uses(path, tuple(sorted(words)), event, missing)
        )

    def _uses(self, path: str, words: tuple[str, ...], event: Event, missing: Kind) -> tuple[Use, ...]:
        asked, none = (words, event.name, event.transport in VARIABLES, missing), tuple[Use, ...]()
        return self._context.memo.get(("uses", path, asked), partial(self._in_file, path, *asked), none)

    def _in_file(
        self, path: str, words: tuple[str, ...], name: str, is_variable: bool, missing: Kind
    ) -> tuple[Use, ...]:
        data = self._context.text(path)
        if not any(word.encode("utf-8", "surrogatepass") in data for word in words):
            return ()
        nodes = _uses(self._context.tree(path), set(words), name, _HARMLESS[missing], is_variable=is_variable)
        return tuple((n.lineno, n.col_offset, n.end_lineno or 0, n.end_col_offset or 0) for n in nodes)


def _places(context: Context, event: Event) -> list[Place]:
    sites = [site for site in context.index.sites_of(event.id) if not site.origin]
    return [place for site in sites for place in (site.place, site.registered) if place is not None]


def _words(context: Context, event: Event, places: list[Place]) -> set[str]:
    """The variable of a signal; any other event's name, and the constants that stand in the calls."""
    if event.transport in VARIABLES:
        return {event.name.rpartition(".")[2]}
    words = {event.name}
    for place in places:
        call = context.call(place)
        for expr in (*call.args, *(v for _, v in call.keywords)) if call is not None else ():
            name = _last(expr)
            if name.isupper() and len(name) > 3:
                words.add(name)
    return {word for word in words if word}


def _last(expr: AnyExpr) -> str:
    return expr.name if isinstance(expr, Attr) else expr.id if isinstance(expr, Name) else ""


def _uses(
    tree: ast.Module, words: set[str], name: str, methods: frozenset[str], *, is_variable: bool
) -> Iterator[ast.expr]:
    """The expressions that mean one of the words, other than in a list, under these methods, or where it is defined.

    A signal is a variable: text that reads like its name means it only where something is looked up by that.
    """
    harmless: set[int] = _not_looked_up(tree) if is_variable else set()
    local = set(words)
    for node in ast.walk(tree):
        if isinstance(node, ast.alias) and node.asname and node.name in words:
            local.add(node.asname)
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            harmless.update(map(id, node.elts))
        elif isinstance(node, ast.Attribute) and node.attr in methods:
            harmless.add(id(node.value))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            harmless.update(_defining(node.value, words | {name}))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute | ast.Constant) and id(node) not in harmless:
            word = (
                node.id
                if isinstance(node, ast.Name)
                else node.attr
                if isinstance(node, ast.Attribute)
                else node.value
            )
            if word in local and not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
                yield node


def _not_looked_up(tree: ast.Module) -> set[int]:
    """Text that is no argument of a call and no key: the name of an action in a log, a choice, a message."""
    asked: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            asked.update(id(value) for value in (*node.args, *(k.value for k in node.keywords)))
        elif isinstance(node, ast.Subscript):
            asked.add(id(node.slice))
    return {id(n) for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in asked}


def _defining(value: ast.expr, names: set[str]) -> set[int]:
    """The constant that names the event where it is assigned, alone or as an argument of what makes it."""
    is_asked = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "getattr"
    parts = [value, *value.args] if isinstance(value, ast.Call) and not is_asked else [value]
    return {id(part) for part in parts if isinstance(part, ast.Constant) and part.value in names}


def _is_in(use: Use, place: Place) -> bool:
    """Whether an expression lies in a site of its file: anywhere in a call, and on the decorators of a handler."""
    return (place.line, place.column) <= use[:2] and use[2:] <= (place.end_line, place.end_column)
