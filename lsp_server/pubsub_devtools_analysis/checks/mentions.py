"""Whether code speaks of an event in a way that the graph does not show: then a missing side is not sure to be missing.

The graph has the sites that could be followed. A signal handed to a function, kept in an attribute or looked up in a
table may be sent or connected there too. So before a check says that a side is missing, it looks at every use of the
words that the event goes by.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.checks.balance import VARIABLES
from pubsub_devtools_analysis.facts import AnyExpr, Attr, Name
from pubsub_devtools_analysis.layout import is_test

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pubsub_devtools.model import Event, Kind, Place
    from pubsub_devtools_analysis.checks.context import Context

_UNDOING = frozenset({"disconnect", "unsubscribe", "off", "remove_listener"})
_HARMLESS: dict[Kind, frozenset[str]] = {
    "publish": _UNDOING | {"connect", "connect_via", "subscribe", "on"},
    "handle": _UNDOING | {"send", "send_robust", "asend", "asend_robust", "emit"},
}
"""By the side that is missing: methods of an event that are plainly of the other side, or take something back."""

_SENT_BY_TEXT = re.compile(rb"\bimport_string\([\s\S]{0,400}?\.a?send(_robust)?\b")
"""A signal that is imported by a text, which a template or a setting holds: it may be any."""


class Mentions:
    """The uses of some events' words in files that are no tests, found in one pass over all files."""

    def __init__(self, context: Context, events: Iterable[Event]) -> None:
        self._context = context
        self._places = {event.id: _places(context, event) for event in events}
        self._words = {event.id: _words(context, event, self._places[event.id]) for event in events}
        self._files = _files(context, {word for words in self._words.values() for word in words})

    def of(self, event: Event, missing: Kind) -> bool:
        """Whether a use of one of the event's words remains that is none of its sites and may be the missing side."""
        if missing == "publish" and event.transport in VARIABLES and self._context.speaks_of(_SENT_BY_TEXT):
            return True
        words, places = self._words[event.id], self._places[event.id]
        return any(
            not any(_is_in(node, path, place) for place in places)
            for path in sorted({path for word in words for path in self._files[word]})
            for node in _uses(self._context.tree(path), words, event, _HARMLESS[missing])
        )


def _places(context: Context, event: Event) -> list[Place]:
    sites = [site for site in context.index.sites_of(event.id) if not site.origin]
    return [place for site in sites for place in (site.place, site.registered) if place is not None]


def _words(context: Context, event: Event, places: list[Place]) -> set[str]:
    """The variable of a signal; any other event's name, and the constants that stand in the calls."""
    if event.transport in VARIABLES:
        return {event.name.rpartition(".")[2]}
    words = {event.name}
    for place in places:
        found = context.call(place)
        for expr in (*found[1].args, *(v for _, v in found[1].keywords)) if found is not None else ():
            name = _last(expr)
            if name.isupper() and len(name) > 3:
                words.add(name)
    return {word for word in words if word}


def _last(expr: AnyExpr) -> str:
    return expr.name if isinstance(expr, Attr) else expr.id if isinstance(expr, Name) else ""


def _files(context: Context, words: set[str]) -> dict[str, list[str]]:
    """For each word the files in which it stands."""
    found: dict[str, list[str]] = {word: [] for word in words}
    wanted = [(word, word.encode("utf-8", "surrogatepass")) for word in sorted(words)]
    for path in context.sources.paths if wanted else ():
        data = None if is_test(path) else context.sources.text(path)
        for word, form in wanted if data is not None else ():
            if form in (data or b""):
                found[word].append(path)
    return found


def _uses(tree: ast.Module, words: set[str], event: Event, methods: frozenset[str]) -> Iterator[ast.expr]:
    """The expressions that mean one of the words, other than in a list, under these methods, or where it is defined.

    A signal is a variable: text that reads like its name means it only where something is looked up by that.
    """
    harmless: set[int] = set() if event.transport not in VARIABLES else _not_looked_up(tree)
    local = set(words)
    for node in ast.walk(tree):
        if isinstance(node, ast.alias) and node.asname and node.name in words:
            local.add(node.asname)
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            harmless.update(map(id, node.elts))
        elif isinstance(node, ast.Attribute) and node.attr in methods:
            harmless.add(id(node.value))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            harmless.update(_defining(node.value, words | {event.name}))
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


def _is_in(node: ast.expr, path: str, place: Place) -> bool:
    """Whether an expression lies in a site: anywhere in a call, and on the decorators of a handler."""
    if path != place.path:
        return False
    start, end = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
    return (place.line, place.column) <= start and end <= (place.end_line, place.end_column)
