"""The migrations between versions of events that the code registers, and whether they lead from one to another.

Only those of an `EventMigrator` count. A method of that name on what is plainly something else (a table of the
database's, a plugin's) is none; an object that cannot be followed is taken for a migrator, of whatever event.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from pubsub_devtools_analysis.facts import Attr, CallRef, Import, Lit, Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pubsub_devtools.model import Event
    from pubsub_devtools_analysis.checks.context import Context
    from pubsub_devtools_analysis.facts import AnyExpr, Call, FileFacts

_NAME = "register_migration"
_MIGRATOR = "EventMigrator"
_KEYS = ("from_version", "to_version")


class Step(NamedTuple):
    """A migration. An event that is empty, or no text, may be any; an empty version is one that cannot be read."""

    event: str
    start: str
    end: str


class Migrations:
    """All migrations that the workspace registers.

    One whose versions cannot be read may lead anywhere: then all versions of its event count as connected.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def leads(self, event: Event, start: str, end: str) -> bool:
        """Whether there is a way from one version of an event to another."""
        names = {"", event.name, *event.aliases}
        none: tuple[Step, ...] = ()
        known = self._context.memo.get(("migrations", "workspace", ""), self._steps, none)
        steps = [step for step in known if step.event in names]
        reached, grown = {start}, True
        while grown:
            new = {step.end for step in steps if step.start in reached} - reached
            reached |= new
            grown = bool(new)
        return end in reached or not all(step.start and step.end for step in steps)

    def _steps(self) -> tuple[Step, ...]:
        memo, none = self._context.memo, tuple[Step, ...]()
        return tuple(
            step
            for path in self._context.holding.files(_NAME)
            for step in memo.get(("migrations", path, ""), partial(self._of_file, path), none)
        )

    def _of_file(self, path: str) -> tuple[Step, ...]:
        facts = self._context.facts(path)
        if facts is None:
            return ()
        calls = (facts.calls[index] for index in facts.called.get(_NAME, ()))
        return tuple(step for call in calls for step in _steps(self._context, path, facts, call))


def _steps(context: Context, path: str, facts: FileFacts, call: Call) -> Iterator[Step]:
    owner = call.func.base if isinstance(call.func, Attr) else None
    made = _made(context, path, facts, owner)
    if made is not None and made.name != _MIGRATOR:
        return
    given = dict(call.keywords)
    event = given.get("event", made.args[0] if made is not None and made.args else None)
    start, end = (_text(given.get(key)) for key in _KEYS)
    yield Step(_text(event), start, end)


def _made(context: Context, path: str, facts: FileFacts, owner: AnyExpr | None) -> Call | None:
    """The call that makes the object on which a method is called: at once, in this module, or in the one imported."""
    if isinstance(owner, CallRef):
        return facts.calls[owner.index]
    bindings = facts.scopes[0].names.get(owner.id, ()) if isinstance(owner, Name) else ()
    value = bindings[0].value if len(bindings) == 1 else None
    if isinstance(value, Import) and value.name and not value.level:
        target = context.modules.resolve(value.module, path)
        there = context.facts(target) if target is not None and not target.endswith("/") else None
        return _bound(there, value.name) if there is not None else None
    return facts.calls[value.index] if isinstance(value, CallRef) else None


def _bound(facts: FileFacts, name: str) -> Call | None:
    bindings = facts.scopes[0].names.get(name, ())
    value = bindings[0].value if len(bindings) == 1 else None
    return facts.calls[value.index] if isinstance(value, CallRef) else None


def _text(expr: AnyExpr | None) -> str:
    return expr.value if isinstance(expr, Lit) and isinstance(expr.value, str) else ""
