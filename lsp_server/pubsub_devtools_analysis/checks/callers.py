"""How frameworks call handlers, and whether a function can be called so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pubsub_devtools_analysis.facts import Name

if TYPE_CHECKING:
    from pubsub_devtools_analysis.facts import FileFacts, Param


class Caller(msgspec.Struct, frozen=True):
    """How a framework calls handlers: so many positional arguments, and whether any keywords may come besides.

    `by` are the methods that register such handlers, where the framework has others too. With `more` the publisher, or
    an annotation, may give further arguments.
    """

    positional: int
    keywords: bool = False
    what: str = "the message"
    by: tuple[str, ...] = ()
    more: bool = False


CALLERS = {
    "django_signal": Caller(0, True, "`sender` and `signal` by keyword, and whatever is sent"),
    "blinker": Caller(1, False, "the sender", more=True),
    "ha_bus": Caller(1, False, "the event"),
    "nats": Caller(1),
    "aio_pika": Caller(1, by=("consume",)),
    "pika": Caller(4, False, "channel, method, properties and body"),
    "pubsub_devtools": Caller(1, False, "the event", more=True),
}
"""Those that call every handler alike. Others inject what a parameter's name or annotation asks for."""


def given_parameters(facts: FileFacts, index: int) -> tuple[Param, ...]:
    """The parameters that a caller gives: those of a method without its object."""
    scope = facts.scopes[index]
    in_class = facts.scopes[scope.parent].kind == "class"
    static = any(isinstance(d.value, Name) and d.value.id == "staticmethod" for d in scope.decorators)
    takes_object = in_class and not static and scope.params and scope.params[0].kind == "p"
    return scope.params[1:] if takes_object else scope.params


def misfit(name: str, params: tuple[Param, ...], caller: Caller) -> str:
    """What keeps a function from being called so, in words; empty where nothing does."""
    needed = [p for p in params if p.kind == "p" and p.default is None]
    if caller.keywords:
        if any(p.kind == "**" for p in params):
            return ""
        return f"`{name}` must accept `**kwargs`: it is called with {caller.what}"
    if caller.positional > most_positional(params):
        return f"`{name}` must take {_count(caller.positional)}: it is called with {caller.what}"
    if len(needed) > caller.positional and not caller.more:
        return f"`{name}` takes {_count(len(needed))}, but is called with {caller.what} alone"
    return ""


def most_positional(params: tuple[Param, ...]) -> float:
    """How many positional arguments fit."""
    return float("inf") if any(p.kind == "*" for p in params) else sum(p.kind == "p" for p in params)


def _count(number: int) -> str:
    return "one argument" if number == 1 else f"{number} arguments"
