"""Values: what an enum, a `Literal` or a flag can be, versions, the names of a saga's steps and compensations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pubsub_devtools.model import Event
from pubsub_devtools.model.field_type import Choice, FieldType, Record, RecordField, Scalar, Union
from pubsub_devtools_analysis.queries.completion.item import Item

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pubsub_devtools_analysis.queries.brackets import Open
    from pubsub_devtools_analysis.queries.completion.complete import Asked

_METHOD = re.compile(r"^[ \t]+(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\([ \t]*self\b", re.M)
_VERSIONED = {"event_schema": "version", "register_migration": "version"}


def of_field(asked: Asked, events: Iterable[Event], name: str) -> Iterator[Item]:
    """What a field can be, as it is written in code; within a string the strings alone."""
    in_string = asked.typed.kind == "string"
    for event in events:
        for field in _fields(event, name):
            for at, value in enumerate(_values(field.type)):
                if isinstance(value, str) and in_string:
                    yield Item(value, "value", value, field.name, event.id, name, order=(at,))
                elif not in_string:
                    yield Item(repr(value), "value", repr(value), field.name, event.id, name, order=(at,))


def _fields(event: Event, name: str) -> Iterator[RecordField]:
    for schema in event.schemas[-1:]:
        if isinstance(schema.type, Record):
            yield from (each for each in schema.type.fields if each.name == name)


def _values(type_: FieldType) -> Iterator[bool | int | float | str | None]:
    match type_:
        case Choice(values=values):
            yield from values
        case Scalar(name="bool"):
            yield from (True, False)
        case Scalar(name="null"):
            yield None
        case Union(members=members):
            for member in members:
                yield from _values(member)
        case _:
            pass


def versions(asked: Asked, opened: Open) -> Iterator[Item]:
    """Versions where a schema or a migration is declared: those that there are, and the next."""
    called = opened.callee.rpartition(".")[2]
    if opened.name.removeprefix("from_").removeprefix("to_") != _VERSIONED.get(called):
        return
    for event in asked.index.graph.events:
        known = [each.version for each in event.schemas if each.version]
        for at, version in enumerate(dict.fromkeys(reversed(known))):
            yield Item(version, "value", asked.quoted(version), event.name, event.id, order=(1, at))
        if known:
            following = _next(known[-1])
            yield Item(
                following,
                "value",
                asked.quoted(following),
                f"after {known[-1]} of {event.name}",
                event.id,
                order=(0,),
            )


def _next(version: str) -> str:
    """The version after one: of `1.2.3` it is `1.3.0`, of `v2` it is `v3`."""
    parts = version.split(".")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        return f"{parts[0]}.{int(parts[1]) + 1}.0"
    found = re.search(r"\d+\Z", version)
    return version if found is None else f"{version[: found.start()]}{int(found[0]) + 1}"


def compensations(asked: Asked, opened: Open) -> Iterator[Item]:
    """The methods of the saga around the cursor, where the action that undoes a step is named."""
    if opened.name not in {"compensating_action", "compensation"}:
        return
    taken = {step.compensation for saga in asked.index.graph.sagas for step in saga.steps}
    start = asked.text.rfind("\nclass ", 0, asked.offset) + 1
    end = asked.text.find("\nclass ", asked.offset)
    for at, found in enumerate(_METHOD.finditer(asked.text, start, end if end >= 0 else len(asked.text))):
        if not found[1].startswith("__"):
            yield Item(
                found[1],
                "function",
                asked.quoted(found[1]),
                "undoes the step",
                order=(int(found[1] in taken), at),
            )
