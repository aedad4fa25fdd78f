"""Events that an object collects for the bus to fetch."""

from __future__ import annotations

import re
from collections.abc import Container

from pubsub_devtools_analysis.dialect import EventSpec
from pubsub_devtools_analysis.evaluation import Evaluator
from pubsub_devtools_analysis.facts import Attr
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.shapes.words import DIALECT
from pubsub_devtools_analysis.values import Argument, Class, Instance, Value

_COLLECTIONS = re.compile(
    r"^_*(?:domain_|pending_|new_|uncommitted_|recorded_|collected_)*(?:events|messages)$"
)


def collecting(
    evaluator: Evaluator, finder: Finder, path: str, bases: set[Class], also: Container[str] = ()
) -> list[Draft]:
    """`self.events.append(Event(...))`: a publish, once a bus is known that handles such events.

    `also` are names of attributes that collect events whatever they are called.
    """
    facts = evaluator.workspace.facts(path)
    found: list[Draft] = []
    for name in ("append", "add"):
        for index in evaluator.workspace.calls(path, name) if facts is not None else ():
            if facts is None:
                continue
            call = facts.calls[index]
            base = call.func.base if isinstance(call.func, Attr) else None
            if not isinstance(base, Attr) or len(call.args) != 1:
                continue
            if base.name not in also and not _COLLECTIONS.match(base.name):
                continue
            for value in evaluator.eval(evaluator.at_call(path, facts, call), call.args[0]):
                text: Value | None = value if isinstance(value, Argument) else None
                if isinstance(value, Instance) and bases & set(evaluator.ancestors(value.cls)):
                    text = finder.class_name(value.cls, EventSpec(class_="path"))
                if text is not None:
                    scope = facts.scopes[call.scope].key
                    found.append(Draft("publish", DIALECT, DIALECT, text, path, call.span, scope,
                                       certainty="likely", reason="collected"))  # fmt: skip
    return found
