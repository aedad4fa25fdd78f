"""Unions and choices in one canonical form, so that equal types are equal values whatever the order they were written in."""

from __future__ import annotations

from collections.abc import Iterable

from pubsub_devtools.model.field_type import Choice, ChoiceValue, FieldType, Scalar, Union
from pubsub_devtools.schema.spelling import spell

__all__ = ["NULL", "choice_of", "literal_of", "optional", "union_of"]

NULL = Scalar("null")


def union_of(members: Iterable[FieldType]) -> FieldType:
    """Return the union of the members: flat, choices merged, each once, in one order, ``null`` last.

    Args:
        members: At least one type; unions among them are dissolved.

    Returns:
        The member itself where only one is left.

    Raises:
        ValueError: There is no member, and so no value that could be of the type.

    Example:
        >>> spell(union_of([NULL, Scalar("str"), union_of([Scalar("int"), Scalar("str")])]))
        'int | str | None'
        >>> union_of([Scalar("int")])
        Scalar(name='int', limits=Limits(ge=None, gt=None, le=None, lt=None, multiple_of=None, min_length=None, max_length=None, pattern=None))
    """
    values: list[ChoiceValue] = []
    others: dict[FieldType, None] = {}
    for member in _flat(members):
        if isinstance(member, Choice):
            values.extend(member.values)
        else:
            others[member] = None
    kept = [*others, *([choice_of(values)] if values else [])]
    if not kept:
        raise ValueError("a union needs at least one member")
    kept.sort(key=_rank)
    return kept[0] if len(kept) == 1 else Union(tuple(kept))


def optional(type_: FieldType) -> FieldType:
    """Return the type or ``null``.

    Example:
        >>> spell(optional(Scalar("int")))
        'int | None'
    """
    return union_of((type_, NULL))


def choice_of(values: Iterable[ChoiceValue]) -> Choice:
    """Return the choice among these values: sorted by type and value, each once. ``1`` and ``True`` are two values.

    Example:
        >>> choice_of(["b", 2, "a", True, "b", 1]).values
        (True, 1, 2, 'a', 'b')
    """
    distinct = {(type(value).__name__, value): value for value in values}
    return Choice(tuple(distinct[key] for key in sorted(distinct, key=_value_rank)))


def literal_of(values: Iterable[ChoiceValue | None]) -> FieldType:
    """Return the type of ``Literal[...]``, where ``None`` may stand among the values.

    Example:
        >>> spell(literal_of(["a", None]))
        "Literal['a'] | None"
    """
    given = list(values)
    plain = [value for value in given if value is not None]
    choices: list[FieldType] = [choice_of(plain)] if plain else []
    return union_of([*choices, NULL] if len(plain) < len(given) else choices)


def _value_rank(key: tuple[str, ChoiceValue]) -> tuple[str, ChoiceValue]:
    return key  # the type's name comes first, so values of different types are never compared


def _flat(members: Iterable[FieldType]) -> Iterable[FieldType]:
    for member in members:
        if isinstance(member, Union):
            yield from _flat(member.members)
        else:
            yield member


def _rank(member: FieldType) -> tuple[bool, str, str]:
    return member == NULL, spell(member), repr(member)
