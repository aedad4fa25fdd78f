"""Declarations that follow from use: the enum, the record of constants or the class that an event's name or payload is.

`hass.send(Signal.STARTED)` makes the members of `Signal` declarations, since such a class is a catalogue of events.
A plain class of constants is not: it holds other settings as well. A bus that carries message classes makes each of them one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import msgspec

from pubsub_devtools_analysis.facts import FileFacts, Span
from pubsub_devtools_analysis.matching import Draft, Finder
from pubsub_devtools_analysis.shared import Noted
from pubsub_devtools_analysis.values import Class, Constant, Made, Str, Value, Values


class Catalogue(Protocol):
    """What the evaluation came across: constants by their dotted paths, and classes that are events."""

    constants: Noted[Constant]
    classes: Noted[Class]


def implied(finder: Finder, drafts: Iterable[Draft], catalogue: Catalogue) -> tuple[Draft, ...]:
    """The declarations that each of these drafts implies."""
    found: list[Draft] = []
    handwritten = finder.known.handwritten
    for draft in drafts:
        if draft.kind == "declare" or not isinstance(draft.name, Str):
            continue
        constant = catalogue.constants.get(draft.name.origin) if draft.name.origin else None
        cls = catalogue.classes.get(draft.name.text) if draft.dialect in handwritten else None
        if constant is not None:
            found.extend(of_constant(finder, draft, constant))
        if cls is not None:
            found.append(of_class(finder, draft, cls))
    return tuple(dict.fromkeys(found))


def agreed(drafts: Iterable[Draft]) -> list[Draft]:
    """Each declaration once: the first, or the first sure one if it is likely."""
    found: dict[tuple[str, Span, str], Draft] = {}
    for each in drafts:
        if isinstance(each.name, Str):
            key = (each.path, each.span, each.name.text)
            first = found.setdefault(key, each)
            if first.transport == each.transport and (first.certainty, each.certainty) == ("likely", "sure"):
                found[key] = each
    return list(found.values())


def of_class(finder: Finder, draft: Draft, cls: Class) -> Draft:
    """A message class."""
    scope = finder.workspace.get(cls.path, cls.key)
    return msgspec.structs.replace(declaration(draft, draft.name, cls.path, scope.span, cls.key), payload=cls)


def of_constant(finder: Finder, draft: Draft, constant: Constant) -> list[Draft]:
    """The constant that a name was taken from, with its siblings where the whole is a catalogue."""
    facts = finder.workspace.facts(constant.path)
    if facts is None:
        return []
    if constant.call >= 0:
        return of_record(finder, draft, constant, facts)
    try:
        scope = finder.workspace.get(constant.path, constant.owner)
    except KeyError:
        return []
    cls = Class(constant.path, constant.owner)
    if constant.name == "__name__":
        return [of_class(finder, draft, cls)] if is_handwritten(finder, draft) else []
    names = list(scope.names)
    found: list[Draft] = []
    for name in names:
        values = finder.evaluator.own_member(cls, name) or ()
        texts = [v for v in values if isinstance(v, Str)] or annotated(finder, draft, values)
        bindings = scope.names.get(name)
        if texts and bindings:
            line = bindings[-1].line
            found.append(declaration(draft, texts[0], constant.path, (line, 0, line, 0), constant.owner))
    return found


def annotated(finder: Finder, draft: Draft, values: Values) -> list[Str]:
    """The events of hand-written signals that a class declares by annotations alone: `started: Hook`."""
    if not is_handwritten(finder, draft):
        return []
    names = [name for v in values if isinstance(v, Made) and v.dialect == draft.dialect for name in v.names]
    return [name for name in names if isinstance(name, Str) and name.origin]


def is_handwritten(finder: Finder, draft: Draft) -> bool:
    """Whether a draft is a site of a bus of the workspace's own."""
    dialect = finder.known.dialects.get(draft.dialect)
    return dialect is not None and dialect.is_handwritten


def of_record(finder: Finder, draft: Draft, constant: Constant, facts: FileFacts) -> list[Draft]:
    """The keywords of a `SimpleNamespace(...)`."""
    call = facts.calls[constant.call]
    found: list[Draft] = []
    for (name, _), line in zip(call.keywords, call.lines, strict=False):
        texts = [
            v
            for v in finder.evaluator.record_attribute(constant.path, constant.call, name)
            if isinstance(v, Str)
        ]
        if texts:
            found.append(declaration(draft, texts[0], constant.path, (line, 0, line, 0), constant.owner))
    return found


def declaration(draft: Draft, name: Value, path: str, span: Span, scope: str) -> Draft:
    """A declaration in the dialect that uses the name."""
    return Draft(
        "declare",
        draft.dialect,
        draft.transport,
        name,
        path,
        span,
        scope,
        certainty=draft.certainty,
        reason="used",
    )
