"""A site before it is placed, and a call as a pattern sees it."""

from __future__ import annotations

import msgspec

from pubsub_devtools.model import Certainty, Kind
from pubsub_devtools_analysis.dialect import EventSpec, Message
from pubsub_devtools_analysis.evaluation import At, mentions
from pubsub_devtools_analysis.facts import (
    Call,
    FileFacts,
    Span,
)
from pubsub_devtools_analysis.values import (
    Argument,
    Bound,
    Function,
    Joined,
    Made,
    Method,
    Unknown,
    Value,
    Values,
)

SKIPPED = Unknown("skipped")
CONFIGURED = "configured"
"""The reason of a site that is found through a bus which the user has described."""
BY_NAME = "configured-name"
"""The same, but what the function was called on is not known."""
ONLY = "only-wrapper"
"""The reason of a site that is found since only one wrapper has the name that it calls."""
GUESSED = frozenset({ONLY, BY_NAME})


class Draft(msgspec.Struct, frozen=True):
    """A site before it is placed: `name` is a text, a pattern, or still a parameter; `handler` the handling function.

    `scope` is the key of the scope around the site, `steps` the wrappers on the way to the framework.
    """

    kind: Kind
    dialect: str
    transport: str
    name: Value
    path: str
    span: Span
    scope: str
    handler: Value | None = None
    certainty: Certainty = "sure"
    reason: str = "call"
    steps: tuple[tuple[str, str, int], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    payload: Value | None = None
    receiver: Value | None = None
    call: int = -1
    here: bool = False
    form: EventSpec | None = None
    message: Message | None = None


class Given(msgspec.Struct, frozen=True):
    """A call as a pattern sees it: where, its arguments, its receiver, and the function it decorates."""

    path: str
    facts: FileFacts
    call: Call | None
    at: At
    span: Span
    scope: str
    receiver: Value | None
    target: str
    index: int = -1
    decorated: Function | None = None
    handler: Values | None = None
    bound: tuple[tuple[Argument, Values], ...] = ()


def is_open(draft: Draft) -> bool:
    """Whether a draft waits for a caller."""
    return mentions(draft.name) or (draft.handler is not None and mentions(draft.handler))


def owns_handler(draft: Draft, function: Function) -> bool:
    """Whether a draft's handler is a function nested in this one."""
    return isinstance(draft.handler, Function) and draft.handler.key.startswith(function.key + ".")


def closed_under(draft: Draft, prefixes: tuple[str, str], own: bool) -> bool:
    """Whether every parameter that a draft waits for is one of the function's own (or it stands in its own body)."""
    if own:
        return True
    waiting = [a for v in (draft.name, draft.handler) if v is not None for a in parameters(v)]
    return bool(waiting) and all(a.key == prefixes[0] for a in waiting)


def parameters(value: Value) -> list[Argument]:
    """The parameters that a value waits for."""
    match value:
        case Argument():
            return [value]
        case Joined(parts=parts):
            return [a for p in parts for a in parameters(p)]
        case Method(owner=owner) | Bound(owner=owner):
            return parameters(owner)
        case Made(names=names):
            return [a for n in names for a in parameters(n)]
        case _:
            return []
