"""What a handler can read of its event: attributes and keys of its message, where no annotation tells a Python server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pubsub_devtools_analysis.queries.completion.item import Item
from pubsub_devtools_analysis.queries.completion.payload import known_fields

if TYPE_CHECKING:
    from pubsub_devtools.model import Site
    from pubsub_devtools_analysis.queries.completion.complete import Asked

_DEF = re.compile(r"^([ \t]*)(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(([^()]*(?:\([^()]*\)[^()]*)*)\)", re.M)
_GET = re.compile(r"\.(?:get|pop|setdefault)\Z")


class Function(NamedTuple):
    """A function around a cursor: its name, its parameters and how they are annotated, and the line of its `def`, from 1."""

    name: str
    parameters: dict[str, str]
    line: int


def enclosing(text: str, offset: int) -> Function | None:
    """The innermost function whose body an offset stands in, by indentation."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    line = text[start:offset]
    depth = len(line) - len(line.lstrip())
    found: Function | None = None
    for each in _DEF.finditer(text, 0, start):
        if len(each[1]) < depth or not line.strip():
            found = Function(each[2], _parameters(each[3]), text.count("\n", 0, each.start(2)) + 1)
    return found


def _parameters(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in re.split(r",(?![^\[]*\])", text):
        name, _, rest = each.strip().lstrip("*").partition(":")
        name = name.partition("=")[0].strip()
        if name.isidentifier() and name not in {"self", "cls"}:
            found[name] = rest.partition("=")[0].strip()
    return found


def fields_of_message(asked: Asked) -> Iterator[Item]:
    """The fields of the event that the function around the cursor handles, below what is typed already."""
    function = enclosing(asked.text, asked.offset)
    if function is None:
        return
    sites = [site for site in asked.handlers_here(function.name, function.line) if site.takes is None]
    below = _below(asked, function, sites)
    if below is None:
        return
    for site in sites:
        event = asked.index.events.get(site.event)
        if event is None:
            continue
        for at, (name, (written, _)) in enumerate(known_fields(asked, event).items()):
            rest = name.removeprefix(below)
            if name.startswith(below) and "." not in rest:
                yield Item(rest, "field", rest, written, event.id, name, order=(at,))


def _below(asked: Asked, function: Function, sites: list[Site]) -> str | None:
    """The field whose own fields are asked for, with a dot at its end; empty for the message itself; nothing otherwise."""
    typed, inner = asked.typed, asked.typed.inner
    if typed.kind == "attribute":
        base, is_attribute = typed.base, True
    elif typed.kind == "string" and inner is not None and inner.kind == "subscript":
        base, is_attribute = inner.callee, False
    elif (
        typed.kind == "string"
        and inner is not None
        and inner.kind == "call"
        and _GET.search(inner.callee)
        and not inner.given
    ):
        base, is_attribute = _GET.sub("", inner.callee), False
    else:
        return None
    root, *parts = base.replace("[]", "").split(".")
    if root not in function.parameters or (is_attribute and function.parameters[root] and not parts):
        return None
    read = {use.name for site in sites for use in site.reads}
    wraps = (
        0 if is_attribute or not parts or f"{parts[0]}" in {name.partition(".")[0] for name in read} else 1
    )
    return "".join(f"{part}." for part in parts[wraps:])
