"""A type in the words of Python, for messages: ``int``, ``list[str] | None``, ``Literal['a', 'b']``."""

from __future__ import annotations

from pubsub_devtools.model.field_type import (
    Anything,
    Array,
    Choice,
    FieldType,
    Limits,
    Map,
    Record,
    Ref,
    Scalar,
    Tuple,
    Union,
    Unknown,
)

__all__ = ["spell", "spell_limits"]

_SHOWN = 6
"""An enum of hundreds of values does not help in a message."""


def spell(type_: FieldType) -> str:
    """Return the type as Python writes it, without its limits.

    Example:
        >>> spell(Map(Scalar("str"), Array("list", Record("Item"))))
        'dict[str, list[Item]]'
        >>> spell(Union((Choice(("new", "paid")), Scalar("null"))))
        "Literal['new', 'paid'] | None"
    """
    match type_:
        case Anything():
            return "Any"
        case Unknown(name=name):
            return name or "unknown"
        case Scalar(name=name):
            return "None" if name == "null" else name
        case Choice(values=values):
            more = ", ..." if len(values) > _SHOWN else ""
            return f"Literal[{', '.join(map(repr, values[:_SHOWN]))}{more}]"
        case Array(of=of, items=items):
            return f"{of}[{spell(items)}{', ...' if of == 'tuple' else ''}]"
        case Tuple(items=items):
            return f"tuple[{', '.join(map(spell, items)) or '()'}]"
        case Map(key=key, value=value):
            return f"dict[{spell(key)}, {spell(value)}]"
        case Union(members=members):
            return " | ".join(map(spell, members))
        case Record(name=name) | Ref(name=name):
            return name


def spell_limits(limits: Limits) -> str:
    """Return the limits as Python writes them.

    Example:
        >>> spell_limits(Limits(ge=0, max_length=3))
        'ge=0, max_length=3'
    """
    given = ((name, getattr(limits, name)) for name in limits.__struct_fields__)
    return ", ".join(f"{name}={value!r}" for name, value in given if value is not None)
