"""What stands beside a type in ``Annotated``, or at its field as ``Field(...)``: limits, aliases, a default."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import msgspec

from pubsub_devtools.model.field_type import Limits
from pubsub_devtools.schema.from_annotations.reading import constant, dotted, keywords
from pubsub_devtools.schema.limiting import limits_from

__all__: list[str] = []

_POSITIONAL = {
    "Ge": ("ge",),
    "Gt": ("gt",),
    "Le": ("le",),
    "Lt": ("lt",),
    "MultipleOf": ("multiple_of",),
    "MinLen": ("min_length",),
    "MaxLen": ("max_length",),
    "Len": ("min_length", "max_length"),
    "Interval": (),
    "StringConstraints": (),
    "Field": (),
    "Meta": (),
}


class Note(msgspec.Struct, frozen=True):
    """What metadata says of the value and of its field. ``init`` is whether the field can be given at all."""

    limits: Limits = Limits()
    aliases: tuple[str, ...] = ()
    default: bool = False
    init: bool = True


def note_of(nodes: Iterable[ast.expr]) -> Note:
    """Return what several pieces of metadata say together."""
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    named = [pair for call in calls for pair in _limits(call)]
    fields = [call for call in calls if _name(call) in {"Field", "field"}]
    return Note(
        limits=limits_from(named),
        aliases=next((found for call in reversed(fields) if (found := _aliases(call))), ()),
        default=any(_gives_default(call) for call in fields),
        init=not any(_is(keywords(call).get("init"), False) for call in fields),
    )


def is_field(node: ast.expr) -> bool:
    """Whether a field's assigned value describes the field rather than being its default."""
    return isinstance(node, ast.Call) and _name(node) in {"Field", "field"}


def _name(call: ast.Call) -> str:
    return dotted(call.func).rpartition(".")[2]


def _limits(call: ast.Call) -> Iterable[tuple[str, object]]:
    order = _POSITIONAL.get(_name(call))
    if order is None:
        return
    for name, node in (*zip(order, call.args, strict=False), *keywords(call).items()):
        yield name, constant(node)


def _aliases(call: ast.Call) -> tuple[str, ...]:
    given = keywords(call)
    node = given.get("validation_alias") or given.get("alias")
    if isinstance(node, ast.Call) and _name(node) == "AliasChoices":
        texts = [constant(argument) for argument in node.args]
    else:
        texts = [constant(node)] if node else []
    return tuple(text for text in texts if isinstance(text, str))


def _gives_default(call: ast.Call) -> bool:
    given = keywords(call)
    plain = call.args[0] if call.args and _name(call) == "Field" else given.get("default")
    return bool({"default_factory", "factory"} & given.keys()) or (plain is not None and not _is(plain, ...))


def _is(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
