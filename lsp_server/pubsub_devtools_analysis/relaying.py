"""Sites that hand on what others publish: `for event in self.events: bus.dispatch(event)` speaks of no event of its own.

All that is known of such an event is the class that every one descends from. It would be an event that nobody publishes,
so these sites are guesses, as long as the class is a base of other events and none of it is made there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec

from pubsub_devtools_analysis.evaluation import last_name
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.values import Class, Function, Instance, Str, Value


class Classes(Protocol):
    """The classes of the workspace, by name."""

    def get(self, key: str, /) -> Class | None:
        """The class of this name."""
        ...


def relayed(finder: Finder, drafts: Iterable[Draft], is_base: Callable[[str], bool]) -> tuple[Draft, ...]:
    """The drafts, those of base classes guesses where what is handed over was made elsewhere.

    `is_base` tells whether an event of a hand-written bus is a class that others of its events descend from.
    """
    return tuple(
        msgspec.structs.replace(draft, certainty="guess")
        if isinstance(draft.name, Str) and is_base(draft.name.text) and _is_relay(finder, draft)
        else draft
        for draft in drafts
    )


def events_of_buses(finder: Finder, drafts: Iterable[Draft]) -> frozenset[str]:
    """The events of hand-written buses among some drafts."""
    buses = finder.known.handwritten
    return frozenset(d.name.text for d in drafts if d.dialect in buses and isinstance(d.name, Str))


def bases(finder: Finder, events: Iterable[str], classes: Classes) -> frozenset[str]:
    """The classes that some events descend from."""
    known = [cls for event in sorted(events) if (cls := classes.get(event)) is not None]
    above = {base for cls in known for base in finder.evaluator.ancestors(cls)[1:]}
    return frozenset(_symbol(finder, base) for base in above if isinstance(base, Class))


def _is_relay(finder: Finder, draft: Draft) -> bool:
    """Whether a site only hands over something that is known to be an event, or hears with what is to be implemented."""
    facts = finder.workspace.facts(draft.path) if draft.kind != "declare" else None
    call = next((c for c in facts.calls if c.span == draft.span), None) if facts is not None else None
    if facts is None or call is None:
        return False
    given = (*call.args, *(value for _, value in call.keywords))
    if draft.kind == "handle":
        is_named = any(last_name(expr) == _text(draft).rpartition(".")[2] for expr in given)
        return not is_named and _is_unimplemented(finder, draft.handler)
    at = finder.evaluator.at_call(draft.path, facts, call)
    values = [v for expr in given for v in finder.evaluator.eval(at, expr) if isinstance(v, Instance)]
    own = [v for v in values if _symbol(finder, v.cls) == _text(draft)]
    return bool(own) and all(v.call is None for v in own)


def _is_unimplemented(finder: Finder, handler: Value | None) -> bool:
    """Whether a handler is a method that others override."""
    if not isinstance(handler, Function) or not finder.is_method(handler):
        return False
    return finder.is_abstract(handler, Class(handler.path, handler.key.rpartition(".")[0]))


def _symbol(finder: Finder, cls: Class) -> str:
    return finder.workspace.symbol(cls.path, cls.key)


def _text(draft: Draft) -> str:
    return draft.name.text if isinstance(draft.name, Str) else ""
