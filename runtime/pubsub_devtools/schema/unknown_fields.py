"""A field that an event class does not have is a slip of whoever constructs it, and pydantic would pass over it in silence.

Only the constructor asks: what comes from elsewhere may be of a newer version, and is read with its unknown fields left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import AliasChoices

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from pubsub_devtools.schema.event import BaseEvent


def refuse_unknown(cls: type[BaseEvent], given: Iterable[str]) -> None:
    """Refuse names that are neither fields nor aliases of a class.

    A class that says ``extra`` itself, or has a validator that sees the names before they become fields, knows what it takes.

    Raises:
        TypeError: A name is unknown; the message says which are known.
    """
    if cls.model_config.get("extra") is not None or _reads_names_itself(cls):
        return
    known = {name for field, info in cls.model_fields.items() for name in _names(field, info)}
    if unknown := [name for name in given if name not in known]:
        import difflib  # noqa: PLC0415 - only a mistake needs it

        near = difflib.get_close_matches(unknown[0], known, n=1)
        hint = f": did you mean {near[0]!r}?" if near else "."
        fields = ", ".join(cls.model_fields) or "none"
        raise TypeError(f"{cls.__name__} has no field {unknown[0]!r}{hint} Its fields are: {fields}")


def _reads_names_itself(cls: type[BaseEvent]) -> bool:
    validators = cls.__pydantic_decorators__.model_validators.values()
    return any(validator.info.mode in ("before", "wrap") for validator in validators)


def _names(field: str, info: FieldInfo) -> list[str]:
    alias = info.validation_alias
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
    paths = [
        choice if isinstance(choice, str) else choice.path[0] for choice in choices if choice is not None
    ]
    return [field, *(path for path in paths if isinstance(path, str))]
