"""Tasks of one name, of which one takes the other's place: a part of PSD012."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.facts import Attr, CallRef, Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Finding, Site
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import AnyExpr, FileFacts


def taken(context: Context, sites: list[Site], name: str) -> Iterator[Finding]:
    """Tasks of one name in one service; a name that the module's path makes may stand for two copies of it."""
    ordered = sorted({site.place: site for site in sites}.values(), key=lambda site: site.place)
    plain = name.strip("`")
    for first, second in pairwise(ordered):
        one_file = first.place.path == second.place.path
        scopes = [context.scope(site) for site in (first, second)]
        if any(scope is None or scope.block != 0 for scope in scopes) or first.service != second.service:
            continue
        if one_file or not (plain.endswith(f".{first.symbol}") or _has_own_broker(context, first, second)):
            message = f"two tasks are called {name}: one takes the other's place"
            yield context.finding("PSD012", message, second, (first, "and this one"), severity="error")


def _has_own_broker(context: Context, *sites: Site) -> bool:
    """Whether a task's module makes the object that it is registered with: then its name is its process's own."""
    for site in sites:
        facts, index = context.function(site) or (None, 0)
        if facts is not None and any(_is_made_here(facts, d.value) for d in facts.scopes[index].decorators):
            return True
    return False


def _is_made_here(facts: FileFacts, decorator: AnyExpr) -> bool:
    func = facts.calls[decorator.index].func if isinstance(decorator, CallRef) else decorator
    base = func.base if isinstance(func, Attr) else None
    bindings = facts.scopes[0].names.get(base.id, ()) if isinstance(base, Name) else ()
    return any(isinstance(binding.value, CallRef) for binding in bindings)
