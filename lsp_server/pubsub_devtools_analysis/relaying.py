"""Sites that hand on what others publish: `for event in self.events: bus.dispatch(event)` speaks of no event of its own.

All that is known of such an event is the class that every one descends from. It would be an event that nobody publishes,
so these sites are guesses, as long as the class is a base of other events and none of it is made there.
"""

from __future__ import annotations

import msgspec

from pubsub_devtools_analysis.evaluation import last_name
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.values import Class, Function, Instance, Str, Value


def relayed(finder: Finder, drafts: list[Draft]) -> list[Draft]:
    """The drafts, those of base classes guesses where what is handed over was made elsewhere."""
    bases = _bases(finder, drafts)
    return [
        msgspec.structs.replace(draft, certainty="guess")
        if isinstance(draft.name, Str) and draft.name.text in bases and _is_relay(finder, draft)
        else draft
        for draft in drafts
    ]


def _bases(finder: Finder, drafts: list[Draft]) -> set[str]:
    """The events of hand-written buses that other events descend from."""
    events = {
        d.name.text for d in drafts if d.dialect in finder.known.handwritten and isinstance(d.name, Str)
    }
    classes = [finder.classes[name] for name in sorted(events & finder.classes.keys())]
    above = {base for cls in classes for base in finder.evaluator.ancestors(cls)[1:]}
    return {_symbol(finder, base) for base in above if isinstance(base, Class)} & events


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
