"""Whole pieces of code: a handler, a schema, a saga, in the way of the file's own framework."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pubsub_devtools_analysis.queries.completion.item import Item

if TYPE_CHECKING:
    from pubsub_devtools_analysis.queries.completion.complete import Asked

_OURS = "pubsub_devtools"
_SCHEMA = '@event_schema(name="${1:Name}", version="1.0.0")\nclass ${1:Name}(BaseEvent):\n    """${2:What has happened.}"""\n\n    ${3:field}: ${4:str}\n$0'
_SAGA = (
    '@saga("${1:Name}")\nclass ${1:Name}:\n    """${2:What it brings about.}"""\n\n'
    '    @step(compensating_action="${4:undo}")\n    @event_handler(${3:Event})\n'
    "    def ${5:do}(self, event: ${3:Event}) -> None:\n        $0\n\n    def ${4:undo}(self, event: ${3:Event}) -> None:\n        ...\n"
)
_HANDLERS = {
    _OURS: "@event_handler(${1:Event})\ndef ${2:on_event}(event: ${1:Event}) -> None:\n    $0",
    "celery": "@shared_task\ndef ${1:task}(${2}):\n    $0",
    "django_signal": "@receiver(${1:signal})\ndef ${2:on_signal}(sender, **kwargs):\n    $0",
    "faststream": '@broker.subscriber("${1:topic}")\nasync def ${2:handle}(message: ${3:dict}) -> None:\n    $0',
    "dramatiq": "@dramatiq.actor\ndef ${1:actor}(${2}):\n    $0",
}


def snippets(asked: Asked) -> Iterator[Item]:
    """Those for the frameworks that this file uses, where a statement begins that is nothing but a word."""
    line = asked.text[
        max(asked.text.rfind("\n", 0, asked.offset), asked.text.rfind("\r", 0, asked.offset))
        + 1 : asked.offset
    ]
    if (
        asked.typed.kind != "name"
        or asked.typed.around.opened
        or line.strip() != asked.typed.text
        or not line.strip()
    ):
        return
    yield from (each for each in _offered(_used(asked)) if each.label.startswith(asked.typed.text))


def _offered(used: set[str]) -> Iterator[Item]:
    for dialect, text in _HANDLERS.items():
        if dialect in used:
            yield _snippet("handler", f"A handler ({dialect})", text)
    if _OURS in used:
        yield _snippet("schema", "An event with its schema", _SCHEMA)
        yield _snippet("saga", "A saga with a step", _SAGA)


def _used(asked: Asked) -> set[str]:
    """The frameworks that this file imports; where it imports none, those of its folder."""
    imported: list[str] = re.findall(r"^[ \t]*(?:from|import)[ \t]+(\w+)", asked.text, re.M)
    known = {"django": "django_signal"}
    here = {known.get(name, name) for name in imported} & _HANDLERS.keys()
    if here:
        return here
    folder = asked.path.rpartition("/")[0]
    return {site.dialect for site in asked.index.graph.sites if site.place.path.rpartition("/")[0] == folder}


def _snippet(label: str, detail: str, text: str) -> Item:
    return Item(label, "snippet", text, detail, snippet=True, order=(9,))
