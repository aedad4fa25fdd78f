"""Checks of what users declare, made where they declare it; each message says which argument is wrong and what it may be."""

from __future__ import annotations

import math
from typing import cast


def whole(place: str, name: str, value: object, least: int) -> None:
    """Refuse what is no whole number, or a smaller one.

    Raises:
        TypeError: It is no int.
        ValueError: It is less than ``least``.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{place}({name}={value!r}): {name} is a whole number")
    if value < least:
        raise ValueError(f"{place}({name}={value!r}): {name} is at least {least}")


def at_least(place: str, name: str, value: object, least: float) -> None:
    """Refuse what is no finite number, or a smaller one.

    Raises:
        TypeError: It is no number.
        ValueError: It is less than ``least``, infinite or no number at all.
    """
    _number(place, name, value)
    if not (math.isfinite(cast("float", value)) and cast("float", value) >= least):
        raise ValueError(f"{place}({name}={value!r}): {name} is finite, and at least {least}")


def positive(place: str, name: str, value: object) -> None:
    """Refuse what is no finite number above zero.

    Raises:
        TypeError: It is no number.
        ValueError: It is zero, negative, infinite or no number at all.
    """
    _number(place, name, value)
    if not (math.isfinite(cast("float", value)) and cast("float", value) > 0):
        raise ValueError(f"{place}({name}={value!r}): {name} is finite, and more than 0")


def errors(place: str, name: str, value: object) -> tuple[type[Exception], ...]:
    """Return exception classes as a tuple.

    Raises:
        TypeError: It is neither a subclass of Exception nor a tuple or list of such.
    """
    items = tuple(cast("list[object]", value)) if isinstance(value, tuple | list) else (value,)
    for item in items:
        if not (isinstance(item, type) and issubclass(item, Exception)):
            raise TypeError(f"{place}({name}=...): {item!r} is no subclass of Exception")
    return cast("tuple[type[Exception], ...]", items)


def choice(place: str, name: str, value: object, choices: tuple[str, ...]) -> None:
    """Refuse what is none of the choices.

    Raises:
        ValueError: It is none of them.
    """
    if value not in choices:
        raise ValueError(f"{place}({name}={value!r}): {name} is one of {', '.join(map(repr, choices))}")


def shared_name(place: str, value: object) -> None:
    """Refuse what names no shared state.

    Raises:
        TypeError: It is neither None nor a string.
        ValueError: It is empty.
    """
    if value is not None and not isinstance(value, str):
        raise TypeError(
            f"{place}(shared={value!r}): shared is the name under which processes share the state"
        )
    if value == "":
        raise ValueError(f"{place}(shared=''): shared is the name under which processes share the state")


def _number(place: str, name: str, value: object) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{place}({name}={value!r}): {name} is a number of type int or float")
