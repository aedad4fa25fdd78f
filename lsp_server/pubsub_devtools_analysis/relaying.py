"""Sites that hand on what others publish: `for event in self.events: bus.dispatch(event)` speaks of no event of its own.

All that is known of such an event is the class that every one descends from. It would be an event that nobody publishes,
so these sites are guesses, as long as the class is a base of other events and is neither made nor named there.
"""

from __future__ import annotations

import msgspec

from pubsub_devtools_analysis.facts import AnyExpr, Attr, Call, FileFacts, Name
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.values import Class, Instance, Str


def relayed(finder: Finder, drafts: list[Draft]) -> list[Draft]:
    """The drafts, those of base classes guesses where the class is neither made nor named."""
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
    return {finder.workspace.symbol(b.path, b.key) for b in above if isinstance(b, Class)} & events


def _is_relay(finder: Finder, draft: Draft) -> bool:
    """Whether the call at a site hands over something that is only known to be an event."""
    facts = finder.workspace.facts(draft.path)
    call = next((c for c in facts.calls if c.span == draft.span), None) if facts is not None else None
    if facts is None or call is None or draft.kind == "declare":
        return False
    given = (*call.args, *(value for _, value in call.keywords))
    return not any(_is_named(finder, draft, facts, call, expr) for expr in given)


def _is_named(finder: Finder, draft: Draft, facts: FileFacts, call: Call, expr: AnyExpr) -> bool:
    """Whether an argument is the class by its name, or an object made of it."""
    name = expr.id if isinstance(expr, Name) else expr.name if isinstance(expr, Attr) else ""
    if isinstance(draft.name, Str) and name and name == draft.name.text.rpartition(".")[2]:
        return True
    values = finder.evaluator.eval(finder.evaluator.at_call(draft.path, facts, call), expr)
    return any(isinstance(v, Instance) and v.call is not None for v in values)
